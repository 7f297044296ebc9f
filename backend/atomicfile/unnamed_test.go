package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/atomicfile"
)

func TestAFileWithoutAName(t *testing.T) {
	t.Parallel()
	if !atomicfile.CanUnname(t.TempDir()) {
		t.Skip("files cannot be made without a name here")
	}
	filled := func(t *testing.T, folder string) *atomicfile.Unnamed {
		t.Helper()
		u, err := atomicfile.CreateUnnamed(folder, 0o644)
		must(t, err)
		_, err = u.Write([]byte("new"))
		must(t, err)
		must(t, u.Sync())
		return u
	}
	holds := func(t *testing.T, folder string, want ...string) {
		t.Helper()
		entries, err := os.ReadDir(folder)
		must(t, err)
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		if len(names) != len(want) || len(want) == 1 && names[0] != want[0] {
			t.Errorf("the folder holds %q, want %q", names, want)
		}
	}

	t.Run("that is closed is gone", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		u := filled(t, folder)
		holds(t, folder)
		must(t, u.Close())
		holds(t, folder)
	})

	t.Run("that tries whether it can be had leaves nothing", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		must(t, os.WriteFile(filepath.Join(folder, ".nectar-unnamed"), nil, 0o400)) // of one that was killed
		if !atomicfile.CanUnname(folder) {
			t.Error("it cannot be had after all")
		}
		holds(t, folder)
	})

	t.Run("gets one, in place of nothing, a file, a link or a leftover", func(t *testing.T) {
		t.Parallel()
		outside := filepath.Join(t.TempDir(), "outside")
		for what, before := range map[string]func(path string) error{
			"nothing": func(string) error { return nil },
			"a file":  func(path string) error { return os.WriteFile(path, []byte("old"), 0o400) },
			"a link":  func(path string) error { return os.Symlink(outside, path) },
			"a file and a leftover": func(path string) error {
				if err := os.WriteFile(atomicfile.TempName(path), []byte("left"), 0o400); err != nil {
					return err
				}
				return os.WriteFile(path, []byte("old"), 0o400)
			},
		} {
			folder := t.TempDir()
			path := filepath.Join(folder, "a name")
			must(t, before(path))
			u := filled(t, folder)
			size, modified, err := u.Stat()
			must(t, err)
			must(t, u.Name(path))
			must(t, u.Close())
			holds(t, folder, "a name")
			info, err := os.Lstat(path)
			must(t, err)
			if data, err := os.ReadFile(path); string(data) != "new" || !info.Mode().IsRegular() {
				t.Errorf("in place of %s lies %q (%v)", what, data, err)
			}
			if info.Size() != size || !info.ModTime().Equal(modified) {
				t.Errorf("it was %d bytes of %v and is %d of %v", size, modified, info.Size(), info.ModTime())
			}
		}
		if _, err := os.Lstat(outside); err == nil {
			t.Error("it was written through a link")
		}
	})

	t.Run("gets none in place of a folder, and leaves nothing", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		path := filepath.Join(folder, "a name")
		must(t, os.Mkdir(path, 0o700))
		u := filled(t, folder)
		if err := u.Name(path); err == nil {
			t.Error("it took the place of a folder")
		}
		must(t, u.Close())
		holds(t, folder, "a name")
	})
}
