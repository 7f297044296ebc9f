package selection_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/selection"
)

// compared is a difference with titles in place of indexes.
type compared struct {
	New, Fresh, Updated, Deleted, Changed, Kept        []string
	NewCount, UpdatedCount, DeletedCount, ChangedCount int
	NewBytes, KeptBytes                                int64
}

func compare(t *testing.T, before, after *channeltest.Channel, here func(channel.Checksum) bool, detailed ...channel.NodeID) compared {
	t.Helper()
	old, updated := load(t, before), load(t, after)
	d := selection.Compare(old, updated, here, func(id channel.NodeID) bool { return slices.Contains(detailed, id) })
	titles := func(tree *selection.Tree, indexes []int) []string {
		var found []string
		for _, i := range indexes {
			found = append(found, tree.Title(i))
		}
		return found
	}
	return compared{
		titles(updated, d.New), titles(updated, d.Fresh), titles(updated, d.Updated), titles(old, d.Deleted), titles(updated, d.Changed), titles(updated, d.Kept),
		d.NewCount, d.UpdatedCount, d.DeletedCount, d.ChangedCount, d.NewBytes, d.KeptBytes,
	}
}

// lacking answers the bytes of the files that are not here, each once.
func lacking(here func(channel.Checksum) bool, nodes ...*channeltest.Node) (bytes int64) {
	seen := map[channel.Checksum]bool{}
	for _, n := range nodes {
		for _, f := range n.Files {
			if !here(f.Checksum) && !seen[f.Checksum] {
				seen[f.Checksum] = true
				bytes += f.Size
			}
		}
	}
	return bytes
}

func TestCompare(t *testing.T) {
	t.Parallel()
	before, after := channeltest.New(), channeltest.Next()
	everything := filesOf(before.Nodes()...)

	t.Run("of a channel that is all here, each kind of difference is told apart", func(t *testing.T) {
		t.Parallel()
		want := compared{
			New:          []string{channeltest.Exercise, channeltest.NewGame},
			Fresh:        []string{channeltest.NewGame}, // what only moved is not new
			NewCount:     1,
			Updated:      []string{channeltest.Video},
			UpdatedCount: 1,
			Deleted:      []string{channeltest.Document, channeltest.Exercise},
			DeletedCount: 2, // by Kolibri's definition what moved counts as deleted
			Changed:      []string{channeltest.RenamedAudio},
			ChangedCount: 1,
			Kept: []string{
				channeltest.Video, channeltest.RenamedAudio, channeltest.Book, channeltest.Copy, channeltest.App, channeltest.Zim,
				channeltest.Slides, "A quiz",
			},
			NewBytes:  lacking(everything, after.Node(channeltest.NewGame)),
			KeptBytes: lacking(everything, after.Node(channeltest.Video)),
		}
		if diff := cmp.Diff(want, compare(t, before, after, everything)); diff != "" {
			t.Errorf("difference (-want +got):\n%s", diff)
		}
	})

	t.Run("of a part, only what is here is updated or deleted", func(t *testing.T) {
		t.Parallel()
		part := filesOf(before.Node(channeltest.Audio), before.Node(channeltest.Book))
		got := compare(t, before, after, part)
		want := compared{
			New: []string{channeltest.Exercise, channeltest.NewGame}, Fresh: []string{channeltest.NewGame}, NewCount: 1,
			Changed: []string{channeltest.Video, channeltest.RenamedAudio}, ChangedCount: 2,
			Kept:     []string{channeltest.RenamedAudio, channeltest.Book, channeltest.Copy},
			NewBytes: lacking(part, after.Node(channeltest.Exercise), after.Node(channeltest.NewGame)),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("difference (-want +got):\n%s", diff)
		}
	})

	t.Run("a resource at two places counts once, and a detail counts as a change", func(t *testing.T) {
		t.Parallel()
		same := channeltest.New()
		got := compare(t, before, same, everything, same.Node(channeltest.Book).ID, same.Node(channeltest.Copy).ID)
		if len(got.Changed) != 2 || got.ChangedCount != 1 || len(got.New)+len(got.Updated)+len(got.Deleted) != 0 || got.KeptBytes != 0 {
			t.Errorf("difference is %+v", got)
		}
	})
}
