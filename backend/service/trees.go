package service

import (
	"context"
	"slices"
	"sync"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
)

// maxTrees is how many trees of channels at sources are kept: people go back
// and forth between a few, and a large one takes some 20 MB.
const maxTrees = 3

// trees loads the trees of channels at sources and keeps the last ones, so
// that ticking a box does not read a drive again.
type trees struct {
	open func(ctx context.Context, reference string) (source.Source, error)

	mu   sync.Mutex
	kept []keptTree // guarded by mu; the last used one first
}

type keptTree struct {
	reference string
	id        channel.ID
	tree      *selection.Tree
}

// load answers the tree of a channel at a source.
func (t *trees) load(ctx context.Context, reference string, id channel.ID) (*selection.Tree, error) {
	from, err := t.open(ctx, reference) // a kept tree must not hide that the drive is gone
	if err != nil {
		return nil, err
	}
	if tree := t.find(reference, id); tree != nil {
		return tree, nil
	}
	tree, err := sourceTree(ctx, from, id)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = slices.Insert(t.kept, 0, keptTree{reference, id, tree})
	t.kept = t.kept[:min(len(t.kept), maxTrees)]
	return tree, nil
}

func (t *trees) find(reference string, id channel.ID) *selection.Tree {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, k := range t.kept {
		if k.reference == reference && k.id == id {
			t.kept = slices.Insert(slices.Delete(t.kept, i, i+1), 0, k)
			return k.tree
		}
	}
	return nil
}

// forget drops the trees of a source that is looked at anew.
func (t *trees) forget(reference string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = slices.DeleteFunc(t.kept, func(k keptTree) bool { return k.reference == reference })
}

// sourceTree loads a channel's tree from a source.
func sourceTree(ctx context.Context, from source.Source, id channel.ID) (*selection.Tree, error) {
	database, err := source.Borrow(ctx, from, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = database.Close() }()
	return selection.Load(ctx, database.DB)
}
