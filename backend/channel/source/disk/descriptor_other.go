//go:build !linux

package disk

import (
	"errors"
	"io/fs"
	"os"
)

// descriptor is a file that is open for reading, which is to be closed.
type descriptor struct{ *os.File }

// openPlain opens a file, but not if the last part of its path is a link, where the
// system can refuse that.
func openPlain(path string) (*descriptor, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, err
	}
	return &descriptor{f}, nil
}

// openWithoutLinks is not known to this system.
func openWithoutLinks(string) (*descriptor, error) { return nil, errors.ErrUnsupported }

// look answers what was opened.
func (d *descriptor) look() (sight, error) {
	info, err := d.Stat()
	return sight{info}, err
}

// sight is what lay somewhere when it was looked at.
type sight struct{ info fs.FileInfo }

// lookAt looks at what lies at the path, without following a link.
func lookAt(path string) (sight, error) {
	info, err := os.Lstat(path)
	return sight{info}, err
}

func (s *sight) size() int64 { return s.info.Size() }

// same reports whether both are one file.
func (s *sight) same(other *sight) bool { return os.SameFile(s.info, other.info) }

// kind answers the bits of fs.ModeType that people are told of.
func (s *sight) kind() fs.FileMode { return s.info.Mode().Type() }
