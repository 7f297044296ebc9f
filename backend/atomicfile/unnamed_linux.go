package atomicfile

import (
	"errors"
	"io/fs"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// CreateUnnamed opens a new, empty file without a name on the disk of the folder, as
// https://man7.org/linux/man-pages/man2/open.2.html describes for O_TMPFILE. FAT and
// others cannot.
func CreateUnnamed(folder string, perm fs.FileMode) (*Unnamed, error) {
	for {
		fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, uint32(perm.Perm()))
		switch {
		case err == nil:
			return &Unnamed{fd}, nil
		case !errors.Is(err, unix.EINTR):
			return nil, &fs.PathError{Op: "open", Path: folder, Err: err}
		}
	}
}

// Write appends the bytes, all of them unless it answers an error.
func (u *Unnamed) Write(p []byte) (n int, err error) {
	for n < len(p) {
		wrote, err := unix.Write(u.fd, p[n:])
		n += max(wrote, 0)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
	return n, nil
}

// Stat answers the length in bytes, and when the file was last written.
func (u *Unnamed) Stat() (size int64, modified time.Time, err error) {
	var st unix.Stat_t
	if err := unix.Fstat(u.fd, &st); err != nil {
		return 0, time.Time{}, err
	}
	return st.Size, time.Unix(st.Mtim.Unix()), nil
}

// Sync flushes the bytes to the disk.
func (u *Unnamed) Sync() error { return unix.Fsync(u.fd) }

// Close lets go of the file, which is gone unless it has a name.
func (u *Unnamed) Close() error { return unix.Close(u.fd) }

// link gives the file its name where nothing lies: by the way that needs no right
// that only the administrator has.
func (u *Unnamed) link(path string) error {
	return unix.Linkat(unix.AT_FDCWD, "/proc/self/fd/"+strconv.Itoa(u.fd), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW)
}
