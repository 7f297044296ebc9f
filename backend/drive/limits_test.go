package drive_test

import (
	"testing"

	"nectar/backend/drive"
)

func TestWhatAFileSystemTakes(t *testing.T) {
	t.Parallel()
	const limit = 4<<30 - 1
	for _, name := range []string{"vfat", "msdos", "FAT32", "FAT"} {
		if got := drive.MaxFile(name); got != limit {
			t.Errorf("a file in %s may have %d bytes", name, got)
		}
	}
	for _, name := range []string{"exfat", "exFAT", "ext4", "NTFS", "fuseblk", "apfs", ""} {
		if got := drive.MaxFile(name); got <= limit {
			t.Errorf("a file in %s may have %d bytes", name, got)
		}
	}
	for _, c := range []struct {
		fileSystem, name string
		want             bool
	}{
		{"vfat", "School 2026", true},
		{"vfat", "مدرسة", true},
		{"vfat", "a: b", false},
		{"exfat", "what?", false},
		{"NTFS", "ends.", false},
		{"vfat", "ends ", false},
		{"vfat", "aux", false},
		{"FAT32", "Con.txt", false},
		{"vfat", "contents", true},
		{"vfat", "line\nbreak", false},
		{"ext4", "a: b?", true},
		{"ext4", "aux", true},
	} {
		if got := drive.AllowsName(c.fileSystem, c.name); got != c.want {
			t.Errorf("%s takes %q: %v", c.fileSystem, c.name, got)
		}
	}
}
