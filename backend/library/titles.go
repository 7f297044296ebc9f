package library

import (
	"context"
	"encoding/hex"
	"iter"
	"os"
	"slices"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/i18n"
	"nectar/backend/store"
)

// The titles of a channel are kept as lines of text, a line for each topic and
// resource in the order of the tree: the folded title, the title, the topic
// that it is in, kind, language, id, and the files that show it, with tabs
// between. Going through all lines of a channel of 50,000 takes some
// milliseconds, in any script, for any part of a word; an index by words would
// only find their beginnings.

// linesAtOnce is how many lines one part has.
const linesAtOnce = 2000

// title is a line without the folded title.
type title struct {
	text, topic, kind, language, node string
	sums                              string // of the files that show it, one after the other
}

func parseTitle(line string) (t title, ok bool) {
	fields := [6]string{}
	rest := strings.TrimSuffix(line, "\n")
	for i := range fields {
		fields[i], rest, ok = strings.Cut(rest, "\t")
	}
	t = title{text: fields[0], topic: fields[1], kind: fields[2], language: fields[3], node: fields[4], sums: fields[5]}
	return t, !ok && rest == "" && len(t.node) == 32
}

// files answers the files that show the resource.
func (t title) files() []channel.Checksum {
	var files []channel.Checksum
	for rest := t.sums; len(rest) >= 32; rest = rest[32:] {
		var sum channel.Checksum
		if _, err := hex.Decode(sum[:], []byte(rest[:32])); err == nil {
			files = append(files, sum)
		}
	}
	return files
}

// titles answers the titles of a channel, and makes them where they are not
// those of its database.
func (l *Library) titles(ctx context.Context, id channel.ID) ([][]byte, error) {
	info, err := os.Lstat(id.DatabaseIn(l.Content()))
	if err != nil {
		return nil, l.notHere(id).Because(err)
	}
	known, err := l.store.TitlesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	of := store.Titles{Channel: id, FileSize: info.Size(), Modified: info.ModTime().UnixNano()}
	if len(known.Parts) > 0 && known.FileSize == of.FileSize && known.Modified == of.Modified {
		return known.Parts, nil
	}
	tree, err := l.Tree(ctx, id)
	if err != nil {
		return nil, err
	}
	parts := slices.Collect(titlesOf(tree))
	// They only spare work: where they cannot be stored, as in a process that
	// may not write, they are made again next time.
	_ = l.store.RememberTitles(ctx, of, slices.Values(parts))
	return parts, nil
}

// KeepTitles keeps the titles of a channel whose database is here, for whoever has read
// its tree, so that the first search is fast. Refresh does it as well.
func (l *Library) KeepTitles(ctx context.Context, tree *selection.Tree) error {
	info, err := os.Lstat(tree.Channel().DatabaseIn(l.Content()))
	if err != nil {
		return l.notHere(tree.Channel()).Because(err)
	}
	return l.keepTitles(ctx, tree, info.Size(), info.ModTime().UnixNano())
}

// keepTitles keeps the titles of a tree whose database has the size and time,
// so that the first search is fast.
func (l *Library) keepTitles(ctx context.Context, tree *selection.Tree, size, modified int64) error {
	kept, err := l.store.HasTitles(ctx, tree.Channel(), size, modified)
	if err != nil || kept {
		return err
	}
	// They only spare work.
	_ = l.store.RememberTitles(ctx, store.Titles{Channel: tree.Channel(), FileSize: size, Modified: modified}, titlesOf(tree))
	return nil
}

// titlesOf makes the titles of a tree, part by part.
func titlesOf(tree *selection.Tree) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var lines []byte
		for i := range tree.Len() {
			lines = appendTitle(lines, tree, i)
			if (i+1)%linesAtOnce == 0 || i+1 == tree.Len() {
				if !yield(lines) {
					return
				}
				lines = make([]byte, 0, len(lines))
			}
		}
	}
}

func appendTitle(lines []byte, tree *selection.Tree, i int) []byte {
	field := func(s string) {
		lines = append(lines, strings.ReplaceAll(s, "\t", " ")...)
		lines = append(lines, '\t')
	}
	field(i18n.Fold(tree.Title(i)))
	field(tree.Title(i))
	topic := ""
	if parent, ok := tree.Parent(i); ok {
		topic = tree.Title(parent)
	}
	field(topic)
	field(string(tree.Kind(i)))
	field(tree.Language(i))
	lines = append(lines, tree.ID(i)...)
	lines = append(lines, '\t')
	if tree.Kind(i) != channel.Topic {
		for file, supplementary := range tree.Files(i) {
			if !supplementary {
				lines = hex.AppendEncode(lines, file.Checksum[:])
			}
		}
	}
	return append(lines, '\n')
}
