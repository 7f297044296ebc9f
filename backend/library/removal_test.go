package library_test

import (
	"os"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
)

// stock brings the channel with all its files, and says that they are right.
func (s *shelf) stock(c *channeltest.Channel) {
	s.t.Helper()
	s.bring(c)
	var files []channel.LocalFile
	for _, f := range c.Files() {
		files = append(files, f.LocalFile)
	}
	s.verify(files...)
}

func (s *shelf) removal(request library.RemovalRequest) library.Removal {
	s.t.Helper()
	removal, err := s.PlanRemoval(s.t.Context(), request)
	if err != nil {
		s.t.Fatal(err)
	}
	return removal
}

// names of the files that go.
func namesOf(removal library.Removal) []string {
	var names []string
	for _, f := range removal.Files {
		names = append(names, f.Name())
	}
	return names
}

func has(removal library.Removal, f channeltest.File) bool {
	return slices.Contains(namesOf(removal), f.Name())
}

// twin is another channel whose resource of the title is that of the first:
// the same files at another place.
func twin(first *channeltest.Channel, title string) *channeltest.Channel {
	c := channeltest.New(channeltest.Seed(77), channeltest.Name("Twin"))
	c.Node(title).Files = first.Node(title).Files
	c.Node(title).ContentID = first.Node(title).ContentID
	return c
}

