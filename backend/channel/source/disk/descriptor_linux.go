package disk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// descriptor is a file that is open for reading, which is to be closed. It is not an
// os.File: that asks the system three times more whether the file can be waited for,
// which no plain file can.
type descriptor struct {
	number int
	path   string
}

// openPlain opens a file, but not if the last part of its path is a link.
func openPlain(path string) (*descriptor, error) {
	return opening(path, func() (int, error) { return unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|noFollow, 0) })
}

// openWithoutLinks opens a file if no part of its path is a link, in one call,
// where looking at each folder takes as long as opening and reading a small
// file. An error may also say that the system (Linux before 5.6, or a sandbox)
// does not know the call.
func openWithoutLinks(path string) (*descriptor, error) {
	return opening(path, func() (int, error) {
		return unix.Openat2(unix.AT_FDCWD, path, &unix.OpenHow{
			Flags:   unix.O_RDONLY | unix.O_CLOEXEC | noFollow,
			Resolve: unix.RESOLVE_NO_SYMLINKS,
		})
	})
}

func opening(path string, open func() (int, error)) (*descriptor, error) {
	number, err := uninterrupted(open)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &descriptor{number, path}, nil
}

// Read implements io.Reader.
func (d *descriptor) Read(p []byte) (int, error) {
	n, err := uninterrupted(func() (int, error) { return unix.Read(d.number, p) })
	if err != nil {
		return 0, &fs.PathError{Op: "read", Path: d.path, Err: err}
	}
	return n, nil
}

// Close implements io.Closer.
func (d *descriptor) Close() error {
	number := d.number
	d.number = -1 // which may be that of another file from now on
	if err := unix.Close(number); err != nil {
		return &fs.PathError{Op: "close", Path: d.path, Err: err}
	}
	return nil
}

// look answers what was opened.
func (d *descriptor) look() (sight, error) {
	var s sight
	_, err := uninterrupted(func() (int, error) { return 0, unix.Fstat(d.number, &s.stat) })
	if err != nil {
		return s, &fs.PathError{Op: "stat", Path: d.path, Err: err}
	}
	return s, nil
}

// sight is what lay somewhere when it was looked at.
type sight struct{ stat unix.Stat_t }

// lookAt looks at what lies at the path, without following a link.
func lookAt(path string) (sight, error) {
	var s sight
	_, err := uninterrupted(func() (int, error) { return 0, unix.Lstat(path, &s.stat) })
	if err != nil {
		return s, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	return s, nil
}

func (s *sight) size() int64 { return s.stat.Size }

// same reports whether both are one file.
func (s *sight) same(other *sight) bool {
	return s.stat.Dev == other.stat.Dev && s.stat.Ino == other.stat.Ino
}

// kind answers the bits of fs.ModeType that people are told of.
func (s *sight) kind() fs.FileMode {
	switch s.stat.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0
	case unix.S_IFDIR:
		return os.ModeDir
	case unix.S_IFLNK:
		return os.ModeSymlink
	default:
		return os.ModeDevice
	}
}

// uninterrupted does what a signal may interrupt, until it was not.
func uninterrupted(do func() (int, error)) (int, error) {
	for {
		n, err := do()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
