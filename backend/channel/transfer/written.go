package transfer

import (
	"fmt"
	"os"

	"nectar/backend/atomicfile"
)

// written is a copy that is complete and has no final name yet: it lies under the
// temporary name of its path, or has no name at all.
type written struct {
	record  Record
	unnamed *atomicfile.Unnamed // nil for one with a temporary name
}

// dirty is a file whose bytes the disk may not have yet.
type dirty struct {
	path    string              // of a file without a name, where it will be
	unnamed *atomicfile.Unnamed // nil for one with a name
}

// dirty answers the copy as it is to be flushed.
func (w written) dirty(path string) dirty {
	if w.unnamed == nil {
		path = atomicfile.TempName(path)
	}
	return dirty{path, w.unnamed}
}

// sync waits for the bytes.
func (d dirty) sync() error {
	if d.unnamed != nil {
		if err := d.unnamed.Sync(); err != nil {
			return fmt.Errorf("sync %s: %w", d.path, err)
		}
		return nil
	}
	f, err := os.Open(d.path)
	if err != nil {
		return fmt.Errorf("sync %s: %w", d.path, err)
	}
	err = atomicfile.Sync(f)
	_ = f.Close() // it was only read
	return err
}

// name gives the copy its path.
func (w written) name(path string) error {
	if w.unnamed != nil {
		return w.unnamed.Name(path)
	}
	return atomicfile.Replace(atomicfile.TempName(path), path)
}

// drop leaves nothing of a copy that got no name. One without any goes when it is
// closed.
func (w written) drop(path string) {
	if w.unnamed == nil {
		_ = os.Remove(atomicfile.TempName(path))
	}
}
