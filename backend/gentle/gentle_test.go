package gentle_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/gentle"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a")
	want := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16) // more than two slices
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := gentle.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes of %d, %v", len(got), len(want), err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := gentle.Open(path + "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there says %v", err)
	}
}
