package transfer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"nectar/backend/atomicfile"
	"nectar/backend/channel/source"
)

// others lets other users of the laptop read content.
const others = 0o755

// young is a folder of the storage that is not there yet. Its files are written
// into it under their own names while it has a temporary one itself, and have their
// place all at once when it gets its own. To give each of many tiny files another
// name takes a fifth of the processor that an import of them takes.
//
// Where something comes to lie in its place meanwhile the files are given their
// names one by one.
type young struct {
	path    string
	release func() // gives back the claim of the temporary name

	named, refused bool // of the committer alone
}

func (y *young) temp() string { return atomicfile.TempName(y.path) }

// within answers where a file that belongs to path is until the folder has its name.
func (y *young) within(path string) string { return filepath.Join(y.temp(), filepath.Base(path)) }

// begin makes the folder of the files under its temporary name; nil where they had
// better be written into their place. Drives that leave for other machines are
// spared what those do not know, should they be taken out in the middle; and what
// comes of a file from a server has to lie where it is found again.
func (r *run) begin(works []work) *young {
	if _, ranged := r.cfg.Source.(source.Ranged); ranged || r.cfg.ReadBack || len(works) < many || !r.flusher.together() {
		return nil
	}
	if r.began[works[0].Checksum[0]].Swap(true) {
		return nil
	}
	y := &young{path: filepath.Dir(works[0].In(r.cfg.Content))}
	if there, err := lookAt(y.path); err != nil || there != nil {
		return nil
	}
	release, busy := r.cfg.Claims.try(y.temp())
	if busy != nil {
		return nil
	}
	y.release = release
	if err := r.make(y); err != nil {
		release()
		return nil // writing into the place will say why
	}
	return y
}

// make makes the folder, empty: what a killed run left in one must not get a name.
func (r *run) make(y *young) error {
	if err := r.makeWay(filepath.Dir(y.path)); err != nil {
		return err
	}
	err := os.Mkdir(y.temp(), others)
	if errors.Is(err, fs.ErrExist) {
		if _, err = clearYoung(y.temp()); err == nil {
			err = os.Mkdir(y.temp(), others)
		}
	}
	return err
}

// appear gives the folder its name. It reports whether it did.
func (y *young) appear() bool {
	if !y.named && !y.refused {
		y.named = atomicfile.Replace(y.temp(), y.path) == nil
		y.refused = !y.named
		if y.refused {
			_ = os.Mkdir(y.path, others) // where a folder cannot be renamed at all; else it is there
		}
	}
	return y.named
}

// leave removes the folder when it has not got its name, and gives its claim back.
func (y *young) leave() {
	if y.release == nil {
		return
	}
	if !y.named {
		_ = os.Remove(y.temp())
	}
	y.release()
	y.release = nil
}

// youngName matches the temporary names of the folders of the storage.
var youngName = regexp.MustCompile(`^[0-9a-f]` + regexp.QuoteMeta(atomicfile.TempName("")) + `$`)

// IsUnfinished reports whether a file below a content folder is one that was being
// copied, by its name or by that of its folder.
func IsUnfinished(path string) bool {
	name, folder := filepath.Base(path), filepath.Base(filepath.Dir(path))
	return atomicfile.IsTemp(name) || youngName.MatchString(folder) && stored.MatchString(name)
}

// clearYoung removes a folder under its temporary name with the files that were
// copied into it, and answers how many. Whatever else lies there stays, which is an
// error.
func clearYoung(temp string) (removed int, err error) {
	entries, err := os.ReadDir(temp)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.IsDir() || !stored.MatchString(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(temp, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
		removed++
	}
	return removed, os.Remove(temp)
}
