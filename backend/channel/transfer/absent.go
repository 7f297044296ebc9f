package transfer

import (
	"errors"
	"io/fs"
	"syscall"
)

// isAbsent reports whether the error says that nothing lies at a path, also
// because a part of the path is no folder.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
