package drivetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Formatted answers the folder of a disk of its own, formatted with a file system
// such as "ext4" or "vfat", for as long as the test takes. The disk is a file of so
// many bytes. The test is skipped where only others may mount, or where the
// program that formats (mkfs and the name) is not installed.
func Formatted(t *testing.T, kind string, bytes int64) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to mount a disk")
	}
	format, err := exec.LookPath("mkfs." + kind)
	if err != nil {
		t.Skip(err)
	}
	image := filepath.Join(t.TempDir(), "disk")
	if out, err := exec.CommandContext(t.Context(), "truncate", "--size", strconv.FormatInt(bytes, 10), image).CombinedOutput(); err != nil {
		t.Fatalf("make a disk: %v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), format, image).CombinedOutput(); err != nil {
		t.Fatalf("format a disk: %v: %s", err, out)
	}
	folder := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-o", "loop", image, folder).CombinedOutput(); err != nil {
		t.Skipf("mounting is not allowed here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		// See Small: a process that is starting may hold a file that is open here.
		if out, err := exec.Command("umount", "--lazy", folder).CombinedOutput(); err != nil { //nolint:noctx // t.Context has ended
			t.Errorf("%v: %s", err, out)
		}
	})
	return folder
}
