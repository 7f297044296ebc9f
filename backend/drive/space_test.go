package drive_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"nectar/backend/drive"
)

func TestSpace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":                         folder,
		"a file":                           file,
		"a folder that is yet to be made":  filepath.Join(folder, "not", "yet"),
		"a path that leads through a file": filepath.Join(file, "below"),
	} {
		t.Run(name+" is measured", func(t *testing.T) {
			t.Parallel()
			free, total, err := drive.Space(path)
			if err != nil || free <= 0 || total < free {
				t.Errorf("space is %d of %d, %v", free, total, err)
			}
		})
	}
	t.Run("measuring makes nothing", func(t *testing.T) {
		t.Parallel()
		empty := t.TempDir()
		if _, _, err := drive.Space(filepath.Join(empty, "not", "yet")); err != nil {
			t.Error(err)
		}
		if entries, err := os.ReadDir(empty); err != nil || len(entries) != 0 {
			t.Errorf("the folder holds %v, %v", entries, err)
		}
	})
}

func TestGone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{&fs.PathError{Op: "read", Path: "x", Err: broken}, true},
		{fmt.Errorf("copy: %w", &fs.PathError{Op: "open", Path: "x", Err: unplugged}), true},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, false},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, false},
		{errors.New("something else"), false},
		{nil, false},
	} {
		if got := drive.Gone(test.err); got != test.want {
			t.Errorf("%v: gone is %v, want %v", test.err, got, test.want)
		}
	}
}
