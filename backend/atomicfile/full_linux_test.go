package atomicfile_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

// A full disk and a protected one are real ones here: small file systems in
// memory, which only root may mount.

func TestWriteToAFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(drivetest.Small(t, "size=64k", 0), "a")
	write(t, path, "old")
	err := atomicfile.Write(path, bytes.NewReader(make([]byte, 1<<20)), 0o600)
	if got := fault.CodeOf(err); got != fault.DiskFull {
		t.Errorf("got %v, want the fault %q", err, fault.DiskFull)
	}
	expect(t, path, "old")
	onlyFile(t, path)
}

func TestWriteToAProtectedDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(drivetest.Small(t, "size=64k", syscall.MS_RDONLY), "a")
	err := atomicfile.Write(path, strings.NewReader("new"), 0o600)
	if got := fault.CodeOf(err); got != fault.NoWrite {
		t.Errorf("got %v, want the fault %q", err, fault.NoWrite)
	}
}
