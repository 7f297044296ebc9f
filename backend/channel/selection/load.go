package selection

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"sync"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/fault"
)

// Load reads the whole tree of a channel. Its errors are those of db.Nodes,
// db.Files and db.Roles, BrokenTree for two nodes of one id, and
// DatabaseDamaged for a role without its file.
func Load(ctx context.Context, from *db.DB) (*Tree, error) {
	return load(ctx, from, fewRoles)
}

func load(ctx context.Context, from *db.DB, few int) (*Tree, error) {
	from.Warm(ctx)
	expected := from.Expect(ctx)
	l := newLoader(from.Metadata().ID, expected)
	if err := l.read(ctx, from, expected.Roles <= few); err != nil {
		return nil, err
	}
	l.group()
	return l.tree, nil
}

// fewRoles bounds how many roles are kept with the names of their nodes and files
// until both are known: that takes four times the memory.
const fewRoles = 100_000

// read reads the three tables, each of which can be read without the others, at once.
// Many roles are read when the others are there. Of several faults the one of the nodes
// counts first, and then that of the files, however fast each is found.
func (l *loader) read(ctx context.Context, from *db.DB, atOnce bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var others sync.WaitGroup
	var files, roles error
	others.Go(func() { files = l.readFiles(ctx, from) })
	if atOnce {
		l.early = make([]early, 0, l.roles)
		others.Go(func() { roles = readRoles(from.Roles(ctx), l.keep) })
	}
	nodes := l.readNodes(ctx, from)
	if nodes != nil {
		stop()
	}
	others.Wait()
	if err := cmp.Or(nodes, files, roles); err != nil {
		return err
	}
	if !atOnce {
		return l.readMany(ctx, from)
	}
	l.owned = [][]owned{make([]owned, 0, len(l.early))}
	for _, r := range l.early {
		if err := l.join(r, &l.owned[0]); err != nil {
			return err
		}
	}
	return nil
}

// readMany reads the roles in parts at once, when the nodes and files are there. Of
// several faults the one of the first part counts, however fast each is found.
func (l *loader) readMany(ctx context.Context, from *db.DB) error {
	parts := from.RolesInHalves(ctx, l.roles)
	l.owned = make([][]owned, len(parts))
	errs := make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		l.owned[i] = make([]owned, 0, l.roles/len(parts)+1)
		all.Go(func() { errs[i] = readRoles(part, func(r early) error { return l.join(r, &l.owned[i]) }) })
	}
	all.Wait()
	return cmp.Or(errs...)
}

func (l *loader) readNodes(ctx context.Context, from *db.DB) error {
	for n, err := range from.Nodes(ctx) {
		if err == nil {
			err = l.addNode(n)
		}
		if err != nil {
			return fmt.Errorf("load tree: %w", err)
		}
	}
	l.close(0)
	l.tree.titles.seal()
	l.tree.titles.open = nil
	return nil
}

// readFiles reads the stored files and makes them known by their checksums.
func (l *loader) readFiles(ctx context.Context, from *db.DB) error {
	for f, err := range from.Files(ctx) {
		if err != nil {
			return fmt.Errorf("load files: %w", err)
		}
		l.tree.files = append(l.tree.files, f)
	}
	l.files = newLookup(l.tree.files)
	return nil
}

func readRoles(from iter.Seq2[db.Role, error], each func(early) error) error {
	for r, err := range from {
		if err == nil {
			id, _ := pack(string(r.Node))
			err = each(early{id, r.File, role{
				supplementary: r.Supplementary, renders: r.Preset.Renderable(), thumbnail: r.Preset.Thumbnail(),
			}})
		}
		if err != nil {
			return fmt.Errorf("load roles: %w", err)
		}
	}
	return nil
}

// loader builds a tree.
type loader struct {
	tree  *Tree
	open  []int32 // the way from the root to the node that was added last
	files *lookup
	words map[string]int32 // where each kind and language is
	early []early
	roles int       // about so many
	owned [][]owned // by the part that they were read in
}

