package selection

import (
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Options say what part of a channel a person means.
type Options struct {
	// Include names topics, with all below them, and resources. Nil means the
	// whole channel, an empty list nothing.
	Include []channel.NodeID
	// Exclude names what to leave out; it wins over Include.
	Exclude []channel.NodeID
	// AllFiles takes also the resources that no viewer shows.
	AllFiles bool
}

// Selection is a part of a channel.
type Selection struct {
	Resources int
	// Files are all files of the resources, in the order of the tree, then
	// those of the topics above them. Each stored file comes once.
	Files []File
	Bytes int64 // of the files; one of unknown size counts as nothing
}

// File is a stored file and one node that needs it.
type File struct {
	channel.LocalFile

	Title string
	Node  channel.NodeID
}

// Select answers the part of the channel that the options mean. An id that
// the channel does not have is NodeMissing.
func (t *Tree) Select(options Options) (*Selection, error) {
	included, err := t.cover(options.Include)
	if err != nil {
		return nil, err
	}
	excluded, err := t.cover(options.Exclude)
	if err != nil {
		return nil, err
	}
	s := &Selection{}
	taken := make([]bool, len(t.files))
	needed := make([]bool, len(t.nodes)) // topics above a chosen resource
	for i := range t.nodes {
		n := &t.nodes[i]
		chosen := (options.Include == nil || included[i]) && !excluded[i]
		if chosen && n.leaf() && (n.renderable || options.AllFiles) {
			s.Resources++
			t.take(s, i, taken)
			needed[n.parent] = true
		}
	}
	for i := len(t.nodes) - 1; i > Root; i-- {
		if needed[i] {
			needed[t.nodes[i].parent] = true
		}
	}
	for i, topic := range needed {
		if topic {
			t.take(s, i, taken)
		}
	}
	return s, nil
}

// take adds the files of the node that were not taken before.
func (t *Tree) take(s *Selection, index int, taken []bool) {
	needs := File{Title: t.nodes[index].title, Node: t.ID(index)}
	for _, r := range t.rolesOf(index) {
		if taken[r.file] {
			continue
		}
		taken[r.file] = true
		needs.LocalFile = t.files[r.file]
		s.Files = append(s.Files, needs)
		s.Bytes += max(0, needs.Size)
	}
}

// cover marks the nodes and all below them.
func (t *Tree) cover(ids []channel.NodeID) ([]bool, error) {
	covered := make([]bool, len(t.nodes))
	for _, id := range ids {
		index, ok := t.Find(id)
		if !ok {
			return nil, fault.New(fault.NodeMissing, "node", string(id), "channel", string(t.channel))
		}
		covered[index] = true
	}
	for i := Root + 1; i < len(covered); i++ {
		covered[i] = covered[i] || covered[t.nodes[i].parent]
	}
	return covered, nil
}
