package selection

import (
	"slices"

	"nectar/backend/channel"
)

// Difference is what another version of a channel would change, by the
// definitions of Kolibri. Resources are named by their index: those that are
// New, Updated, Changed or Kept in the tree of the new version, those that are
// Deleted in that of the old one.
type Difference struct {
	// New are resources whose place the old version does not have.
	New []int
	// Fresh are those of New that did not only move: the ones that are counted.
	Fresh []int
	// Updated are resources that are here, and that the new version shows with
	// a file that is not.
	Updated []int
	// Deleted are resources that are here, and that the new version does not
	// have at any place where the old one had them.
	Deleted []int
	// Changed are other resources of both versions of which a title, a place, a
	// file or a detail is another.
	Changed []int
	// Kept are the resources that are here and that the new version has.
	Kept []int

	// The counts are those of different contents: a resource at two places
	// counts once, and one that only moved to a new place is not new.
	NewCount, UpdatedCount, DeletedCount, ChangedCount int
	// The bytes are those of files that are not here: of the new resources that
	// a viewer shows, and of the kept ones.
	NewBytes, KeptBytes int64
}

// Compare answers what the new version of a channel changes. here tells whether
// a stored file is on this laptop, and detailed whether the details of a node
// of both versions differ.
func Compare(old, updated *Tree, here func(channel.Checksum) bool, detailed func(channel.NodeID) bool) Difference {
	c := comparer{
		old: old, updated: updated, before: old.present(here), after: updated.present(here), detailed: detailed,
		installed: map[string]bool{}, newFiles: map[int32]bool{}, keptFiles: map[int32]bool{},
	}
	for i := range old.nodes {
		if old.nodes[i].leaf() {
			c.installed[old.contentOf(i)] = true
		}
	}
	c.compareNew()
	c.compareOld()
	return c.difference
}

type comparer struct {
	old, updated  *Tree
	before, after []bool // which files of the old and of the new version are here
	detailed      func(channel.NodeID) bool
	installed     map[string]bool // contents of the old version
	newFiles      map[int32]bool  // that were counted
	keptFiles     map[int32]bool
	difference    Difference
}

// compareNew looks at each resource of the new version.
func (c *comparer) compareNew() {
	fresh, updated, changed := map[string]bool{}, map[string]bool{}, map[string]bool{}
	d := &c.difference
	for i := range c.updated.nodes {
		n := &c.updated.nodes[i]
		if !n.leaf() {
			continue
		}
		content := c.updated.contentOf(i)
		j, inBoth := c.old.byID[n.id]
		if !inBoth {
			d.New = append(d.New, i)
			if !c.installed[content] {
				d.Fresh = append(d.Fresh, i)
				fresh[content] = true
			}
			if n.renderable {
				d.NewBytes += c.lacking(i, c.newFiles)
			}
			continue
		}
		before := int(j)
		isHere := c.old.nodes[before].leaf() && c.old.available(before, c.before)
		if isHere {
			d.Kept = append(d.Kept, i)
			d.KeptBytes += c.lacking(i, c.keptFiles)
		}
		switch {
		case isHere && c.needsFile(i):
			d.Updated = append(d.Updated, i)
			updated[content] = true
		case c.differs(before, i):
			d.Changed = append(d.Changed, i)
			changed[content] = true
		}
	}
	d.NewCount, d.UpdatedCount, d.ChangedCount = len(fresh), len(updated), len(changed)
}

// compareOld looks at each resource of the old version that is here.
func (c *comparer) compareOld() {
	stays := map[string]bool{}
	var gone []int
	for i := range c.old.nodes {
		n := &c.old.nodes[i]
		if !n.leaf() || !c.old.available(i, c.before) {
			continue
		}
		if _, still := c.updated.byID[n.id]; still {
			stays[c.old.contentOf(i)] = true
		} else {
			gone = append(gone, i)
		}
	}
	deleted := map[string]bool{}
	for _, i := range gone {
		if content := c.old.contentOf(i); !stays[content] {
			deleted[content] = true
			c.difference.Deleted = append(c.difference.Deleted, i)
		}
	}
	c.difference.DeletedCount = len(deleted)
}

// lacking answers the bytes of the node's files that are not here and were not
// counted before.
func (c *comparer) lacking(index int, counted map[int32]bool) (bytes int64) {
	for _, r := range c.updated.rolesOf(index) {
		if c.after[r.file] || counted[r.file] {
			continue
		}
		counted[r.file] = true
		bytes += max(0, c.updated.files[r.file].Size)
	}
	return bytes
}

// needsFile reports whether a file that shows the resource is not here.
func (c *comparer) needsFile(index int) bool {
	return slices.ContainsFunc(c.updated.rolesOf(index), func(r role) bool {
		return r.renders && !r.supplementary && !c.after[r.file]
	})
}

// differs reports whether people may notice that a resource has changed.
func (c *comparer) differs(before, after int) bool {
	a, b := &c.old.nodes[before], &c.updated.nodes[after]
	if c.old.Title(before) != c.updated.Title(after) || c.old.Kind(before) != c.updated.Kind(after) || c.old.nodes[a.parent].id != c.updated.nodes[b.parent].id {
		return true
	}
	return !slices.Equal(c.old.sums(before), c.updated.sums(after)) || c.detailed(c.updated.ID(after))
}

// sums answers the checksums of the node's files, in order.
func (t *Tree) sums(index int) []channel.Checksum {
	var sums []channel.Checksum
	for _, r := range t.rolesOf(index) {
		sums = append(sums, t.files[r.file].Checksum)
	}
	slices.SortFunc(sums, func(a, b channel.Checksum) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(sums)
}

// contentOf answers what the copies of a resource share; of one without that
// its own id.
func (t *Tree) contentOf(index int) string {
	if content := t.ContentID(index); content != "" {
		return content
	}
	return string(t.ID(index))
}
