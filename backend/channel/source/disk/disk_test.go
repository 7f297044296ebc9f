package disk_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/source/sourcetest"
	"nectar/backend/fault"
)

func open(t *testing.T, path string) source.Source {
	t.Helper()
	s, err := disk.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, open)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	t.Run("a drive is known by any of its folders", func(t *testing.T) {
		t.Parallel()
		want := open(t, drive).Info()
		if want.Path != drive || want.Name != filepath.Base(drive) || want.FreeBytes <= 0 || want.TotalBytes < want.FreeBytes || !want.Writable {
			t.Errorf("info is %+v", want)
		}
		for _, path := range []string{filepath.Join(drive, "KOLIBRI_DATA"), channeltest.ContentIn(drive), drive + "/"} {
			got := open(t, path).Info()
			got.FreeBytes = want.FreeBytes // others write meanwhile
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	})
	t.Run("one that is hidden or deeper in a drive is found where somebody points to it, and nowhere else", func(t *testing.T) {
		t.Parallel()
		root := t.TempDir()
		deep := filepath.Join(root, "school", ".hidden")
		if err := channeltest.New().WriteContent(filepath.Join(deep, "KOLIBRI_DATA", "content")); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{deep, filepath.Join(deep, "KOLIBRI_DATA"), filepath.Join(deep, "KOLIBRI_DATA", "content")} {
			if listings, err := open(t, path).Channels(t.Context()); err != nil || len(listings) != 1 {
				t.Errorf("%s lists %v, %v", path, listings, err)
			}
		}
		if _, err := disk.Open(root); fault.CodeOf(err) != fault.SourceEmpty {
			t.Errorf("above it open says %v", err)
		}
	})
	t.Run("a Kolibri home and a content folder by itself are taken", func(t *testing.T) {
		t.Parallel()
		home := t.TempDir()
		if err := c.WriteContent(filepath.Join(home, "content")); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{home, filepath.Join(home, "content")} {
			s := open(t, path)
			if listings, err := s.Channels(t.Context()); err != nil || len(listings) != 1 {
				t.Errorf("%s lists %v, %v", path, listings, err)
			}
			if s.Info().Path != path {
				t.Errorf("path is %q, want %q", s.Info().Path, path)
			}
		}
	})
	for name, test := range map[string]struct {
		path func(t *testing.T) string
		want fault.Code
	}{
		"a path that is not there":  {func(t *testing.T) string { return filepath.Join(t.TempDir(), "x") }, fault.SourceMissing},
		"a folder without channels": {func(t *testing.T) string { return t.TempDir() }, fault.SourceEmpty},
		"a file": {func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "x")
			write(t, path, "x")
			return path
		}, fault.SourceEmpty},
		"a link in place of the databases": {func(t *testing.T) string { return linked(t, drive, "KOLIBRI_DATA/content/databases") }, fault.SourceEmpty},
		"a link in place of KOLIBRI_DATA":  {func(t *testing.T) string { return linked(t, drive, "KOLIBRI_DATA") }, fault.SourceEmpty},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			s, err := disk.Open(test.path(t))
			if fault.CodeOf(err) != test.want || s != nil {
				t.Errorf("open says %v, want code %q", err, test.want)
			}
		})
	}
}

