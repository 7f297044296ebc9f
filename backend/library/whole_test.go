package library_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/library"
	"nectar/backend/store"
)

// ofAll is a shelf with a channel of which all is here.
func ofAll(t *testing.T) (*shelf, *channeltest.Channel) {
	t.Helper()
	s, c := newShelf(t), channeltest.New()
	s.seen(c)
	if _, err := s.Refresh(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	return s, c
}

func (s *shelf) whole(id channel.ID) (library.Whole, bool) {
	s.t.Helper()
	whole, is, err := s.Whole(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return whole, is
}

func TestWhole(t *testing.T) {
	t.Parallel()

	t.Run("a channel of which all is here is whole, with what an import of it brings", func(t *testing.T) {
		t.Parallel()
		s, c := ofAll(t)
		got, is := s.whole(c.ID)
		resources, wanted := c.Wanted(c.Root)
		var size int64
		for _, f := range wanted {
			size += f.Size
		}
		if want := (library.Whole{Resources: resources, Bytes: size, Files: len(wanted), OnDisk: size}); !is || got != want {
			t.Errorf("it is whole: %v, with %+v, want %+v", is, got, want)
		}
	})

	t.Run("one of which nothing is known is not", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		if _, is := s.whole(c.ID); is {
			t.Error("one that is not here is whole")
		}
		s.seen(c)
		if _, is := s.whole(c.ID); is {
			t.Error("one that nobody has looked at is whole")
		}
	})

	t.Run("nor is one that lacks a file, also one that no resource needs to be shown", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		_, wanted := c.Wanted(c.Root)
		for _, f := range wanted {
			if err := s.store.ForgetFiles(t.Context(), []channel.Checksum{f.Checksum}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Refresh(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
			if _, is := s.whole(c.ID); is {
				t.Errorf("it is whole without %s", f.Name())
			}
			s.seen(c)
		}
	})

	t.Run("one whose files were remembered just now is whole by them, but not by one that was forgotten since", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		all, err := s.store.AllVerifiedFiles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lately := slices.Collect(all)
		slices.Reverse(lately)
		refresh := func() {
			t.Helper()
			if _, err := s.RefreshFrom(t.Context(), c.ID, library.Seen{Files: slices.Clone(lately)}); err != nil {
				t.Fatal(err)
			}
		}
		refresh()
		_, wanted := c.Wanted(c.Root)
		if got, is := s.whole(c.ID); !is || got.Files != len(wanted) {
			t.Errorf("it is whole: %v, with %+v", is, got)
		}
		for _, f := range wanted {
			if err := s.store.ForgetFiles(t.Context(), []channel.Checksum{f.Checksum}); err != nil {
				t.Fatal(err)
			}
			refresh()
			if _, is := s.whole(c.ID); is {
				t.Errorf("it is whole without %s", f.Name())
			}
			s.seen(c)
		}
	})

	file := func(change func(path string, info os.FileInfo) error) func(*shelf, *channeltest.Channel) error {
		return func(s *shelf, c *channeltest.Channel) error {
			path := c.Node(channeltest.Audio).Files[0].In(s.Content())
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return change(path, info)
		}
	}
	for what, change := range map[string]func(*shelf, *channeltest.Channel) error{
		"a file has vanished": file(func(path string, _ os.FileInfo) error { return os.Remove(path) }),
		"a file has another time": file(func(path string, info os.FileInfo) error {
			later := info.ModTime().Add(time.Second)
			return os.Chtimes(path, later, later)
		}),
		"a file has another length at the same time": file(func(path string, info os.FileInfo) error {
			if err := os.Truncate(path, info.Size()-1); err != nil {
				return err
			}
			return os.Chtimes(path, info.ModTime(), info.ModTime())
		}),
		"a link lies in the place of a file": file(func(path string, _ os.FileInfo) error {
			if err := os.Rename(path, path+"x"); err != nil {
				return err
			}
			return os.Symlink(path+"x", path)
		}),
		"a file is known to be damaged": func(s *shelf, c *channeltest.Channel) error {
			f := c.Node(channeltest.Audio).Files[0]
			_, err := s.store.LoseFiles(s.t.Context(), []store.LostFile{{LocalFile: f.LocalFile, Damaged: true}})
			return err
		},
		"the database is another": func(s *shelf, c *channeltest.Channel) error {
			later := time.Now().Add(time.Hour)
			return os.Chtimes(c.ID.DatabaseIn(s.Content()), later, later)
		},
		"the database is away": func(s *shelf, c *channeltest.Channel) error { return os.Remove(c.ID.DatabaseIn(s.Content())) },
	} {
		t.Run("nor one of which "+what, func(t *testing.T) {
			t.Parallel()
			s, c := ofAll(t)
			if err := change(s, c); err != nil {
				t.Fatal(err)
			}
			if _, is := s.whole(c.ID); is {
				t.Error("it is whole")
			}
		})
	}

	t.Run("a list that is cut off or of another form says nothing", func(t *testing.T) {
		t.Parallel()
		s, c := ofAll(t)
		text, _, _, err := s.store.WholeChannel(t.Context(), c.ID)
		if err != nil || len(text) == 0 {
			t.Fatal(len(text), err)
		}
		digests, err := s.store.ChannelDigests(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		digest := digests[c.ID]
		other := slices.Clone(text)
		other[0]++
		for _, digest.Whole = range slices.Concat([][]byte{other}, cuts(text)) {
			if err := s.store.RememberChannel(t.Context(), digest); err != nil {
				t.Fatal(err)
			}
			if _, is := s.whole(c.ID); is {
				t.Fatalf("%d of %d bytes make it whole", len(digest.Whole), len(text))
			}
		}
	})
}

// cuts answers beginnings of the text.
func cuts(text []byte) [][]byte {
	var cuts [][]byte
	for n := 0; n < len(text); n += 7 {
		cuts = append(cuts, text[:n])
	}
	return append(cuts, text[:len(text)-1])
}
