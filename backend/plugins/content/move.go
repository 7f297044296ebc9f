package content

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/atomicfile"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// MoveResult is what a move did.
type MoveResult struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// mover is one attempt of a move.
//
// Within one file system it is a rename. Otherwise every file is copied, read
// back and compared; only when all are there the content folder is the new one,
// in one step, and then the old files go. So whenever the power goes, one whole
// content folder is in use.
type mover struct {
	Deps

	run  *task.Run
	to   string
	load load
	done int64
	bad  map[string]bool // files that could not be read, below the folder
	buf  []byte
}

func (m *mover) move(ctx context.Context) (MoveResult, error) {
	place := m.Library.Place()
	if place.Path == m.to {
		var result MoveResult
		_, err := m.run.LoadCheckpoint(&result)
		return result, errors.Join(err, m.leaveFormer(context.WithoutCancel(ctx), place))
	}
	if err := m.checkPlace(m.to); err != nil {
		return MoveResult{}, err
	}
	var err error
	if m.load, err = weigh(ctx, place.Path, m.to); err != nil {
		return MoveResult{}, err
	}
	if err := m.fits(m.load, m.to); err != nil {
		return MoveResult{}, err
	}
	m.run.SetMetadata("total_files", len(m.load.files))
	m.run.SetMetadata("file_size", m.load.bytes)
	result := MoveResult{Files: len(m.load.files), Bytes: m.load.bytes}
	if err := m.run.Checkpoint(result); err != nil {
		return MoveResult{}, err
	}
	if renamed, err := m.rename(place); renamed || err != nil {
		return result, err
	}
	if err := m.copyAll(ctx, place); err != nil {
		return MoveResult{}, err
	}
	// From here on it is moved; what is left to do must not be broken off.
	m.run.SetCancellable(false)
	moved := library.Place{Path: m.to, Former: place.Path}
	if err := m.Library.Settle(moved); err != nil {
		return MoveResult{}, err
	}
	return result, m.leaveFormer(context.WithoutCancel(ctx), moved)
}

// rename moves the folder in one step, where the file system can. It reports
// whether it did.
func (m *mover) rename(place library.Place) (bool, error) {
	if place.Copying == m.to {
		return false, nil // a part was copied already
	}
	if err := os.MkdirAll(filepath.Dir(m.to), 0o755); err != nil { //nolint:gosec // as for the folder itself
		return false, atomicfile.Classify(err, m.to)
	}
	for _, empty := range []string{"databases", "storage", "."} {
		_ = os.Remove(filepath.Join(m.to, empty))
	}
	if _, err := os.Lstat(m.to); !errors.Is(err, fs.ErrNotExist) {
		return false, nil // a mount point, perhaps: the files can go into it
	}
	if err := m.Library.Settle(library.Place{Path: place.Path, Renaming: m.to}); err != nil {
		return false, err
	}
	if err := os.Rename(place.Path, m.to); err != nil {
		m.run.Info("the folder cannot be renamed, so its files are copied: %v", err)
		return false, m.Library.Settle(library.Place{Path: place.Path})
	}
	if err := errors.Join(atomicfile.SyncDir(filepath.Dir(m.to)), atomicfile.SyncDir(filepath.Dir(place.Path))); err != nil {
		m.run.Warn("%v", err)
	}
	m.run.SetProgress(2*m.load.bytes, 2*m.load.bytes)
	return true, m.Library.Settle(library.Place{Path: m.to})
}

// leaveFormer tells the memory of the new place, and removes the old files.
func (m *mover) leaveFormer(ctx context.Context, place library.Place) error {
	if place.Former == "" {
		return nil
	}
	if err := m.Library.Moved(ctx); err != nil {
		return err
	}
	m.removeFormer(place)
	return m.Library.Settle(library.Place{Path: place.Path})
}

// removeFormer removes the old files that lie at the new place as well, and
// the folders that are empty then. Whatever else is there stays.
func (m *mover) removeFormer(place library.Place) {
	var folders []string
	_ = filepath.WalkDir(place.Former, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read stays
		}
		if entry.IsDir() {
			folders = append(folders, path)
			return nil
		}
		below, err := filepath.Rel(place.Former, path)
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // it stays
		}
		old, err := entry.Info()
		there, missing := os.Lstat(filepath.Join(place.Path, below))
		if err == nil && missing == nil && there.Size() == old.Size() || transfer.IsUnfinished(path) {
			if err := os.Remove(path); err != nil {
				m.run.Warn("%v", err)
			}
			return nil
		}
		m.run.Warn("%s stays where it is", path)
		return nil
	})
	for _, folder := range slices.Backward(folders) {
		_ = os.Remove(folder) // one that is not empty stays
	}
}

// problem names a file that could not be read. It stays where it is.
func (m *mover) problem(below string, err error) {
	name := filepath.Base(below)
	m.run.Warn("%s: %v", below, err)
	m.run.Problem(task.Problem{Code: fault.StoredDamaged, Params: fault.Params{"title": name, "file": name}, Item: name})
	m.bad[below] = true
}
