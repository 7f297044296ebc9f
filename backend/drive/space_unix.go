//go:build unix

package drive

import (
	"errors"

	"golang.org/x/sys/unix"
)

func space(path string) (free, total int64, err error) {
	var s unix.Statfs_t
	for {
		err = unix.Statfs(path, &s)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return 0, 0, err
	}
	size := int64(s.Bsize) //nolint:unconvert // the type differs between systems
	return int64(s.Bavail) * size, int64(s.Blocks) * size, nil
}

// writable reports whether this user may write at the path, without trying.
func writable(path string) bool { return unix.Access(path, unix.W_OK) == nil }

func notAFolder(err error) bool { return errors.Is(err, unix.ENOTDIR) }
