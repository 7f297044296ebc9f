// Package selection holds a channel's tree in memory and answers what part of
// it a person means: which resources, which files, how many bytes, and how
// much of it is here already.
package selection

import (
	"iter"

	"nectar/backend/channel"
)

// Tree is the tree of one channel. It does not change and may be used
// concurrently. Nodes are known by their index in the order of the tree: the
// root is 0 and every node comes before all that is below it.
type Tree struct {
	channel channel.ID
	nodes   []node
	byID    map[[16]byte]int32
	titles  texts
	words   []string // kinds and languages

	files []channel.LocalFile // each stored file once
	roles []role              // grouped by node
}

// node keeps a topic or a resource small, and without a pointer: a tree of 50,000 has
// to fit into a laptop of 4 GB beside everything else.
type node struct {
	id, content [16]byte
	title       place
	kind        int32 // of the words
	language    int32 // of the words
	parent      int32 // of the root: 0
	ancestor    int32 // an ancestor further up, see climb.go
	end         int32 // the index after the last node below
	depth       int32
	roles       int32 // where its roles begin; they end where the next node's do
	topic       bool
	renderable  bool
	hasContent  bool
}

// role is a stored file in its use by a node.
type role struct {
	file          int32
	supplementary bool
	renders       bool // a viewer shows files in this role
	thumbnail     bool // a small picture that stands for the node
}

// Root is the index of the root.
const Root = 0

// Channel answers the id of the tree's channel.
func (t *Tree) Channel() channel.ID { return t.channel }

// Len answers the number of nodes.
func (t *Tree) Len() int { return len(t.nodes) }

// Find answers the index of a node.
func (t *Tree) Find(id channel.NodeID) (index int, ok bool) {
	key, ok := pack(string(id))
	if !ok {
		return 0, false
	}
	i, ok := t.byID[key]
	return int(i), ok
}

// ID answers the node's id.
func (t *Tree) ID(index int) channel.NodeID { return channel.NodeID(unpack(t.nodes[index].id)) }

// ContentID answers the id that the copies of a resource share, or "".
func (t *Tree) ContentID(index int) string {
	if n := &t.nodes[index]; n.hasContent {
		return unpack(n.content)
	}
	return ""
}

// Title answers the node's title.
func (t *Tree) Title(index int) string { return t.titles.at(t.nodes[index].title) }

// Kind answers the node's kind.
func (t *Tree) Kind(index int) channel.Kind { return channel.Kind(t.words[t.nodes[index].kind]) }

// Language answers the code of the node's language, or "".
func (t *Tree) Language(index int) string { return t.words[t.nodes[index].language] }

// Renderable reports whether the node is a resource that a viewer shows.
func (t *Tree) Renderable(index int) bool { return t.nodes[index].renderable }

// Parent answers the index of the node's parent; the root has none.
func (t *Tree) Parent(index int) (parent int, ok bool) {
	return int(t.nodes[index].parent), index != Root
}

// Children answers the indexes of the node's children in their order.
func (t *Tree) Children(index int) iter.Seq[int] {
	return func(yield func(int) bool) {
		end := int(t.nodes[index].end)
		for child := index + 1; child < end; child = int(t.nodes[child].end) {
			if !yield(child) {
				return
			}
		}
	}
}

// Files answers the files of the node itself; supplementary ones are not
// needed to show it.
func (t *Tree) Files(index int) iter.Seq2[channel.LocalFile, bool] {
	return func(yield func(file channel.LocalFile, supplementary bool) bool) {
		for _, r := range t.rolesOf(index) {
			if !yield(t.files[r.file], r.supplementary) {
				return
			}
		}
	}
}

// Thumbnail answers the small picture that stands for the node. It reports
// whether there is one.
func (t *Tree) Thumbnail(index int) (file channel.LocalFile, ok bool) {
	for _, r := range t.rolesOf(index) {
		if r.thumbnail {
			return t.files[r.file], true
		}
	}
	return channel.LocalFile{}, false
}

func (t *Tree) rolesOf(index int) []role {
	end := len(t.roles)
	if index+1 < len(t.nodes) {
		end = int(t.nodes[index+1].roles)
	}
	return t.roles[t.nodes[index].roles:end]
}

func (n *node) leaf() bool { return !n.topic }

// Stored answers the channel's stored files, each once. The list must not be
// changed.
func (t *Tree) Stored() []channel.LocalFile { return t.files }
