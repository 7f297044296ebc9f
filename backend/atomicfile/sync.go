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

func unsupported(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
