package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Unnamed is a new file without a name: nobody finds it, and it is gone when it is
// closed, or the process dies, before Name. Where thousands of small files are put in
// place, one that is made so and named once takes the system a third less than one
// that is made under a temporary name and renamed. It must not be used by two at a
// time.
type Unnamed struct{ fd int }

// probe is the name under which CanUnname tries.
const probe = ".nectar-unnamed"

// CanUnname reports whether files can be made without a name in the folder, and get
// one there. It tries, and leaves nothing.
func CanUnname(folder string) bool {
	u, err := CreateUnnamed(folder, 0o600)
	if err != nil {
		return false
	}
	path := filepath.Join(folder, probe)
	err = u.Name(path)
	_ = u.Close() // nothing was written
	if err != nil {
		return false
	}
	return os.Remove(path) == nil
}

// Name gives the file its name, in one step, replacing a file or link that lies
// there. The name is durable after SyncDir, and is to be given once the bytes are.
func (u *Unnamed) Name(path string) error {
	err := u.link(path)
	if errors.Is(err, fs.ErrExist) {
		return u.nameInPlaceOf(path)
	}
	if err != nil {
		return Classify(fmt.Errorf("name %s: %w", path, err), path)
	}
	return nil
}

// nameInPlaceOf names the file where one lies already: only a rename replaces that
// in one step.
func (u *Unnamed) nameInPlaceOf(path string) error {
	temp := TempName(path)
	err := u.link(temp)
	if errors.Is(err, fs.ErrExist) { // a leftover
		if err = os.Remove(temp); err == nil {
			err = u.link(temp)
		}
	}
	if err != nil {
		return Classify(fmt.Errorf("name %s: %w", temp, err), path)
	}
	if err := Replace(temp, path); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return nil
}
