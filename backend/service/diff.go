package service

import (
	"cmp"
	"context"

	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Diff is what an update would bring.
type Diff struct {
	library.Comparison

	// Notes says what each version brings, where the source tells it.
	Notes map[int64]string
}

// Bytes answers the bytes that an update would copy: the files of the new
// version that resources which are here lack. New resources are imported on
// their own.
func (d Diff) Bytes() int64 { return d.KeptBytes }

// NodesOf answers the resources at those places of a tree, without what they hold: as
// they are counted, so one at several places once.
func NodesOf(tree *selection.Tree, indexes []int) []Node {
	nodes := make([]Node, 0, len(indexes))
	for _, index := range indexes {
		nodes = append(nodes, Node{ID: tree.ID(index), ContentID: tree.ContentID(index), Kind: tree.Kind(index), Title: tree.Title(index)})
	}
	return lo.UniqBy(nodes, func(n Node) string { return cmp.Or(n.ContentID, string(n.ID)) })
}

// Diff answers what an update of a channel from a source would bring, and
// changes nothing. An older version at the source is fault.OlderVersion; the
// same version brings nothing.
func (s *Sources) Diff(ctx context.Context, person auth.Person, id channel.ID, reference string) (Diff, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return Diff{}, fault.New(fault.Forbidden)
	}
	here, err := s.library.Channel(ctx, id)
	if err != nil {
		return Diff{}, err
	}
	from, err := s.open(ctx, reference)
	if err != nil {
		return Diff{}, err
	}
	theirs, err := source.Borrow(ctx, from, id)
	if err != nil {
		return Diff{}, err
	}
	defer func() { _ = theirs.Close() }()
	if there := theirs.Metadata().Version; there < here.Version {
		info := from.Info()
		return Diff{}, fault.New(fault.OlderVersion, "channel", here.Name, "path", info.Path+info.URL, "there", there, "here", here.Version)
	}
	comparison, err := s.library.Compare(ctx, theirs.DB, nil)
	if err != nil {
		return Diff{}, err
	}
	return Diff{Comparison: comparison, Notes: notesOf(ctx, from, id, here.Version)}, nil
}

// notesOf answers what the source says of the versions after the one that is
// here. That it says nothing is no error.
func notesOf(ctx context.Context, from source.Source, id channel.ID, after int64) map[int64]string {
	notes := map[int64]string{}
	teller, is := from.(source.Finder)
	if !is {
		return notes
	}
	listings, err := teller.Lookup(ctx, string(id))
	if err != nil {
		return notes
	}
	for _, l := range listings {
		for version, note := range l.Notes {
			if l.ID == id && version > after {
				notes[version] = note
			}
		}
	}
	return notes
}
