package library_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/library"
	"nectar/backend/store"
)

// seen brings the channel and remembers its files as they lie there.
func (s *shelf) seen(c *channeltest.Channel) {
	s.t.Helper()
	s.bring(c)
	var known []store.VerifiedFile
	for _, f := range c.Files() {
		info, err := os.Stat(f.In(s.Content()))
		if err != nil {
			s.t.Fatal(err)
		}
		known = append(known, store.VerifiedFile{LocalFile: f.LocalFile, Modified: info.ModTime().UnixNano()})
	}
	if err := s.store.RememberFiles(s.t.Context(), known); err != nil {
		s.t.Fatal(err)
	}
}

// age makes the folders of the storage old enough to tell something.
func (s *shelf) age() {
	s.t.Helper()
	folders, err := filepath.Glob(filepath.Join(s.Content(), "storage", "?", "?"))
	if err != nil {
		s.t.Fatal(err)
	}
	old := time.Date(2020, time.May, 4, 12, 0, 0, 0, time.UTC)
	for _, folder := range folders {
		if err := os.Chtimes(folder, old, old); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *shelf) here(f channeltest.File) bool {
	s.t.Helper()
	here, err := s.Here(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return here(f.Checksum)
}

func (s *shelf) lost() map[channel.Checksum]bool {
	s.t.Helper()
	lost, err := s.store.LostFiles(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	damaged := map[channel.Checksum]bool{}
	for _, f := range lost {
		damaged[f.Checksum] = f.Damaged
	}
	return damaged
}

func notice(t *testing.T, l *library.Library) {
	t.Helper()
	if err := l.Notice(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestNotice(t *testing.T) {
	t.Parallel()

	t.Run("a file that has vanished is no longer here", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		s.age()
		notice(t, s.Library)
		before := s.channels()[0].AvailableResources
		f := c.Node(channeltest.Audio).Files[0]
		if err := os.Remove(f.In(s.Content())); err != nil {
			t.Fatal(err)
		}
		notice(t, s.Library)
		if damaged, lost := s.lost()[f.Checksum]; s.here(f) || !lost || damaged {
			t.Errorf("it is here: %v, lost: %v, damaged: %v", s.here(f), lost, damaged)
		}
		if got := s.channels()[0].AvailableResources; got != before-1 {
			t.Errorf("%d of %d resources are here", got, before)
		}
	})

	t.Run("where nothing has changed no file is looked at", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		s.age()
		notice(t, s.Library)
		f := c.Files()[0]
		folder := filepath.Dir(f.In(s.Content()))
		if err := os.Remove(f.In(s.Content())); err != nil {
			t.Fatal(err)
		}
		s.age() // as if nothing had been removed
		notice(t, s.Library)
		if !s.here(f) {
			t.Errorf("a file of %s was looked at", folder)
		}
		if err := s.NoticeAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s.here(f) {
			t.Error("a look at all files does not find that it is gone")
		}
	})

	t.Run("a folder that has just changed is looked at again", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		notice(t, s.Library)
		f := c.Files()[0]
		folder := filepath.Dir(f.In(s.Content()))
		info, err := os.Stat(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(f.In(s.Content())); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(folder, info.ModTime(), info.ModTime()); err != nil { // within one tick
			t.Fatal(err)
		}
		notice(t, s.Library)
		if s.here(f) {
			t.Error("it is still here")
		}
	})

	t.Run("one that was written over is found when its channel is looked at", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		short, same := c.Files()[0], c.Files()[1]
		if err := os.WriteFile(short.In(s.Content()), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Hour)
		if err := os.Chtimes(same.In(s.Content()), later, later); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Tree(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.NoticeIn(t.Context(), tree); err != nil {
			t.Fatal(err)
		}
		if s.here(short) || s.here(same) || !s.here(c.Files()[2]) {
			t.Errorf("here are %v, %v and another %v", s.here(short), s.here(same), s.here(c.Files()[2]))
		}
		lost := s.lost()
		if damaged := lost[short.Checksum]; !damaged || len(lost) != 1 {
			t.Errorf("lost are %v: one of another time is to be read again, and not lost", lost)
		}
	})

	t.Run("a content folder that is away loses nothing", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		if err := os.Rename(s.Content(), s.Content()+" aside"); err != nil {
			t.Fatal(err)
		}
		notice(t, s.Library)
		if len(s.channels()) != 0 {
			t.Error("its channels are listed")
		}
		if err := os.Rename(s.Content()+" aside", s.Content()); err != nil {
			t.Fatal(err)
		}
		notice(t, s.Library)
		if !s.here(c.Files()[0]) {
			t.Error("a file is not here when the folder is back")
		}
	})

	t.Run("a process that may only read tells the truth all the same", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		before := s.channels()[0].AvailableResources
		if err := os.Remove(c.Node(channeltest.Audio).Files[0].In(s.Content())); err != nil {
			t.Fatal(err)
		}
		reading, err := store.OpenToRead(t.Context(), s.path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reading.Close() }()
		l := library.New(s.Content(), reading)
		notice(t, l)
		channels, err := l.Channels(t.Context())
		if err != nil || channels[0].AvailableResources != before-1 {
			t.Errorf("%d of %d resources are here, %v", channels[0].AvailableResources, before, err)
		}
	})

	t.Run("what was lost and comes back is lost no more", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.seen(c)
		if err := os.Remove(c.Files()[0].In(s.Content())); err != nil {
			t.Fatal(err)
		}
		notice(t, s.Library)
		s.verify(c.Files()[0].LocalFile)
		if len(s.lost()) != 0 {
			t.Errorf("lost are %v", s.lost())
		}
	})
}
