package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// uncache lets reading the file pass by the bytes in memory.
func uncache(f *os.File) { _, _ = unix.FcntlInt(f.Fd(), unix.F_NOCACHE, 1) }
