package drivetest

import (
	"os"
	"syscall"
	"testing"
)

// Small answers the folder of a file system of its own in memory, for as long as
// the test takes. The options are those of tmpfs, such as "size=64k", the flags
// those of mount(2). Only root may mount: for anybody else the test is skipped.
func Small(t *testing.T, options string, flags uintptr) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to mount a small file system")
	}
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", flags, options); err != nil {
		t.Skipf("mounting is not allowed here: %v", err)
	}
	t.Cleanup(func() {
		// A process that another test starts in this moment holds, until it is
		// another program, every file that is open here: the folder may go, its
		// files go when the last of them is closed.
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}
