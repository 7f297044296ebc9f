package transfer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"nectar/backend/atomicfile"
)

// few is up to how many files are synced one by one, although the file system
// could be flushed as a whole: that would also wait for what all other
// programs have written.
const few = 32

// flusher makes written files survive a power cut. One syncfs for a group of
// many files costs no more than an fsync of a few, so it is used wherever it
// can be believed; elsewhere each file is synced by itself.
type flusher struct {
	content string
	perFile bool
}

// newFlusher looks at the file system that holds the storage.
func newFlusher(content, storage string) *flusher {
	var fs unix.Statfs_t
	err := unix.Statfs(storage, &fs)
	return &flusher{content: content, perFile: err != nil || !honest(int64(fs.Type))} //nolint:unconvert // 32 bits on some processors
}

// honest lists the file systems of the kernel whose syncfs flushes to the
// device. A driver outside of the kernel, such as ntfs-3g, never hears of it,
// and a server only of the sync of a file.
func honest(magic int64) bool {
	return slices.Contains([]int64{
		unix.EXT4_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC,
		unix.EXFAT_SUPER_MAGIC, unix.MSDOS_SUPER_MAGIC, unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC,
		0x7366746e, // ntfs3, the kernel's own driver
	}, magic)
}

// together reports whether many files are flushed at once.
func (fl *flusher) together() bool { return !fl.perFile }

// written is called when all bytes of a file were written, before it is closed.
func (fl *flusher) written(f *os.File) error {
	if fl.perFile {
		return atomicfile.Sync(f)
	}
	return nil
}

// bytes waits for the bytes of the files.
func (fl *flusher) bytes(paths []string) error {
	switch {
	case fl.perFile:
		return nil
	case len(paths) <= few:
		return syncEach(paths)
	default:
		return fl.syncfs(paths)
	}
}

// names waits for the names of the files.
func (fl *flusher) names(paths []string) error {
	if fl.perFile || len(paths) <= few {
		return syncFolders(fl.content, paths)
	}
	return fl.syncfs(paths)
}

func syncEach(paths []string) error {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("sync %s: %w", path, err)
		}
		err = atomicfile.Sync(f)
		_ = f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// syncfs flushes every file system that holds one of the files: somebody may
// have moved a part of the storage to another disk and left a link.
func (fl *flusher) syncfs(paths []string) error {
	folders := make(map[string]bool)
	devices := make(map[uint64]bool)
	for _, path := range paths {
		dir := filepath.Dir(path)
		if folders[dir] {
			continue
		}
		folders[dir] = true
		var st unix.Stat_t
		if err := unix.Stat(dir, &st); err != nil {
			return fmt.Errorf("look at %s: %w", dir, err)
		}
		if device := uint64(st.Dev); !devices[device] { //nolint:unconvert // 32 bits on some processors
			devices[device] = true
			if err := syncfs(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func syncfs(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the disk of %s: %w", dir, err)
	}
	defer func() { _ = d.Close() }()
	if err := unix.Syncfs(int(d.Fd())); err != nil {
		return fmt.Errorf("sync the disk of %s: %w", dir, err)
	}
	return nil
}
