package transfer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// many is for how many files of a folder its names are read at once. For fewer it
// is quicker to look at each.
const many = 32

// taken are the names in a folder of the storage when a worker began there; nil
// when nobody knows them. Looking at each place takes a tenth of what it takes to
// copy a small file there.
type taken map[string]struct{}

// takenIn answers the names in the folder of the files, which is one. A file that
// another run brings a moment later is copied once more, and replaced by its like.
func (r *run) takenIn(works []work) taken {
	if len(works) < many {
		return nil
	}
	folder, err := os.Open(filepath.Dir(works[0].In(r.cfg.Content)))
	if errors.Is(err, fs.ErrNotExist) {
		return taken{}
	}
	if err != nil {
		return nil
	}
	defer func() { _ = folder.Close() }()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil
	}
	t := make(taken, len(names))
	for _, name := range names {
		t[name] = struct{}{}
	}
	return t
}

// lacks reports whether nothing lies in the place of the path.
func (t taken) lacks(path string) bool {
	_, there := t[filepath.Base(path)]
	return t != nil && !there
}
