package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// uncache lets the system forget the file's bytes in memory, so that reading
// asks the disk. What is not flushed yet stays.
func uncache(f *os.File) { _ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }
