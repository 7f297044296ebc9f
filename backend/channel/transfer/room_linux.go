package transfer

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// worthwhile is the size from which a file is given its room at once: below
// it the file system's own delayed allocation is as good and cheaper.
const worthwhile = 4 << 20

// preallocate reserves the room of a large file, so that it lies in one piece
// although two are written at once, and a full disk is noticed before the
// work. File systems that cannot do it are left to themselves.
func preallocate(f *os.File, size int64) error {
	if size < worthwhile {
		return nil
	}
	err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return err
	}
	return nil
}
