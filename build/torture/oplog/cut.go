package oplog

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// Cut makes in an empty folder what is found after the power went when the
// entries had been done, and nothing after them. What was synced is there. Of
// the rest it is left to chance: names follow the order in which they were
// changed, as a journal keeps them, up to a point; each write is there, not
// there, or torn.
func Cut(ops []Op, root string, chance *rand.Rand) error {
	d := &disk{root: root, files: map[uint64]*file{}, names: map[string]*file{}}
	names := d.durableNames(ops, chance)
	lost := chance.IntN(4) // 0: every write that was not synced is lost
	for at, op := range ops {
		switch op.Kind {
		case Write, Truncate, Times:
			d.change(op, syncedAfter(ops, at), lost, chance)
		case Sync:
		default:
			if op.File != 0 {
				d.files[op.File] = newFile(op) // numbers are given again
			}
			if at < names {
				d.name(op)
			}
		}
	}
	return d.write()
}

// durableNames answers before which entry all changes of names are on the disk:
// that of the last folder or file that was synced, and some further ones.
func (d *disk) durableNames(ops []Op, chance *rand.Rand) int {
	folders, synced := map[uint64]bool{}, 0
	for at, op := range ops {
		if op.Kind == Mkdir || op.Kind == Create {
			folders[op.File] = op.Kind == Mkdir
		}
		if op.Kind == Sync && (folders[op.File] || op.Path == "") {
			synced = at + 1
		}
	}
	return synced + chance.IntN(len(ops)-synced+1)
}

// syncedAfter reports whether the file of the entry was synced later.
func syncedAfter(ops []Op, at int) bool {
	for _, op := range ops[at+1:] {
		if op.File == ops[at].File && (op.Kind == Sync || op.Kind == Create) {
			return op.Kind == Sync
		}
	}
	return false
}

type file struct {
	folder   bool
	link     string
	mode     fs.FileMode
	data     []byte
	modified int64
}

func newFile(op Op) *file {
	f := &file{folder: op.Kind == Mkdir, mode: fs.FileMode(op.Mode).Perm()}
	if op.Kind == Symlink {
		f.link = op.To
	}
	return f
}

type disk struct {
	root  string
	files map[uint64]*file
	names map[string]*file
}

// change does a write, or what a power cut leaves of it.
func (d *disk) change(op Op, synced bool, lost int, chance *rand.Rand) {
	f, data := d.files[op.File], op.Data
	if f == nil { // it was there before the log
		return
	}
	if !synced {
		switch what := chance.IntN(4); {
		case lost == 0 || what == 0:
			return
		case what == 1 && len(data) > sector:
			data = data[:chance.IntN(len(data)/sector)*sector] // torn
		}
	}
	f.modified = op.Modified
	switch op.Kind {
	case Write:
		f.grow(op.Offset + int64(len(data)))
		copy(f.data[op.Offset:], data)
	case Truncate:
		f.grow(op.Offset)
		f.data = f.data[:op.Offset]
	default:
	}
}

func (f *file) grow(size int64) {
	if more := size - int64(len(f.data)); more > 0 {
		f.data = append(f.data, make([]byte, more)...)
	}
}

// name does a change of names.
func (d *disk) name(op Op) {
	switch op.Kind {
	case Create, Mkdir, Symlink:
		d.names[op.Path] = d.files[op.File]
	case Rename:
		moved := map[string]*file{}
		for path, f := range d.names {
			if below, err := filepath.Rel(op.Path, path); err == nil && filepath.IsLocal(below) {
				moved[filepath.Join(op.To, below)] = f
				delete(d.names, path)
			}
		}
		maps.Copy(d.names, moved)
	case Link:
		d.names[op.To] = d.names[op.Path]
	case Unlink, Rmdir:
		delete(d.names, op.Path)
	default:
	}
}

// write writes the disk out.
func (d *disk) write() error {
	var errs []error
	for path, f := range d.names {
		full := filepath.Join(d.root, path)
		if f.folder {
			errs = append(errs, os.MkdirAll(full, 0o700))
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			return fmt.Errorf("write out what is left: %w", err)
		}
		if f.link != "" {
			errs = append(errs, os.Symlink(f.link, full))
			continue
		}
		errs = append(errs, os.WriteFile(full, f.data, f.mode|0o600))
		if f.modified != 0 {
			modified := time.Unix(0, f.modified)
			errs = append(errs, os.Chtimes(full, modified, modified))
		}
	}
	return errors.Join(errs...)
}
