package atomicfile

import (
	"io/fs"
	"os"
)

// createNew creates a file that must not be there yet.
func createNew(path string, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
}
