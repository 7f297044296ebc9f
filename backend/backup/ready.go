package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// ErrChangesLost says that the database is whole, but that its log is missing
// with the changes that were made last.
var ErrChangesLost = fault.New(fault.ChangesLost)

// Ready is called by the owner of the folder before the database is opened. It
// finishes a restore that was interrupted, and looks whether the database is
// whole if it was not closed cleanly. One that is not is set aside: fault.
// DataSetAside offers the last good backup, and does so again at each start
// until somebody has decided; fault.DataSetAsideAlone says that there is none,
// once. ErrChangesLost is no reason not to open it.
func (s *Shelf) Ready(ctx context.Context) error {
	if err := s.finishRestore(); err != nil {
		return err
	}
	path := s.folder.Database()
	here, log, marked := holdsBytes(path), holdsBytes(path+"-wal"), exists(s.folder.OpenMark())
	switch {
	case !here && log:
		return s.SetAside(ctx, errors.New("it is gone, its log is not"))
	case !here:
		return s.Pending(ctx)
	case !log && !marked:
		return nil // closed cleanly
	}
	lost := marked && !exists(path+"-wal")
	version, err := store.Examine(ctx, path, lost)
	switch {
	case fault.CodeOf(err) == fault.DamagedData:
		return s.SetAside(ctx, err)
	case err != nil:
		return err
	case lost && version == 0:
		return s.SetAside(ctx, errors.New("all that it held was in its log, which is gone"))
	case lost:
		return ErrChangesLost
	}
	return nil
}

// Pending answers fault.DataSetAside while a damaged database waits for
// somebody to decide what takes its place, and nil else. It changes nothing.
func (s *Shelf) Pending(ctx context.Context) error {
	if holdsBytes(s.folder.Database()) {
		return nil
	}
	aside := s.named("damaged-")
	if len(aside) == 0 {
		return nil
	}
	if good, found := s.lastGood(ctx); found {
		latest, _, _ := strings.Cut(filepath.Base(aside[len(aside)-1]), suffix) // it may be a log alone
		return offer(filepath.Join(s.folder.Path(), latest+suffix), good)
	}
	return nil
}

// SetAside gives the database, with its log, a name that says when it was
// found damaged, and answers the fault that says so. The cause is what was
// found.
func (s *Shelf) SetAside(ctx context.Context, cause error) error {
	aside := s.beside("damaged-" + s.stamp())
	if err := moveDatabase(s.folder.Database(), aside); err != nil {
		return fault.New(fault.DamagedData, "path", s.folder.Database()).Because(errors.Join(cause, err))
	}
	if err := atomicfile.SyncDir(s.folder.Path()); err != nil {
		return err
	}
	if err := s.Unmark(); err != nil {
		return err
	}
	if good, found := s.lastGood(ctx); found {
		return offer(aside, good).Because(cause)
	}
	return fault.New(fault.DataSetAsideAlone, "path", aside).Because(cause)
}

func offer(aside string, good Backup) *fault.Fault {
	return fault.New(fault.DataSetAside, "path", aside, "backup", good.Name,
		"made", good.Made.Local().Format("2006-01-02 15:04"))
}

// Mark says that the database is open for writing. Once the mark is there, a
// start that finds it knows that the database was not closed.
func (s *Shelf) Mark() error {
	if err := os.WriteFile(s.folder.OpenMark(), nil, 0o600); err != nil {
		return atomicfile.Classify(fmt.Errorf("mark database: %w", err), s.folder.OpenMark())
	}
	return nil
}

// Unmark says that the database is about to be closed.
func (s *Shelf) Unmark() error {
	if err := os.Remove(s.folder.OpenMark()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return atomicfile.Classify(fmt.Errorf("unmark database: %w", err), s.folder.OpenMark())
	}
	return nil
}
