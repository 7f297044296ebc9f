package gentle

import (
	"os"

	"golang.org/x/sys/unix"
)

// The priorities of ioprio_set(2): the class stands above the level.
const (
	thisThread = 1 // IOPRIO_WHO_PROCESS
	idle       = 3 << 13
)

// lower lets this thread use the disk when nobody else does. Schedulers without
// priorities do not care, and none of it is needed for right results.
func lower() { _, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, thisThread, 0, idle) }

// expect has what lies in memory of the file read from the disk again.
func expect(f *os.File) {
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_SEQUENTIAL)
}

func release(f *os.File, from, length int64) {
	_ = unix.Fadvise(int(f.Fd()), from, length, unix.FADV_DONTNEED)
}
