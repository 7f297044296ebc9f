package library_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
)

// shelf is a library in a folder of its own.
type shelf struct {
	*library.Library

	t        *testing.T
	store    *store.Store
	path     string // of the store
	digested int    // how often a channel was read anew
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	folder := t.TempDir()
	s := &shelf{t: t, path: filepath.Join(folder, "app.sqlite3")}
	st, err := store.Open(t.Context(), s.path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	s.store = st
	s.Library = library.New(filepath.Join(folder, "content"), counting{st, &s.digested})
	return s
}

// counting is a store that counts how often a channel is remembered.
type counting struct {
	*store.Store

	remembered *int
}

func (c counting) RememberChannel(ctx context.Context, digest store.ChannelDigest) error {
	*c.remembered++
	return c.Store.RememberChannel(ctx, digest)
}

// bring writes the channel's database and files, without a word to the store.
func (s *shelf) bring(c *channeltest.Channel) {
	s.t.Helper()
	if err := c.WriteContent(s.Content()); err != nil {
		s.t.Fatal(err)
	}
}

// verify says of the channel's files that their bytes are right.
func (s *shelf) verify(files ...channel.LocalFile) {
	s.t.Helper()
	known := make([]store.VerifiedFile, len(files))
	for i, file := range files {
		known[i] = store.VerifiedFile{LocalFile: file}
	}
	if err := s.store.RememberFiles(s.t.Context(), known); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) channels() []library.Channel {
	s.t.Helper()
	channels, err := s.Channels(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return channels
}

func (s *shelf) names() []string {
	s.t.Helper()
	names := []string{}
	for _, c := range s.channels() {
		names = append(names, c.Name)
	}
	return names
}

func TestChannels(t *testing.T) {
	t.Parallel()

	t.Run("the channels that are here are listed by name, with what they hold", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		first, second := channeltest.New(channeltest.Name("blocks")), channeltest.New(channeltest.Name("Arithmetic"), channeltest.Seed(1))
		s.bring(first)
		s.bring(second)
		if diff := cmp.Diff([]string{"Arithmetic", "blocks"}, s.names()); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
		got, err := s.Channel(t.Context(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		if resources, _ := first.Totals(); got.ID != first.ID || got.Resources != resources || got.Size == 0 || got.AvailableResources != 0 {
			t.Errorf("it holds %+v", got)
		}
	})

	t.Run("a file counts once its bytes were verified", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.bring(c)
		if got := s.channels()[0]; got.AvailableResources != 0 {
			t.Errorf("%d resources are here before a file was verified", got.AvailableResources)
		}
		_, wanted := c.Wanted(c.Root)
		s.verify(slices.Collect(maps.Values(wanted))...)
		got, err := s.Refresh(t.Context(), c.ID)
		resources, size := c.Totals()
		if err != nil || got.AvailableResources != resources || got.AvailableSize != size {
			t.Errorf("%d resources of %d bytes are here, want %d of %d; %v", got.AvailableResources, got.AvailableSize, resources, size, err)
		}
		if got := s.channels()[0]; got.AvailableResources != resources {
			t.Errorf("the list says %d", got.AvailableResources)
		}
		here, err := s.Here(t.Context())
		if err != nil || !here(c.Files()[0].Checksum) || here(channel.Checksum{}) {
			t.Errorf("a verified file is not here, or one that never was is; %v", err)
		}
	})

	t.Run("a database is read once, and again when it has changed", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New(channeltest.Name("First"))
		s.bring(c)
		s.channels()
		s.channels()
		if s.digested != 1 {
			t.Errorf("it was read %d times", s.digested)
		}
		changed := channeltest.New(channeltest.ID(c.ID), channeltest.Name("Second"), channeltest.Version(9))
		path := c.ID.DatabaseIn(s.Content())
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := changed.WriteDatabase(path); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Hour)
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
		if got := s.channels()[0]; got.Name != "Second" || got.Version != 9 || s.digested != 2 {
			t.Errorf("after the change it is %q, version %d, read %d times", got.Name, got.Version, s.digested)
		}
	})

	t.Run("what is no sound database of a channel hides no other", func(t *testing.T) {
		t.Parallel()
		s, good, bad := newShelf(t), channeltest.New(channeltest.Name("good")), channeltest.New(channeltest.Seed(1))
		s.bring(good)
		s.bring(bad)
		channeltest.Break(t, bad, bareDrive(t, s.Content()), channeltest.TruncateDatabase)
		databases := filepath.Dir(good.ID.DatabaseIn(s.Content()))
		for _, name := range []string{string(good.ID) + "-upgrade.sqlite3", "notes.txt", "x.sqlite3"} {
			if err := os.WriteFile(filepath.Join(databases, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		linked := channeltest.New(channeltest.Seed(2))
		if err := os.Symlink(good.ID.DatabaseIn(s.Content()), linked.ID.DatabaseIn(s.Content())); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"good"}, s.names()); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
		if _, err := s.Open(t.Context(), bad.ID); fault.CodeOf(err) != fault.DatabaseDamaged {
			t.Errorf("opened, the bad one says %v", err)
		}
	})

	t.Run("where there is nothing, nothing is listed and nothing is made", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		if got := s.names(); len(got) != 0 {
			t.Errorf("it lists %v", got)
		}
		id := channeltest.New().ID
		for what, err := range map[string]error{
			"a channel": second(s.Channel(t.Context(), id)),
			"a tree":    second(s.Tree(t.Context(), id)),
			"a refresh": second(s.Refresh(t.Context(), id)),
		} {
			if fault.CodeOf(err) != fault.ChannelNotHere {
				t.Errorf("%s says %v", what, err)
			}
		}
		if _, err := os.Stat(s.Content()); !os.IsNotExist(err) {
			t.Errorf("the content folder was made: %v", err)
		}
	})

	t.Run("a process that may only read lists all the same", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.bring(channeltest.New(channeltest.Name("Blocks")))
		reading, err := store.OpenToRead(t.Context(), s.path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reading.Close() }()
		channels, err := library.New(s.Content(), reading).Channels(t.Context())
		if err != nil || len(channels) != 1 || channels[0].Name != "Blocks" {
			t.Errorf("it lists %+v, %v", channels, err)
		}
	})

	t.Run("the tree of a channel is that of its database", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), channeltest.New()
		s.bring(c)
		tree, err := s.Tree(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if index, found := tree.Find(c.Root.ID); !found || tree.Title(index) != c.Root.Title {
			t.Errorf("the root was found: %v, at %d", found, index)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// bareDrive answers a drive whose content folder is the given one.
func bareDrive(t *testing.T, content string) string {
	t.Helper()
	drive := t.TempDir()
	if err := os.Mkdir(filepath.Join(drive, "KOLIBRI_DATA"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(content, channeltest.ContentIn(drive)); err != nil {
		t.Fatal(err)
	}
	return drive
}

func TestSources(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := channeltest.New().ID
	stick := source.Info{
		Kind: source.Drive, Name: "SANDISK", Path: "/media/stick",
		On: source.On{Drive: "1234", Name: "SANDISK", Inside: ".", Comes: true},
	}
	held := []source.Listing{{Metadata: channel.Metadata{ID: id, Name: "Blockly Games"}}}
	if err := s.RememberSource(t.Context(), "/media/stick/KOLIBRI_DATA", stick, held); err != nil {
		t.Fatal(err)
	}
	if err := s.RememberSource(t.Context(), "sample", source.Info{Kind: source.Sample, Name: "Sample"}, held); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/media/stick/KOLIBRI_DATA", "/media/stick"} {
		got, found, err := s.SourceAt(t.Context(), path)
		if err != nil || !found || got.On != stick.On || got.Kind != source.Drive || got.Channels[id] != "Blockly Games" {
			t.Errorf("at %s it knows %+v, %v, %v", path, got, found, err)
		}
	}
	for _, path := range []string{"sample", "/media/other"} {
		if got, found, err := s.SourceAt(t.Context(), path); found || err != nil {
			t.Errorf("at %s it knows %+v, %v", path, got, err)
		}
	}
}

func TestNewer(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id, other := channeltest.New().ID, channeltest.New(channeltest.Seed(7)).ID
	server := func(name string) source.Info {
		return source.Info{Kind: source.Server, Name: name, URL: "http://" + name}
	}
	see := func(name string, version int64, err error) {
		t.Helper()
		held := []source.Listing{{Metadata: channel.Metadata{ID: id, Name: "Blockly Games", Version: version}, Err: err}}
		if err := s.RememberSource(t.Context(), "http://"+name, server(name), held); err != nil {
			t.Fatal(err)
		}
	}
	here := []library.Channel{{Metadata: channel.Metadata{ID: id, Version: 3}}, {Metadata: channel.Metadata{ID: other, Version: 1}}}
	newer := func() map[channel.ID]library.Newer {
		t.Helper()
		found, err := s.Newer(t.Context(), here)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	see("same", 3, nil)
	see("older", 2, nil)
	see("broken", 9, os.ErrInvalid)
	if found := newer(); len(found) != 0 {
		t.Errorf("no later version was seen, and it answers %v", found)
	}
	see("later", 4, nil)
	see("latest", 6, nil)
	want := map[channel.ID]library.Newer{id: {Version: 6, At: "http://latest", Name: "latest"}}
	if diff := cmp.Diff(want, newer()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	see("latest", 3, nil) // it holds another by now
	if found := newer()[id]; found.Version != 4 {
		t.Errorf("it answers %+v, where the latest is 4", found)
	}
}
