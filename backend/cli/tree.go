package cli

import (
	"context"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/wire"
)

type treeCommand struct {
	Channel string  `arg:"" help:"An id, or a name that only one channel has."`
	Node    string  `arg:"" optional:"" help:"The id of a topic, to show only what is below it."`
	From    *string `placeholder:"SOURCE" help:"Read the channel at this source, not on this laptop."`
}

// everything asks for a tree down to its leaves.
const everything = -1

func (c *treeCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.optionalReference(c.From)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		ids, err := f.findChannels(ctx, s, []string{c.Channel}, source)
		if err != nil {
			return err
		}
		node, err := c.node(ids[0])
		if err != nil {
			return err
		}
		found, err := s.Services.Library.Tree(ctx, s.Person, ids[0], node, source, everything)
		if err != nil {
			return err
		}
		root := f.maker.Node(found)
		return f.answer(root, func() string { return f.treeText(root) })
	})
}

func (c *treeCommand) node(id channel.ID) (channel.NodeID, error) {
	if c.Node == "" {
		return "", nil
	}
	node, err := channel.ParseNodeID(c.Node)
	if err != nil {
		return "", fault.New(fault.NodeMissing, "node", c.Node, "channel", string(id)).Because(err)
	}
	return node, nil
}

func (f *face) treeText(root wire.Node) string {
	t := table{columns: []column{
		{head: f.say.text("head.title"), flex: true},
		{head: f.say.text("head.kind")},
		{head: f.say.text("head.resources"), right: true},
		{head: f.say.text("head.size"), right: true},
		{head: f.say.text("head.here"), right: true},
		{head: f.say.text("head.id")},
	}}
	f.branch(&t, root, 0)
	return t.render(f.env.Width)
}

// branch adds the node and what is below it. The title is indented after it
// was made plain, which would trim it.
func (f *face) branch(t *table, n wire.Node, depth int) {
	t.add(n.Title, f.kind(n.Kind), f.say.number(int64(n.TotalResources)), f.say.bytes(n.Size),
		f.say.number(int64(n.AvailableResources)), n.ID)
	row := t.rows[len(t.rows)-1]
	row[0] = strings.Repeat("  ", depth) + row[0]
	for _, child := range n.Children {
		f.branch(t, child, depth+1)
	}
}

// kind says what a node is; kinds that we have no word for stand for
// themselves.
func (f *face) kind(kind string) string {
	key := "kind." + kind
	if text := f.say.text(key); text != key {
		return text
	}
	return kind
}