// linked makes a folder in which the given part is a link to that of the drive.
func linked(t *testing.T, drive, part string) string {
	t.Helper()
	root := t.TempDir()
	link := filepath.Join(root, filepath.FromSlash(part))
	if err := os.MkdirAll(filepath.Dir(link), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(drive, filepath.FromSlash(part)), link); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	return root
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	t.Run("a bad database is listed with its reason and does not hide the others", func(t *testing.T) {
		t.Parallel()
		good, drive := channeltest.Make(t)
		want := map[channel.ID]fault.Code{good.ID: ""}
		for seed, bad := range []struct {
			damage channeltest.Damage
			code   fault.Code
		}{
			{channeltest.EmptyDatabase, fault.DatabaseEmpty},
			{channeltest.TextDatabase, fault.NotADatabase},
			{channeltest.TruncateDatabase, fault.DatabaseDamaged},
			{channeltest.FutureSchema, fault.SchemaTooNew},
			{channeltest.Trigger, fault.UnsafeDatabase},
			{channeltest.BrokenMPTT, fault.BrokenTree},
			{channeltest.TraversalExtension, fault.UnsafeDatabase},
		} {
			c := channeltest.New(channeltest.Seed(int64(seed) + 1))
			if err := c.WriteDatabase(c.ID.DatabaseIn(channeltest.ContentIn(drive))); err != nil {
				t.Fatal(err)
			}
			channeltest.Break(t, c, drive, bad.damage)
			want[c.ID] = bad.code
		}
		listings, err := open(t, drive).Channels(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[channel.ID]fault.Code{}
		for _, l := range listings {
			got[l.ID] = fault.CodeOf(l.Err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("channels (-want +got):\n%s", diff)
		}
	})
	t.Run("a quick look tells their names, and not how much they hold", func(t *testing.T) {
		t.Parallel()
		c, drive := channeltest.Make(t, channeltest.Name("Bees"))
		bad := channeltest.New(channeltest.Seed(2))
		if err := bad.WriteDatabase(bad.ID.DatabaseIn(channeltest.ContentIn(drive))); err != nil {
			t.Fatal(err)
		}
		channeltest.Break(t, bad, drive, channeltest.TextDatabase)
		shelf, _ := open(t, drive).(source.Shelf)
		held, err := shelf.Held(t.Context())
		if err != nil || len(held) != 2 {
			t.Fatalf("it holds %+v, %v", held, err)
		}
		if held[0].ID != bad.ID || fault.CodeOf(held[0].Err) != fault.NotADatabase {
			t.Errorf("the bad one is %+v", held[0])
		}
		if held[1].ID != c.ID || held[1].Name != "Bees" || held[1].Version != c.Version || held[1].Resources != 0 || held[1].Err != nil {
			t.Errorf("the good one is %+v", held[1])
		}
	})
	t.Run("a database under the name of another channel is listed as such", func(t *testing.T) {
		t.Parallel()
		c, drive := channeltest.Make(t)
		channeltest.Break(t, c, drive, channeltest.WrongName)
		listings, err := open(t, drive).Channels(t.Context())
		if err != nil || len(listings) != 1 || listings[0].ID != channeltest.Renamed(c) || fault.CodeOf(listings[0].Err) != fault.WrongChannel {
			t.Errorf("channels are %+v, %v", listings, err)
		}
	})
	t.Run("files of other names are no channels", func(t *testing.T) {
		t.Parallel()
		c, drive := channeltest.Make(t)
		databases := filepath.Dir(c.ID.DatabaseIn(channeltest.ContentIn(drive)))
		for _, name := range []string{
			string(c.ID) + "-upgrade.sqlite3", string(c.ID) + ".sqlite3-journal", string(c.ID) + ".sqlite3.transfer",
			strings.ToUpper(string(c.ID)) + ".sqlite3", "x.sqlite3", ".sqlite3", "read me.txt",
		} {
			write(t, filepath.Join(databases, name), "x")
		}
		listings, err := open(t, drive).Channels(t.Context())
		if err != nil || len(listings) != 1 || listings[0].Err != nil {
			t.Errorf("channels are %+v, %v", listings, err)
		}
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	content := channeltest.ContentIn(drive)
	files := c.Files()
	replace := func(path, with string, make func(path string) error) {
		if err := os.Rename(path, path+with); err != nil {
			t.Fatal(err)
		}
		if err := make(path); err != nil {
			t.Skipf("it cannot be made here: %v", err)
		}
	}
	asLink := func(path string) error { return os.Symlink(path+".aside", path) }
	replace(files[0].In(content), ".aside", asLink)
	replace(files[1].In(content), ".aside", func(path string) error { return os.Mkdir(path, 0o750) })
	replace(filepath.Dir(files[2].In(content)), ".aside", asLink)
	replace(c.ID.DatabaseIn(content), ".aside", asLink)
	s := open(t, drive)
	for i, what := range []string{"a link", "a folder", "a file in a linked folder"} {
		t.Run(what+" is not opened", func(t *testing.T) {
			t.Parallel()
			if _, err := s.OpenFile(t.Context(), files[i].LocalFile); fault.CodeOf(err) != fault.FileIsLink {
				t.Errorf("open says %v", err)
			}
		})
	}
	t.Run("a linked database is not opened", func(t *testing.T) {
		t.Parallel()
		if _, err := s.OpenDatabase(t.Context(), c.ID); fault.CodeOf(err) != fault.FileIsLink {
			t.Errorf("open says %v", err)
		}
		listings, err := s.Channels(t.Context())
		if err != nil || len(listings) != 1 || fault.CodeOf(listings[0].Err) != fault.FileIsLink {
			t.Errorf("channels are %+v, %v", listings, err)
		}
	})
}

func TestADriveBelowALinkIsRead(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	link := filepath.Join(t.TempDir(), "stick")
	if err := os.Symlink(drive, link); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	s := open(t, link)
	for _, file := range c.Files() {
		f, err := s.OpenFile(t.Context(), file.LocalFile)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
}

func TestNoTrace(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o750, 0o550} {
		t.Run(fmt.Sprintf("reading leaves a drive of mode %o as it was", mode), func(t *testing.T) {
			t.Parallel()
			c, drive := channeltest.Make(t)
			write(t, c.ID.DatabaseIn(channeltest.ContentIn(drive))+"-wal", "not a log")
			chmod(t, drive, mode)
			t.Cleanup(func() { chmod(t, drive, 0o750) })
			before := snapshot(t, drive)
			s := open(t, drive)
			if listings, err := s.Channels(t.Context()); err != nil || len(listings) != 1 || listings[0].Err != nil {
				t.Errorf("channels are %+v, %v", listings, err)
			}
			for _, file := range c.Files() {
				f, err := s.OpenFile(t.Context(), file.LocalFile)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, f); err != nil {
					t.Error(err)
				}
				_ = f.Close()
			}
			if diff := cmp.Diff(before, snapshot(t, drive)); diff != "" {
				t.Errorf("the drive changed (-before +after):\n%s", diff)
			}
		})
	}
	t.Run("a refused folder stays empty", func(t *testing.T) {
		t.Parallel()
		empty := t.TempDir()
		if _, err := disk.Open(empty); fault.CodeOf(err) != fault.SourceEmpty {
			t.Errorf("open says %v", err)
		}
		if _, err := disk.DiscoverOn(t.Context(), []string{empty}); err != nil {
			t.Error(err)
		}
		if got := snapshot(t, empty); len(got) != 1 {
			t.Errorf("the folder holds %v", got)
		}
	})
}

func chmod(t *testing.T, root string, mode os.FileMode) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, mode)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// snapshot answers what is in a folder: names, kinds, times and sizes.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			found[path] = fmt.Sprint(info.Mode(), info.ModTime(), info.Size())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestGone(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	s := open(t, drive)
	if err := os.Rename(drive, drive+" away"); err != nil {
		t.Fatal(err)
	}
	sourcetest.Gone(t, s, c)
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	_, first := channeltest.Make(t)
	_, second := channeltest.Make(t, channeltest.Seed(1))
	t.Run("drives that hold channels are found, in the order of the mounts", func(t *testing.T) {
		t.Parallel()
		bare := t.TempDir()
		if err := channeltest.New().WriteContent(filepath.Join(bare, "content")); err != nil {
			t.Fatal(err)
		}
		found, err := disk.DiscoverOn(t.Context(), []string{second, t.TempDir(), filepath.Join(first, "gone"), bare, first})
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, s := range found {
			paths = append(paths, s.Info().Path)
		}
		if diff := cmp.Diff([]string{second, first}, paths); diff != "" {
			t.Errorf("drives (-want +got):\n%s", diff)
		}
	})
	t.Run("this machine's drives are looked at", func(t *testing.T) {
		t.Parallel()
		if _, err := disk.Discover(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
