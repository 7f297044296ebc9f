package library

import (
	"context"
	"crypto/sha256"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
)

// Comparison is what another version of a channel would change on this laptop.
type Comparison struct {
	selection.Difference

	Before, After *selection.Tree
	From, To      channel.Metadata
	// Unused are the files that are here for the old version, and that neither
	// the new one nor any other channel has.
	Unused      []channel.LocalFile
	UnusedBytes int64 // as the old version declares them
}

// Compare answers what the channel's version in an open database would change
// here. It changes nothing. Whoever has read the tree of that database already
// gives it, else nil. A channel that is not here is fault.ChannelNotHere.
func (l *Library) Compare(ctx context.Context, theirs *db.DB, tree *selection.Tree) (Comparison, error) {
	id := theirs.Metadata().ID
	ours, err := l.Open(ctx, id)
	if err != nil {
		return Comparison{}, err
	}
	defer func() { _ = ours.Close() }()
	c := Comparison{From: ours.Metadata(), To: theirs.Metadata(), After: tree}
	if c.Before, err = selection.Load(ctx, ours); err != nil {
		return Comparison{}, err
	}
	if c.After == nil {
		if c.After, err = selection.Load(ctx, theirs); err != nil {
			return Comparison{}, err
		}
	}
	here, err := l.Here(ctx)
	if err != nil {
		return Comparison{}, err
	}
	detailed, err := detailsDiffer(ctx, ours, theirs)
	if err != nil {
		return Comparison{}, err
	}
	c.Difference = selection.Compare(c.Before, c.After, here, detailed)
	return c, l.findUnused(ctx, &c, here)
}

// detailsDiffer answers a function that tells whether a node's details are
// others in the one database than in the other. What only one of them has
// columns for is no difference.
func detailsDiffer(ctx context.Context, ours, theirs *db.DB) (func(channel.NodeID) bool, error) {
	columns, err := ours.DetailColumns(ctx)
	if err != nil {
		return nil, err
	}
	known, err := theirs.DetailColumns(ctx)
	if err != nil {
		return nil, err
	}
	columns = slices.DeleteFunc(columns, func(column string) bool { return !slices.Contains(known, column) })
	before := map[channel.NodeID][sha256.Size]byte{}
	for d, err := range ours.Details(ctx, columns) {
		if err != nil {
			return nil, err
		}
		before[d.Node] = d.Sum
	}
	differ := map[channel.NodeID]bool{}
	for d, err := range theirs.Details(ctx, columns) {
		if err != nil {
			return nil, err
		}
		if sum, both := before[d.Node]; both && sum != d.Sum {
			differ[d.Node] = true
		}
	}
	return func(id channel.NodeID) bool { return differ[id] }, nil
}

// findUnused finds the files that nothing needs once the new version is here.
// While another channel cannot be read nobody knows what it shares, so none is.
func (l *Library) findUnused(ctx context.Context, c *Comparison, here func(channel.Checksum) bool) error {
	unused := map[channel.Checksum]channel.LocalFile{}
	for _, f := range c.Before.Stored() {
		if here(f.Checksum) {
			unused[f.Checksum] = f
		}
	}
	spare := func(tree *selection.Tree) {
		for _, f := range tree.Stored() {
			delete(unused, f.Checksum)
		}
	}
	spare(c.After)
	if len(unused) == 0 {
		return nil
	}
	others := remover{library: l, request: RemovalRequest{Channel: c.Before.Channel()}}
	if err := others.others(ctx, spare); err != nil {
		if fault.CodeOf(err) == fault.ListUnreadable {
			return nil
		}
		return err
	}
	for _, f := range c.Before.Stored() {
		if _, is := unused[f.Checksum]; is {
			c.Unused = append(c.Unused, f)
			c.UnusedBytes += max(f.Size, 0)
		}
	}
	return nil
}
