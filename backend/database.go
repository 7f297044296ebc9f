package backend

import (
	"context"
	"errors"
	"log/slog"

	"nectar/backend/backup"
	"nectar/backend/datadir"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
)

// openDatabase opens the database of a folder that this process owns. One that
// is damaged is set aside, and the fault says so; lost says what is missing in
// one that is whole all the same.
func openDatabase(ctx context.Context, folder *datadir.Dir, shelf *backup.Shelf, log *slog.Logger) (st *store.Store, lost, err error) {
	if err := shelf.Ready(ctx); errors.Is(err, backup.ErrChangesLost) {
		lost = err
		log.Warn("the log of the database is missing", "error", err)
	} else if err != nil {
		return nil, nil, err
	}
	st, err = store.Open(ctx, folder.Database(), store.Options{
		BeforeMigration: func(string, int) error {
			made, err := shelf.Make(ctx)
			if err == nil {
				log.Info("backup before a migration", "backup", made.Name, "version", made.Version)
			}
			return err
		},
	})
	if fault.CodeOf(err) == fault.DamagedData {
		return nil, nil, shelf.SetAside(ctx, err)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := shelf.Mark(); err != nil {
		_ = st.Close()
		return nil, nil, err
	}
	return st, lost, nil
}

// Lost answers what of the database was found missing when it was opened, or
// nil: the last changes before the program died, if their log went away.
func (b *Backend) Lost() error { return b.lost }

// Back answers fault.UpdateReturned when a new version of the program did not
// start and this one is back, or nil.
func (b *Backend) Back() error { return b.back }

// Backups answers the backups of a data folder, the latest first. It makes
// nothing and takes no lock.
func Backups(folder string) ([]backup.Backup, error) {
	return backup.Of(datadir.Peek(folder), nil).List()
}

// Restore puts a backup in the place of the database of a folder that no
// process owns; the name "" stands for an empty database. What was there is
// kept beside it.
func Restore(ctx context.Context, path, name string) (restored backup.Restored, err error) {
	folder, err := datadir.Open(path)
	if err != nil {
		return restored, err
	}
	lock, err := folder.Lock()
	if err != nil {
		return restored, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	shelf := backup.Of(folder, nil)
	if name == "" {
		return shelf.StartEmpty(ctx)
	}
	return shelf.Restore(ctx, name, settleIn(folder))
}

// backupTask is the name of the task that makes backups.
const backupTask = "device.backup"

// settleIn lets a database that is brought back fit the content folder, and
// holds what waited in it.
func settleIn(folder *datadir.Dir) backup.Settle {
	fit := fitInto(folder)
	return func(ctx context.Context, st *store.Store) error {
		if err := fit(ctx, st); err != nil {
			return err
		}
		return engine.Hold(ctx, st, backupTask)
	}
}

// fitInto lets a database fit the content folder.
func fitInto(folder *datadir.Dir) backup.Settle {
	return func(ctx context.Context, st *store.Store) error {
		lib, err := library.Open(folder.ContentRecord(), folder.Content(), st)
		if err != nil {
			return err
		}
		return lib.Recheck(ctx)
	}
}