func TestPlanRemoval(t *testing.T) {
	t.Parallel()

	t.Run("a whole channel goes with all its files", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.stock(c)
		got := s.removal(library.RemovalRequest{Channel: c.ID})
		var bytes int64
		for _, f := range c.Files() {
			bytes += f.Size
		}
		if len(got.Files) != len(c.Files()) || got.Bytes != bytes || !got.Whole || got.SharedFiles != 0 || got.Resources == 0 {
			t.Errorf("%d of %d files, %d of %d bytes go, %d are shared; whole: %v", len(got.Files), len(c.Files()), got.Bytes, bytes, got.SharedFiles, got.Whole)
		}
		if root := s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{c.Root.ID}}); !root.Whole || len(root.Files) != len(got.Files) {
			t.Errorf("chosen by its root %d files go; whole: %v", len(root.Files), root.Whole)
		}
		if none := s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{}}); none.Whole || len(none.Files) != 0 {
			t.Errorf("of an empty list %d files go; whole: %v", len(none.Files), none.Whole)
		}
	})

	t.Run("what another channel is shown with stays, and is counted", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		other := twin(c, channeltest.Video)
		s.stock(c)
		s.stock(other)
		shared := c.Node(channeltest.Video).Files
		got := s.removal(library.RemovalRequest{Channel: c.ID})
		if got.SharedFiles != len(shared) || len(got.Files) != len(c.Files())-len(shared) {
			t.Errorf("%d files are shared, want %d; %d go", got.SharedFiles, len(shared), len(got.Files))
		}
		for _, f := range shared {
			if has(got, f) {
				t.Errorf("%s goes", f.Name())
			}
		}
	})

	t.Run("what another channel lists, but cannot show, does not stay", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		other := channeltest.New(channeltest.Seed(77))
		subtitle := c.Node(channeltest.Video).Files[2] // both have it
		s.stock(c)
		if err := other.WriteDatabase(other.ID.DatabaseIn(s.Content())); err != nil {
			t.Fatal(err)
		}
		if got := s.removal(library.RemovalRequest{Channel: c.ID}); !has(got, subtitle) || got.SharedFiles != 0 {
			t.Errorf("the subtitle goes: %v; %d files are shared", has(got, subtitle), got.SharedFiles)
		}
	})

	t.Run("what lies there and was never verified keeps its shared files too", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		other := channeltest.New(channeltest.Seed(77))
		subtitle := c.Node(channeltest.Video).Files[2] // both have these two
		s.stock(c)
		s.bring(other) // copied by hand
		if got := s.removal(library.RemovalRequest{Channel: c.ID}); has(got, subtitle) || got.SharedFiles != 2 {
			t.Errorf("the subtitle goes: %v; %d files are shared", has(got, subtitle), got.SharedFiles)
		}
	})

	t.Run("of chosen resources the files that others of the channel need stay", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.stock(c)
		book, audio := c.Node(channeltest.Book), c.Node(channeltest.Audio)
		got := s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{book.ID, audio.ID}})
		if got.Whole || got.Resources != 2 || len(got.Files) != len(audio.Files) || got.SharedFiles != len(book.Files) {
			t.Errorf("%d resources: %d files go, want %d; %d stay, want %d", got.Resources, len(got.Files), len(audio.Files), got.SharedFiles, len(book.Files))
		}
		got = s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{c.Node(channeltest.Videos).ID}})
		if !has(got, c.Node(channeltest.Videos).Files[0]) {
			t.Error("the picture of a topic stays without its resources")
		}
		got = s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{c.Node(channeltest.Video).ID}})
		if has(got, c.Node(channeltest.Videos).Files[0]) {
			t.Error("the picture of a topic goes with one of its resources")
		}
	})

	t.Run("copies go too when that is asked for, here and in other channels", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		other := twin(c, channeltest.Video)
		own := channeltest.New(channeltest.Seed(78)).Node(channeltest.Video).Files[3]
		files := slices.Clone(other.Node(channeltest.Video).Files[:3])
		other.Node(channeltest.Video).Files = append(files, own) // a subtitle of its own
		s.stock(c)
		s.stock(other)
		got := s.removal(library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{c.Node(channeltest.Video).ID, c.Node(channeltest.Book).ID}, Copies: true})
		wanted := append(slices.Clone(c.Node(channeltest.Video).Files), c.Node(channeltest.Book).Files...)
		for _, f := range append(wanted, own) {
			if !has(got, f) {
				t.Errorf("%s stays", f.Name())
			}
		}
		if got.SharedFiles != 0 || !slices.Contains(got.Channels, other.ID) {
			t.Errorf("%d files stay; the channels are %v", got.SharedFiles, got.Channels)
		}
		if audio := other.Node(channeltest.Audio).Files[0]; has(got, audio) {
			t.Error("another resource of the other channel goes")
		}
	})

	t.Run("files of no channel that is known are never touched", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.stock(c)
		unknown := channeltest.New(channeltest.Seed(5))
		s.bring(unknown)
		if err := os.Remove(unknown.ID.DatabaseIn(s.Content())); err != nil {
			t.Fatal(err)
		}
		got := s.removal(library.RemovalRequest{Channel: c.ID, Copies: true})
		for _, f := range unknown.Files() {
			own := slices.ContainsFunc(c.Files(), func(known channeltest.File) bool { return known.Checksum == f.Checksum })
			if has(got, f) && !own {
				t.Errorf("%s goes", f.Name())
			}
		}
	})

	t.Run("while another list cannot be read nobody knows what it shares", func(t *testing.T) {
		t.Parallel()
		s, c, bad := newShelf(t), channeltest.New(), channeltest.New(channeltest.Seed(1))
		s.stock(c)
		s.stock(bad)
		channeltest.Break(t, bad, bareDrive(t, s.Content()), channeltest.TruncateDatabase)
		_, err := s.PlanRemoval(t.Context(), library.RemovalRequest{Channel: c.ID})
		if fault.CodeOf(err) != fault.ListUnreadable || fault.Of(err).Params["channel"] != string(bad.ID) {
			t.Errorf("it says %v", err)
		}
		if got := s.removal(library.RemovalRequest{Channel: bad.ID}); !got.Whole || len(got.Files) != 0 {
			t.Errorf("of the bad one %d files go; whole: %v", len(got.Files), got.Whole)
		}
		if _, err := s.PlanRemoval(t.Context(), library.RemovalRequest{Channel: bad.ID, Nodes: []channel.NodeID{bad.Root.ID}}); fault.CodeOf(err) != fault.DatabaseDamaged {
			t.Errorf("a part of the bad one says %v", err)
		}
	})

	t.Run("what is remembered of a file that is gone goes too", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.stock(c)
		files := c.Files()
		if err := os.Remove(files[0].In(s.Content())); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(files[1].In(s.Content())); err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.LoseFiles(t.Context(), []store.LostFile{{LocalFile: files[1].LocalFile}}); err != nil {
			t.Fatal(err)
		}
		got := s.removal(library.RemovalRequest{Channel: c.ID})
		if len(got.Gone) != 2 || len(got.Files) != len(files)-2 {
			t.Errorf("%d are gone, %d files go", len(got.Gone), len(got.Files))
		}
	})

	t.Run("what another channel misses is still remembered", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		other := twin(c, channeltest.Video)
		s.stock(c)
		s.stock(other)
		shared := c.Node(channeltest.Video).Files
		for _, f := range shared {
			if err := os.Remove(f.In(s.Content())); err != nil {
				t.Fatal(err)
			}
			if _, err := s.store.LoseFiles(t.Context(), []store.LostFile{{LocalFile: f.LocalFile}}); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.removal(library.RemovalRequest{Channel: c.ID}); len(got.Gone) != 0 {
			t.Errorf("%d of %d are forgotten", len(got.Gone), len(shared))
		}
	})

	t.Run("a resource that the channel lacks is named", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.stock(c)
		other := channeltest.New(channeltest.Seed(3)).Root.ID
		if _, err := s.PlanRemoval(t.Context(), library.RemovalRequest{Channel: c.ID, Nodes: []channel.NodeID{other}}); fault.CodeOf(err) != fault.NodeMissing {
			t.Errorf("it says %v", err)
		}
	})
}

func TestOrder(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var ids []channel.ID
	for n, name := range []string{"c", "a", "b", "d"} {
		c := channeltest.New(channeltest.Name(name), channeltest.Seed(int64(n)))
		s.bring(c)
		ids = append(ids, c.ID)
	}
	for _, test := range []struct {
		order []channel.ID
		want  []string
	}{
		{nil, []string{"a", "b", "c", "d"}},
		{[]channel.ID{ids[3], ids[0]}, []string{"d", "c", "a", "b"}},
		{[]channel.ID{ids[1], ids[3], ids[2], ids[0]}, []string{"a", "d", "b", "c"}},
	} {
		if err := s.Order(t.Context(), test.order); err != nil {
			t.Fatal(err)
		}
		if got := s.names(); !slices.Equal(got, test.want) {
			t.Errorf("in the order %v they are %v, want %v", test.order, got, test.want)
		}
	}
}
