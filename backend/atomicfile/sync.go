package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Sync waits until the bytes of the file would survive a power cut. A file
// system that has no such operation is taken as it is: memory cards and
// network folders with odd drivers answer so, and refusing them would refuse
// the person's only disk.
func Sync(f *os.File) error {
	err := f.Sync()
	if err == nil || unsupported(err) {
		return nil
	}
	return fmt.Errorf("sync %s: %w", f.Name(), err)
}

// SyncPath is Sync of the file at the path, which others may have written and may be
// reading. It must be writable: Windows flushes no other.
func SyncPath(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(Sync(f), f.Close())
}

func unsupported(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
