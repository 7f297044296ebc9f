package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/datadir"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

// full answers a small file system in memory that has no room left, after
// something was done there.
func full(t *testing.T, before func(folder string)) string {
	t.Helper()
	folder := drivetest.Small(t, "size=64k,nr_inodes=64", 0)
	before(folder)
	file, err := os.Create(filepath.Join(folder, "all the room"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for {
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return folder
		}
	}
}

func TestAFullDiskDoesNotKeepAFolderFromOpening(t *testing.T) {
	t.Parallel()
	folder := full(t, func(folder string) {
		if _, err := datadir.Open(filepath.Join(folder, "data")); err != nil {
			t.Fatal(err)
		}
	})
	dir, err := datadir.Open(filepath.Join(folder, "data"))
	if err != nil {
		t.Fatal(err)
	}
	lock, err := dir.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestAFolderThatCannotBeMadeOnAFullDiskSaysSo(t *testing.T) {
	t.Parallel()
	folder := full(t, func(folder string) {
		for i := range 80 { // of the 64 names that there is room for
			if err := os.Mkdir(filepath.Join(folder, string(rune('A'+i))), 0o700); err != nil {
				_ = os.Remove(filepath.Join(folder, "A"))
				return
			}
		}
	})
	if _, err := datadir.Open(filepath.Join(folder, "data")); fault.CodeOf(err) != fault.DiskFull {
		t.Errorf("a full disk: %v", err)
	}
}
