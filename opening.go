package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"nectar/backend"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/wire"
)

// shut stops the running jobs safely and closes the data folder, if it is open.
// The caller holds mu.
func (a *App) shut() error {
	if a.backend == nil {
		return nil
	}
	a.quiet()
	a.bridge.Detach()
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	err := a.backend.Close(ctx)
	a.backend = nil
	return err
}

// failure answers why the data folder did not open, or nil.
func (a *App) failure() error {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.failed
}

// running answers how many jobs are under way.
func (a *App) running() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.backend == nil {
		return 0
	}
	return a.backend.Running()
}

// mendable reports whether a backup or an empty database can take the place of
// what did not open.
func mendable(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.DataSetAside || code == fault.DataSetAsideAlone
}

// maker answers the maker of sentences for as long as the folder is not open.
func (a *App) maker() *wire.Maker {
	language := a.language
	if spoken := a.spoken.Load(); spoken != nil {
		language = cmp.Or(*spoken, language)
	}
	return wire.NewMaker(i18n.New(), nil, language)
}

// Opening says how the data folder opened.
type Opening struct {
	Fault   *wire.Error   `json:"fault"`   // why it did not and what can be mended here; null when it is open
	Backups []wire.Backup `json:"backups"` // that can take its place then, the latest first
	Lost    *wire.Error   `json:"lost"`    // what was found missing in it, if anything
}

// Opening answers how the data folder opened.
//
//api:permission anyone
//api:errors none
func (a *App) Opening() Opening {
	a.mu.RLock()
	defer a.mu.RUnlock()
	opening := Opening{Backups: []wire.Backup{}}
	if a.backend != nil {
		if lost := a.backend.Lost(); lost != nil {
			opening.Lost = a.maker().Error(lost)
		}
		return opening
	}
	if !mendable(a.failed) {
		return opening
	}
	opening.Fault = a.maker().Error(a.failed)
	if backups, err := backend.Backups(a.folder); err == nil {
		opening.Backups = a.maker().Backups(backups)
	}
	return opening
}

// Restore puts a backup in the place of the database, or an empty one for "".
// Running jobs stop safely before. What was there is kept beside it. The window
// begins anew afterwards.
//
//api:permission coordinator; anyone while a damaged database was set aside
//api:errors forbidden, not_found, backup_damaged, disk_full, no_write
func (a *App) Restore(name string) (wire.Restored, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.backend == nil && !mendable(a.failed) {
		return wire.Restored{}, fault.New(fault.Internal).Because(errors.New("there is nothing to restore into"))
	}
	if a.backend != nil {
		if err := a.bridge.AdmitRestore(); err != nil {
			return wire.Restored{}, err
		}
	}
	if err := a.shut(); err != nil {
		a.log.Warn("not all was stopped before a restore", "error", err)
	}
	restored, err := backend.Restore(a.ctx, a.folder, name)
	a.failed = a.open(a.ctx)
	if err != nil {
		return wire.Restored{}, err
	}
	if a.failed != nil {
		return wire.Restored{}, fmt.Errorf("open the restored database: %w", a.failed)
	}
	a.log.Info("a backup was brought back", "backup", restored.Name)
	return a.maker().Restored(restored), nil
}
