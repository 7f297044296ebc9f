package selection_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
)

func TestLanguages(t *testing.T) {
	t.Parallel()
	spoken := func(t *testing.T, change func(c *channeltest.Channel)) channel.Metadata {
		t.Helper()
		c := channeltest.New()
		change(c)
		return load(t, c).Describe(channel.Metadata{Name: "Bees"})
	}
	t.Run("those of the resources come by how many there are, the root's stands for the channel", func(t *testing.T) {
		t.Parallel()
		got := spoken(t, func(c *channeltest.Channel) { c.Root.Language = "fr" })
		want := channel.Metadata{Name: "Bees", Language: "fr", Languages: []string{"en", "de", "ar"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("without one at the root the most frequent stands for it", func(t *testing.T) {
		t.Parallel()
		if got := spoken(t, func(c *channeltest.Channel) { c.Root.Language = "" }); got.Language != "en" {
			t.Errorf("it is %q", got.Language)
		}
	})
	t.Run("a channel may have none", func(t *testing.T) {
		t.Parallel()
		got := spoken(t, func(c *channeltest.Channel) {
			for _, n := range c.Nodes() {
				n.Language = ""
			}
		})
		if got.Language != "" || len(got.Languages) != 0 {
			t.Errorf("it has %q, %q", got.Language, got.Languages)
		}
	})
}
