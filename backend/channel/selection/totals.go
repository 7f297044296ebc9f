package selection

import "nectar/backend/channel"

// Totals counts, for every node by its index, what is at and below it. here
// tells whether a stored file is on this laptop; it is asked once for each.
// Nil means that none is.
//
// A resource counts when a viewer shows it or when it is available, which
// means that a file that is needed to show it is here. The sizes are those of
// the files that counted resources, and the topics between them and the node,
// have, and of any other file that is here; a file that several of them share
// is counted once.
//
// These are Kolibri's definitions: of a whole channel AvailableResources is
// its total_resource_count and AvailableSize its published_size, and what the
// sizes differ by is what an import of the channel would bring.
func (t *Tree) Totals(here func(channel.Checksum) bool) []channel.Totals {
	if here == nil {
		here = func(channel.Checksum) bool { return false }
	}
	present := t.present(here)
	totals := make([]channel.Totals, len(t.nodes))
	counts := t.countResources(totals, present)

	// A file adds its size at each node that has it. Where two of these,
	// neighbours in the order of the tree, come together, it was added once
	// too often, and so it is taken away there; the sums below are then right
	// for every subtree.
	last := make([]int32, len(t.files)) // the node before that has the file, plus one
	for i := range t.nodes {
		for _, r := range t.rolesOf(i) {
			if !counts[i] && !present[r.file] {
				continue
			}
			size := max(0, t.files[r.file].Size)
			addSize(&totals[i], size, present[r.file])
			if before := last[r.file]; before > 0 {
				addSize(&totals[t.common(before-1, int32(i))], -size, present[r.file])
			}
			last[r.file] = int32(i) + 1
		}
	}
	for i := len(t.nodes) - 1; i > Root; i-- {
		above := &totals[t.nodes[i].parent]
		above.Resources += totals[i].Resources
		above.AvailableResources += totals[i].AvailableResources
		above.Size += totals[i].Size
		above.AvailableSize += totals[i].AvailableSize
	}
	return totals
}

// countResources counts each resource at its own node, and answers which
// nodes' files count: those of counted resources and of the topics above.
func (t *Tree) countResources(totals []channel.Totals, present []bool) []bool {
	counts := make([]bool, len(t.nodes))
	for i := len(t.nodes) - 1; i >= Root; i-- {
		n := &t.nodes[i]
		if n.leaf() {
			available := t.available(i, present)
			if counts[i] = n.renderable || available; counts[i] {
				totals[i].Resources = 1
			}
			if available {
				totals[i].AvailableResources = 1
			}
		}
		if counts[i] {
			counts[n.parent] = true
		}
	}
	return counts
}

// present answers which of the files are here.
func (t *Tree) present(here func(channel.Checksum) bool) []bool {
	present := make([]bool, len(t.files))
	for i, f := range t.files {
		present[i] = here(f.Checksum)
	}
	return present
}

func (t *Tree) available(index int, present []bool) bool {
	for _, r := range t.rolesOf(index) {
		if !r.supplementary && present[r.file] {
			return true
		}
	}
	return false
}

func addSize(to *channel.Totals, size int64, present bool) {
	to.Size += size
	if present {
		to.AvailableSize += size
	}
}
