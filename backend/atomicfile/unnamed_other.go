//go:build !linux

package atomicfile

import (
	"errors"
	"io/fs"
	"time"
)

// CreateUnnamed is not known to this system.
func CreateUnnamed(string, fs.FileMode) (*Unnamed, error) { return nil, errors.ErrUnsupported }

// Write is not known to this system.
func (*Unnamed) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

// Stat is not known to this system.
func (*Unnamed) Stat() (size int64, modified time.Time, err error) {
	return 0, time.Time{}, errors.ErrUnsupported
}

// Sync is not known to this system.
func (*Unnamed) Sync() error { return errors.ErrUnsupported }

// Close is not known to this system.
func (*Unnamed) Close() error { return errors.ErrUnsupported }

func (*Unnamed) link(string) error { return errors.ErrUnsupported }
