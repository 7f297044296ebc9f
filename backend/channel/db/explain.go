package db

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/drive"
	"nectar/backend/fault"
)

// explain turns an error of SQLite into a fault. Faults and the context's own
// error pass through.
func (d *DB) explain(ctx context.Context, err error) error {
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if d.gone(err) {
		return fault.New(fault.SourceGone, "path", d.path).Because(err)
	}
	var failure sqlite3.Error
	if !errors.As(err, &failure) {
		// The driver could not scan what it read: a value of no use to us.
		return d.refuse(fault.DatabaseDamaged).Because(err)
	}
	switch failure.Code {
	case sqlite3.ErrPerm, sqlite3.ErrAuth, sqlite3.ErrCantOpen:
		return fault.New(fault.NoRead, "path", d.path).Because(err)
	case sqlite3.ErrNotADB:
		return d.refuse(fault.NotADatabase).Because(err)
	case sqlite3.ErrTooBig:
		return d.refuse(fault.UnsafeDatabase, "reason", "row_size").Because(err)
	case sqlite3.ErrNomem, sqlite3.ErrFull:
		return err
	default:
		return d.refuse(fault.DatabaseDamaged).Because(err)
	}
}

// gone reports whether the error means that the drive went away. SQLite reads
// a vanished page as an I/O error or, when the system answers nothing, as a
// corrupt one; then the file's absence gives it away.
func (d *DB) gone(err error) bool {
	var failure sqlite3.Error
	if errors.As(err, &failure) && failure.Code == sqlite3.ErrIoErr {
		return failure.ExtendedCode != sqlite3.ErrIoErrNoMem
	}
	_, missing := os.Stat(d.path)
	return errors.Is(missing, fs.ErrNotExist) || drive.Gone(missing)
}
