package content

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/channel/transfer"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// load is what is to move.
type load struct {
	files   []string // below the content folder
	bytes   int64
	room    int64 // that is not there yet, in whole clusters
	largest int64
	name    string // of the largest
}

// cluster is what a file system gives out at least.
const cluster = 4096

// weigh finds what is to move: every ordinary file of the folder, also those of
// channels that we do not know. Half-copied files stay behind, and links do.
func weigh(ctx context.Context, from, to string) (load, error) {
	var l load
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && path == from && errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		if err != nil || !entry.Type().IsRegular() || transfer.IsUnfinished(path) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		l.files = append(l.files, below)
		l.bytes += info.Size()
		if info.Size() > l.largest {
			l.largest, l.name = info.Size(), entry.Name()
		}
		if there, err := os.Lstat(filepath.Join(to, below)); err != nil || there.Size() != info.Size() {
			l.room += (info.Size() + cluster - 1) / cluster * cluster
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		return l, fault.New(fault.NoRead, "path", from).Because(err)
	}
	return l, err
}

// fits looks whether the file system at the path takes the load. Within one
// file system nothing is copied.
func (d Deps) fits(l load, to string) error {
	if drive.SameFileSystem(d.Library.Content(), to) {
		return nil
	}
	name, err := drive.FileSystemOf(to)
	if err != nil {
		return fault.New(fault.NoWrite, "path", to).Because(err)
	}
	if limit := drive.MaxFile(name); l.largest > limit {
		return fault.New(fault.FileTooLarge, "title", l.name, "size", l.largest, "path", to, "limit", limit)
	}
	free, err := d.Free(to)
	if err != nil {
		return fault.New(fault.NoWrite, "path", to).Because(err)
	}
	if reserve := max(d.Reserve, 0); free-reserve < l.room {
		return fault.New(fault.DiskFull, "needed", l.room, "free", max(free-reserve, 0), "path", to)
	}
	return nil
}
