package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// suffix marks a file that is not complete yet. Kolibri uses the same name
// for its own half-copied files and overwrites leftovers, so a folder that
// changes hands between the two programs stays clean.
const suffix = ".transfer"

// TempName answers the name under which the file at path is prepared.
func TempName(path string) string { return path + suffix }

// IsTemp reports whether the name is one that TempName makes.
func IsTemp(name string) bool { return len(name) > len(suffix) && strings.HasSuffix(name, suffix) }

// Create opens a new, empty file under the temporary name of path. Whatever
// lies there, a leftover or a link, is removed and never written through.
func Create(path string, perm fs.FileMode) (*os.File, error) {
	return CreateAs(TempName(path), path, perm)
}

// CreateAs is Create under a temporary name of the caller's choice.
func CreateAs(temp, path string, perm fs.FileMode) (*os.File, error) {
	f, err := createNew(temp, perm)
	if errors.Is(err, fs.ErrExist) {
		if err = os.Remove(temp); err == nil {
			f, err = createNew(temp, perm)
		}
	}
	if err != nil {
		return nil, Classify(fmt.Errorf("create %s: %w", temp, err), path)
	}
	return f, nil
}
