package library

import (
	"bytes"
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
)

// Held is a file that a channel on this laptop has here, or had.
type Held struct {
	channel.LocalFile // as the channel declares it

	Title   string // of a resource or topic that has it
	Bytes   int64  // on the disk; 0 when it is gone
	Missing bool
}

// Unreadable is a channel whose database cannot be read.
type Unreadable struct {
	ID  channel.ID
	Err error // a *fault.Fault that says why
}

// Census answers the files that channels hold: those that lie in the content
// folder, verified or not, and those that were verified once and are gone. They
// come in the order of their checksums, each once. No ids stand for all
// channels; of those, the ones that cannot be read are named, while a channel
// that was asked for by its id is an error then.
func (l *Library) Census(ctx context.Context, ids []channel.ID) ([]Held, []Unreadable, error) {
	all := len(ids) == 0
	if all {
		var err error
		if ids, err = l.databases(); err != nil {
			return nil, nil, err
		}
	}
	expected, err := l.Expected(ctx)
	if err != nil {
		return nil, nil, err
	}
	c := census{library: l, seen: map[stored]bool{}, expected: expected}
	var bad []Unreadable
	for _, id := range ids {
		tree, err := l.Tree(ctx, id)
		switch {
		case err == nil:
			c.add(tree)
		case all && unreadable(err):
			bad = append(bad, Unreadable{id, err})
		default:
			return nil, nil, err
		}
	}
	slices.SortFunc(c.held, func(a, b Held) int { return bytes.Compare(a.Checksum[:], b.Checksum[:]) })
	return c.held, bad, nil
}

type census struct {
	library  *Library
	expected func(channel.LocalFile) bool
	seen     map[stored]bool
	held     []Held
}

func (c *census) add(tree *selection.Tree) {
	for i := range tree.Len() {
		for file := range tree.Files(i) {
			name := stored{file.Checksum, file.Extension}
			if c.seen[name] {
				continue
			}
			c.seen[name] = true
			info, err := lstatFile(file.In(c.library.Content()))
			switch {
			case err == nil:
				c.held = append(c.held, Held{LocalFile: file, Title: tree.Title(i), Bytes: info.Size()})
			case c.expected(file):
				c.held = append(c.held, Held{LocalFile: file, Title: tree.Title(i), Missing: true})
			}
		}
	}
}
