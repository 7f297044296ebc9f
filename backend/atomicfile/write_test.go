package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"nectar/backend/atomicfile"
)

func TestWrite(t *testing.T) {
	t.Parallel()

	t.Run("the file holds the bytes and nothing else is in the folder", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "abeille – نحلة.txt")
		write(t, path, "honey")
		expect(t, path, "honey")
		onlyFile(t, path)
	})

	t.Run("an old file is replaced whole", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a")
		write(t, path, "something long that was here before")
		write(t, path, "short")
		expect(t, path, "short")
		onlyFile(t, path)
	})

	t.Run("when reading breaks off the old file stays and the error is the reader's own", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a")
		write(t, path, "old")
		broken := errors.New("stick pulled out")
		err := atomicfile.Write(path, io.MultiReader(strings.NewReader("new"), iotest.ErrReader(broken)), 0o600)
		if !errors.Is(err, broken) {
			t.Errorf("got %v, want the reader's error", err)
		}
		expect(t, path, "old")
		onlyFile(t, path)
	})

	t.Run("a leftover of a killed process is overwritten", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a")
		must(t, os.WriteFile(atomicfile.TempName(path), []byte("a longer half of something"), 0o400))
		write(t, path, "new")
		expect(t, path, "new")
		onlyFile(t, path)
	})

	t.Run("a link under the temporary name is not written through", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		precious := filepath.Join(t.TempDir(), "precious")
		must(t, os.WriteFile(precious, []byte("precious"), 0o600))
		path := filepath.Join(dir, "a")
		must(t, os.Symlink(precious, atomicfile.TempName(path)))
		write(t, path, "new")
		expect(t, precious, "precious")
		expect(t, path, "new")
	})

	t.Run("a link in place of the file is replaced, not followed", func(t *testing.T) {
		t.Parallel()
		precious := filepath.Join(t.TempDir(), "precious")
		must(t, os.WriteFile(precious, []byte("precious"), 0o600))
		path := filepath.Join(t.TempDir(), "a")
		must(t, os.Symlink(precious, path))
		write(t, path, "new")
		expect(t, precious, "precious")
		info, err := os.Lstat(path)
		must(t, err)
		if !info.Mode().IsRegular() {
			t.Errorf("the file is a %v, want a regular file", info.Mode())
		}
	})

	t.Run("a folder in place of the file is left alone", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a")
		must(t, os.Mkdir(path, 0o700))
		if err := atomicfile.Write(path, strings.NewReader("new"), 0o600); err == nil {
			t.Error("got no error")
		}
		onlyFile(t, path)
	})

	t.Run("only names with something before the ending are temporary", func(t *testing.T) {
		t.Parallel()
		for name, want := range map[string]bool{"a.mp4.transfer": true, "a.mp4": false, ".transfer": false, "": false} {
			if got := atomicfile.IsTemp(name); got != want {
				t.Errorf("IsTemp(%q) = %v, want %v", name, got, want)
			}
		}
		if !atomicfile.IsTemp(atomicfile.TempName("x")) {
			t.Error("a name made by TempName is not recognised")
		}
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, atomicfile.Write(path, strings.NewReader(text), 0o600))
}

func expect(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	must(t, err)
	if string(got) != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s was left in the folder", e.Name())
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
