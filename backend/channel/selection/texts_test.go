package selection_test

import (
	"testing"

	"nectar/backend/channel/channeltest"
)

func TestTitlesOfALargeChannel(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(5000, 1, 50_000))
	tree := load(t, c)
	for _, n := range c.Nodes() {
		if i, ok := tree.Find(n.ID); !ok || tree.Title(i) != n.Title || tree.Kind(i) != n.Kind {
			t.Fatalf("%s is %q, %s", n.Title, tree.Title(i), tree.Kind(i))
		}
	}
}
