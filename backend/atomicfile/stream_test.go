package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

func TestStream(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.csv")
	err := atomicfile.Stream(path, 0o600, func(to io.Writer) error {
		_, err := io.WriteString(to, strings.Repeat("line\n", 100_000))
		return err
	})
	if info, _ := os.Stat(path); err != nil || info.Size() != 500_000 {
		t.Fatalf("wrote %v, %v", info, err)
	}

	odd := errors.New("odd")
	err = atomicfile.Stream(path, 0o600, func(to io.Writer) error {
		_, _ = io.WriteString(to, "half")
		return odd
	})
	if info, _ := os.Stat(path); !errors.Is(err, odd) || info.Size() != 500_000 {
		t.Errorf("a function that fails: %v, and the file has %d bytes", err, info.Size())
	}

	ended := false
	err = atomicfile.Stream(filepath.Join(path, "below a file"), 0o600, func(to io.Writer) error {
		defer func() { ended = true }()
		_, err := io.WriteString(to, "anything")
		return err
	})
	if err == nil || !ended {
		t.Errorf("a place that cannot be written: %v, the function has ended: %v", err, ended)
	}
}

func TestRefuseTarget(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"old.csv", "OLD.CSV", "app.sqlite3"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"folder", "folder.csv"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(folder, "app.sqlite3"), filepath.Join(folder, "link.csv")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want fault.Code
	}{
		{filepath.Join(folder, "new.csv"), ""},
		{filepath.Join(folder, "new"), ""},
		{filepath.Join(folder, "old.csv"), ""},
		{filepath.Join(folder, "OLD.CSV"), ""},
		{filepath.Join(folder, "app.sqlite3"), fault.FieldOccupied},
		{filepath.Join(folder, "folder"), fault.FieldOccupied},
		{filepath.Join(folder, "folder.csv"), fault.FieldOccupied},
		{filepath.Join(folder, "link.csv"), fault.FieldOccupied},
		{folder, fault.FieldOccupied},
		{filepath.Join(folder, "none", "new.csv"), fault.FieldFormat},
		{filepath.Join(folder, "old.csv", "new.csv"), fault.FieldFormat},
		{"new.csv", fault.FieldFormat},
		{"", fault.FieldFormat},
	} {
		var got fault.Code
		for _, f := range atomicfile.RefuseTarget("path", c.path, ".csv") {
			if got = f.Code; f.Field != "path" {
				t.Errorf("%s: the field is %q", c.path, f.Field)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.path, got, c.want)
		}
	}
}
