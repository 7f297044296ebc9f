package selection

import (
	"slices"

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
	// Here, if set, leaves out what is not here: files of which it answers
	// false, and resources that lack all files that are needed to show them.
	Here func(channel.Checksum) bool
}

// Selection is a part of a channel.
type Selection struct {
	Resources int
	// Files are all files of the resources, in the order of the tree, then
	// those of the topics above them. Each stored file comes once.
	Files []File
	Bytes int64 // of the files; one of unknown size counts as nothing
}

// File is a stored file with the title of one node that needs it.
type File = channel.TitledFile

// With answers this part together with another one of the same channel, each
// file once. The resources are those of this one: what else is here is no news.
func (s *Selection) With(other *Selection) *Selection {
	both := &Selection{Resources: s.Resources, Bytes: s.Bytes, Files: slices.Clone(s.Files)}
	taken := make(map[channel.Checksum]bool, len(s.Files))
	for _, f := range s.Files {
		taken[f.Checksum] = true
	}
	for _, f := range other.Files {
		if !taken[f.Checksum] {
			both.Files = append(both.Files, f)
			both.Bytes += max(f.Size, 0)
		}
	}
	return both
}

// Select answers the part of the channel that the options mean. An id that
// the channel does not have is NodeMissing.
func (t *Tree) Select(options Options) (*Selection, error) {
	s := &Selection{}
	err := t.walk(options, func(resources, files int) {
		s.Resources, s.Files = resources, make([]File, 0, files)
	}, func(index int, file channel.LocalFile) {
		s.Files = append(s.Files, File{LocalFile: file, Title: t.Title(index)})
		s.Bytes += max(0, file.Size)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Measure answers how many resources and bytes Select would, without a list of
// the files, which takes much memory.
func (t *Tree) Measure(options Options) (resources int, bytes int64, err error) {
	err = t.walk(options,
		func(chosen, _ int) { resources = chosen },
		func(_ int, file channel.LocalFile) { bytes += max(0, file.Size) })
	return resources, bytes, err
}

// walk tells first how many resources the options mean, and how many files they
// have at most, and then of each file, once.
func (t *Tree) walk(options Options, begin func(resources, files int), each func(index int, file channel.LocalFile)) error {
	chosen, present, err := t.choose(options)
	if err != nil {
		return err
	}
	resources, roles := 0, 0
	for i := range chosen {
		if chosen[i] {
			resources++
			roles += len(t.rolesOf(i))
		}
	}
	begin(resources, min(roles, len(t.files)))
	taken := make([]bool, len(t.files))
	for i, here := range present {
		taken[i] = !here
	}
	take := func(index int) {
		for _, r := range t.rolesOf(index) {
			if !taken[r.file] {
				taken[r.file] = true
				each(index, t.files[r.file])
			}
		}
	}
	needed := make([]bool, len(t.nodes)) // topics above a chosen resource
	for i := range t.nodes {
		if chosen[i] {
			take(i)
			needed[t.nodes[i].parent] = true
		}
	}
	for i := len(t.nodes) - 1; i > Root; i-- {
		if needed[i] {
			needed[t.nodes[i].parent] = true
		}
	}
	for i, topic := range needed {
		if topic {
			take(i)
		}
	}
	return nil
}

// choose marks the resources that the options mean, and answers which files
// are here, nil for all.
func (t *Tree) choose(options Options) (chosen, present []bool, err error) {
	included, err := t.cover(options.Include)
	if err != nil {
		return nil, nil, err
	}
	excluded, err := t.cover(options.Exclude)
	if err != nil {
		return nil, nil, err
	}
	if options.Here != nil {
		present = t.present(options.Here)
	}
	chosen = make([]bool, len(t.nodes))
	for i := range t.nodes {
		n := &t.nodes[i]
		chosen[i] = n.leaf() && (n.renderable || options.AllFiles) &&
			(options.Include == nil || included[i]) && !excluded[i] &&
			(present == nil || t.available(i, present))
	}
	return chosen, present, nil
}

// Shortest answers the fewest nodes that mean the same resources as the
// options: a topic stands for all below it when each resource there is meant.
// They come in the order of the tree.
func (t *Tree) Shortest(options Options) ([]channel.NodeID, error) {
	chosen, _, err := t.choose(options)
	if err != nil {
		return nil, err
	}
	meant, all := make([]int, len(t.nodes)), make([]int, len(t.nodes))
	for i := len(t.nodes) - 1; i >= Root; i-- {
		if t.nodes[i].leaf() {
			all[i] = 1
		}
		if chosen[i] {
			meant[i] = 1
		}
	}
	for i := len(t.nodes) - 1; i > Root; i-- {
		parent := t.nodes[i].parent
		all[parent] += all[i]
		meant[parent] += meant[i]
	}
	var shortest []channel.NodeID
	for i := Root; i < len(t.nodes); {
		switch meant[i] {
		case 0:
			i = int(t.nodes[i].end)
		case all[i]:
			shortest = append(shortest, t.ID(i))
			i = int(t.nodes[i].end)
		default:
			i++
		}
	}
	return shortest, nil
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