// newLoader makes room for what is expected at once: growing in steps would
// take as much again.
func newLoader(id channel.ID, expected db.Expected) *loader {
	return &loader{
		tree: &Tree{
			channel: id, nodes: make([]node, 0, expected.Nodes), byID: make(map[[16]byte]int32, expected.Nodes),
			files: make([]channel.LocalFile, 0, expected.Files),
		},
		roles: expected.Roles,
		words: map[string]int32{},
	}
}

// early is a role whose node and file are not looked for yet.
type early struct {
	id   [16]byte
	file channel.Checksum
	role role
}

// owned is a role whose node is not yet grouped.
type owned struct {
	node int32
	role role
}

func (l *loader) addNode(n db.Node) error {
	id, _ := pack(string(n.ID))
	index := int32(len(l.tree.nodes))
	if _, twin := l.tree.byID[id]; twin {
		return fault.New(fault.BrokenTree, "file", l.database(), "reason", "twins")
	}
	l.tree.byID[id] = index
	l.close(n.Depth)
	added := node{
		id: id, title: l.tree.titles.keep(n.Title), kind: l.word(string(n.Kind)), language: l.word(n.Language),
		depth: int32(n.Depth), topic: n.Kind == channel.Topic,
	}
	added.content, added.hasContent = pack(n.ContentID)
	if len(l.open) > 0 {
		added.parent = l.open[len(l.open)-1]
		added.ancestor = l.tree.farther(added.parent)
	}
	l.tree.nodes = append(l.tree.nodes, added)
	l.open = append(l.open, index)
	return nil
}

// close ends the open nodes that are as deep as the next one or deeper.
func (l *loader) close(depth int) {
	end := int32(len(l.tree.nodes))
	for len(l.open) > depth {
		last := len(l.open) - 1
		l.tree.nodes[l.open[last]].end = end
		l.open = l.open[:last]
	}
}

// word answers where the tree has the word.
func (l *loader) word(w string) int32 {
	at, known := l.words[w]
	if !known {
		at = int32(len(l.tree.words))
		l.tree.words = append(l.tree.words, w)
		l.words[w] = at
	}
	return at
}

func (l *loader) keep(r early) error {
	l.early = append(l.early, r)
	return nil
}

// join gives a role its node and its file. One of a node that the tree does not
// have serves nobody and is left out. It changes nothing but the list.
func (l *loader) join(r early, into *[]owned) error {
	index, ok := l.tree.byID[r.id]
	if !ok {
		return nil
	}
	if r.role.file, ok = l.files.find(r.file); !ok {
		return fault.New(fault.DatabaseDamaged, "file", l.database()).
			Because(fmt.Errorf("node %s has file %s, which has no record", unpack(r.id), r.file))
	}
	*into = append(*into, owned{node: index, role: r.role})
	return nil
}

func (l *loader) database() string { return string(l.tree.channel) + ".sqlite3" }

// group puts the roles of each node side by side: it counts them, gives each
// node its place, and fills the places.
func (l *loader) group() {
	nodes := l.tree.nodes
	next := make([]int32, len(nodes)+1)
	count := 0
	for _, part := range l.owned {
		count += len(part)
		for _, o := range part {
			next[o.node+1]++
			if n := &nodes[o.node]; n.leaf() && o.role.renders {
				n.renderable = true
			}
		}
	}
	for i := range nodes {
		next[i+1] += next[i]
		nodes[i].roles = next[i]
	}
	l.tree.roles = make([]role, count)
	for _, part := range l.owned {
		for _, o := range part {
			l.tree.roles[next[o.node]] = o.role
			next[o.node]++
		}
	}
}

// pack halves the memory of an id of 32 hexadecimal digits.
func pack(id string) (packed [16]byte, ok bool) {
	if len(id) != 2*len(packed) {
		return packed, false
	}
	_, err := hex.Decode(packed[:], []byte(id))
	return packed, err == nil
}

func unpack(id [16]byte) string { return hex.EncodeToString(id[:]) }
