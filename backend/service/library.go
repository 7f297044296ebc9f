package service

import (
	"context"
	"slices"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Library shows what is on this laptop.
type Library struct {
	library *library.Library
	trees   *trees
	space   func() (Space, error)
	show    func(ctx context.Context, resource db.Resource) error
}

// Node is a topic or resource with what it holds.
type Node struct {
	channel.Totals

	ID        channel.NodeID
	ContentID string
	Kind      channel.Kind
	Title     string
	Children  []Node
}

// Channels answers the channels on this laptop in their order.
func (l *Library) Channels(ctx context.Context, person auth.Person) ([]library.Channel, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	if err := l.library.Notice(ctx); err != nil {
		return nil, err
	}
	return l.library.Channels(ctx)
}

// Newer answers, of the channels on this laptop, those of which a source was
// seen that holds a later version.
func (l *Library) Newer(ctx context.Context, person auth.Person, channels []library.Channel) (map[channel.ID]library.Newer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	return l.library.Newer(ctx, channels)
}

// Search searches all channels on this laptop for topics and resources, and
// answers the best hits and how many there are in all.
func (l *Library) Search(ctx context.Context, person auth.Person, query library.Query) (hits []library.Hit, total int, err error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, 0, fault.New(fault.Forbidden)
	}
	return l.library.Search(ctx, query)
}

// Space measures the room for content.
func (l *Library) Space(person auth.Person) (Space, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return Space{}, fault.New(fault.Forbidden)
	}
	return l.space()
}

// Path answers the content folder.
func (l *Library) Path() string { return l.library.Content() }

// Reachable answers fault.ContentAway while the content folder is away, so that the
// channels which are in it are not here either; else nil.
func (l *Library) Reachable() error { return l.library.May(library.Reading) }

// Place says where the content folder is, and Own where it is when no other
// folder takes the place of our own.
func (l *Library) Place() (place library.Place, own string) {
	return l.library.Place(), l.library.Own()
}

// Tree answers a node of a channel with all that is below it down to the
// given depth: 1 for its children, a negative one for everything. The node ""
// is the root. The channel is read from this laptop, or from a source.
func (l *Library) Tree(ctx context.Context, person auth.Person, id channel.ID, node channel.NodeID, reference string, depth int) (Node, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return Node{}, fault.New(fault.Forbidden)
	}
	tree, err := l.tree(ctx, id, reference)
	if err != nil {
		return Node{}, err
	}
	if reference == "" {
		if err := l.library.NoticeIn(ctx, tree); err != nil {
			return Node{}, err
		}
	}
	here, err := l.library.Here(ctx)
	if err != nil {
		return Node{}, err
	}
	index := selection.Root
	if node != "" {
		var found bool
		if index, found = tree.Find(node); !found {
			return Node{}, fault.New(fault.NodeMissing, "node", string(node), "channel", string(id))
		}
	}
	return branch(tree, tree.Totals(here), index, depth), nil
}

// OpenResource shows a resource of a channel on this laptop to whoever sits at
// it. Its faults are ChannelNotHere, NodeMissing, NoViewer for what nothing
// here can show, ResourceNotHere, NoProgram, and those of files.
func (l *Library) OpenResource(ctx context.Context, person auth.Person, id channel.ID, node channel.NodeID) error {
	if !task.SignedIn.MayRead(person, nil) {
		return fault.New(fault.Forbidden)
	}
	resource, err := l.library.Resource(ctx, id, node)
	if err != nil {
		return err
	}
	if resource.Kind == channel.Topic || l.show == nil {
		return fault.New(fault.NoViewer, "title", resource.Title)
	}
	if !slices.ContainsFunc(resource.Files, func(f db.ResourceFile) bool { return !f.Supplementary }) {
		return fault.New(fault.ResourceNotHere, "title", resource.Title)
	}
	return l.show(ctx, resource)
}

func (l *Library) tree(ctx context.Context, id channel.ID, reference string) (*selection.Tree, error) {
	if reference == "" {
		return l.library.Tree(ctx, id)
	}
	return l.trees.load(ctx, reference, id)
}

func branch(tree *selection.Tree, totals []channel.Totals, index, depth int) Node {
	n := Node{
		Totals: totals[index], ID: tree.ID(index), ContentID: tree.ContentID(index),
		Kind: tree.Kind(index), Title: tree.Title(index),
	}
	if depth == 0 {
		return n
	}
	for child := range tree.Children(index) {
		n.Children = append(n.Children, branch(tree, totals, child, depth-1))
	}
	return n
}
