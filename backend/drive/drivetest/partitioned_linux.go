package drivetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Partitioned answers the folders of the two partitions of one disk, formatted as
// ext4, for as long as the test takes. The disk is a file. The test is skipped where
// only others may mount, or where a tool is not installed.
func Partitioned(t *testing.T) (first, second string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to make a disk with partitions")
	}
	for _, tool := range []string{"losetup", "addpart", "mkfs.ext4"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	image := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 10<<20); err != nil {
		t.Fatal(err)
	}
	made, err := exec.CommandContext(t.Context(), "losetup", "--partscan", "--find", "--show", image).CombinedOutput()
	if err != nil {
		t.Skipf("there is no disk of a file here: %v: %s", err, made)
	}
	disk := strings.TrimSpace(string(made))
	t.Cleanup(func() {
		// Its partitions, which another process may still hold, go with it: see --partscan.
		if out, err := exec.Command("losetup", "--detach", disk).CombinedOutput(); err != nil { //nolint:noctx // t.Context has ended
			t.Errorf("%v: %s", err, out)
		}
	})
	return partition(t, disk, "1", "2048"), partition(t, disk, "2", "10240")
}

// partition makes a partition of 4 MiB from a block of 512 bytes on, and mounts it.
func partition(t *testing.T, disk, number, start string) (folder string) {
	t.Helper()
	// The kernel is told of it: it need not know any form of table.
	if out, err := exec.CommandContext(t.Context(), "addpart", disk, number, start, "8192").CombinedOutput(); err != nil {
		t.Skipf("a disk has no partitions here: %v: %s", err, out)
	}
	device := disk + "p" + number
	if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", device).CombinedOutput(); err != nil {
		t.Fatalf("format a partition: %v: %s", err, out)
	}
	folder = t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", device, folder).CombinedOutput(); err != nil {
		t.Skipf("mounting is not allowed here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "--lazy", folder).CombinedOutput(); err != nil { //nolint:noctx // t.Context has ended
			t.Errorf("%v: %s", err, out)
		}
	})
	return folder
}
