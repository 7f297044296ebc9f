package selection

import (
	"cmp"
	"maps"
	"slices"

	"nectar/backend/channel"
)

// maxLanguages bounds the list of languages; there are 286 in all.
const maxLanguages = 300

// Describe adds to what a channel says of itself the languages of its
// resources, of which its database has no list. The root's language stands for
// the channel, else the most frequent one.
func (t *Tree) Describe(m channel.Metadata) channel.Metadata {
	resources := map[string]int{}
	for i := range t.nodes {
		if n := &t.nodes[i]; n.leaf() && t.Language(i) != "" {
			resources[t.Language(i)]++
		}
	}
	languages := slices.SortedFunc(maps.Keys(resources), func(a, b string) int {
		return cmp.Or(cmp.Compare(resources[b], resources[a]), cmp.Compare(a, b))
	})
	m.Languages = languages[:min(len(languages), maxLanguages)]
	m.Language = t.Language(Root)
	if m.Language == "" && len(languages) > 0 {
		m.Language = languages[0]
	}
	return m
}
