package transfer

import (
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// sector is what a file system wants straight writes to begin and to end at,
// and to lie at in memory: none of those listed wants more.
const sector = 4096

// straightFrom is the size from which a file is written straight.
const straightFrom = bufferSize

// straightFile is a file that is written straight to the disk (O_DIRECT), past
// the memory in which the system gathers what it writes later. That spares the
// processor a copy of every byte and the work for every page, leaves the memory
// of a small laptop to what is used on it, and lets the progress tell what is on
// the disk and not what waits for it. The end of a file, which fills no sector,
// and all of it where the system refuses, goes through memory after all.
type straightFile struct {
	*os.File
	straight bool
}

// straighten begins to write a file straight where that is known to work well:
// on the kernel's own file systems for the disks of laptops. The sticks' own
// (FAT, exFAT) would not do it for a file that grows.
func (fl *flusher) straighten(f *os.File, size int64) *straightFile {
	out := &straightFile{File: f}
	if fl.straight && size >= straightFrom {
		out.straight = out.set(unix.O_DIRECT) == nil
	}
	return out
}

// Write writes all of p. Whoever calls it again after a p that did not end at a
// sector's end has the rest written through memory.
func (f *straightFile) Write(p []byte) (n int, err error) {
	if f.straight {
		n, err = f.File.Write(p[:len(p)/sector*sector])
		refused := errors.Is(err, unix.EINVAL)
		if err != nil && !refused {
			return n, err
		}
		if n == len(p) {
			return n, nil
		}
		if err := f.gather(); err != nil {
			return n, err
		}
	}
	rest, err := f.File.Write(p[n:])
	return n + rest, err
}

// gather has the system gather what is written from now on.
func (f *straightFile) gather() error {
	f.straight = false
	return f.set(0)
}

// set turns straight writing on or off.
func (f *straightFile) set(direct int) error {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err == nil {
		_, err = unix.FcntlInt(f.Fd(), unix.F_SETFL, flags&^unix.O_DIRECT|direct)
	}
	if err != nil {
		return &os.PathError{Op: "fcntl", Path: f.Name(), Err: err}
	}
	return nil
}

// takesStraight lists the file systems on which files are written straight.
func takesStraight(magic int64) bool {
	return slices.Contains([]int64{
		unix.EXT4_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC,
	}, magic)
}
