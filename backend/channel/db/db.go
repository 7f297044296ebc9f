// Package db reads and checks the database of a channel, of any schema
// generation: 1 to 6, and the three before 1.
//
// A channel database comes from strangers. It is opened read-only and
// immutable, so that nothing is ever created or recovered beside it; SQL
// inside it is not trusted; every value is read by its expected type or not
// at all; no row over 16 MiB is loaded. What is wrong with it is told as a
// *fault.Fault.
package db

import (
	"context"
	"database/sql"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Check says how closely Open looks at a database.
type Check int

const (
	// Quick reads the header, the schema and the channel's own row, and looks
	// for nodes of other channels. It takes milliseconds.
	Quick Check = iota
	// Pages also reads every page and looks whether they fit together. What is
	// wrong with a row is told when it is read: nothing is lost silently from a
	// database that passes and whose tree selection.Load has read.
	Pages
)

// DB is an open channel database. Its methods may be called concurrently.
type DB struct {
	path     string
	rows     int // that one table may have
	sql      *sql.DB
	shape    shape
	metadata channel.Metadata
}

// Open opens and checks the database of the wanted channel. The file may have
// any name.
//
// Its errors are faults: ChannelMissing when there is no file, NoRead,
// SourceGone, and one for each reason to refuse the database (DatabaseEmpty,
// NotADatabase, DatabaseDamaged, NotAChannel, UnsafeDatabase, SchemaTooNew,
// SchemaUnknown, WrongChannel, BrokenTree). A cancelled context
// ends it with the context's error.
func Open(ctx context.Context, path string, want channel.ID, check Check) (*DB, error) {
	return open(ctx, path, want, check, maxRows)
}

func open(ctx context.Context, path string, want channel.ID, check Check, rows int) (*DB, error) {
	if err := checkHeader(path, want); err != nil {
		return nil, err
	}
	pool, err := connect(path)
	if err != nil {
		return nil, err
	}
	d := &DB{path: path, rows: rows, sql: pool}
	if err := d.check(ctx, want, check); err != nil {
		_ = pool.Close() // the refusal is what matters
		return nil, err
	}
	return d, nil
}

// Metadata answers what the channel says of itself. Its languages are those of
// its nodes: selection.Describe has them.
func (d *DB) Metadata() channel.Metadata { return d.metadata }

// Close releases the database.
func (d *DB) Close() error { return d.sql.Close() }

func (d *DB) check(ctx context.Context, want channel.ID, check Check) error {
	if err := d.checkObjects(ctx); err != nil {
		return err
	}
	found, err := d.readColumns(ctx)
	if err != nil {
		return err
	}
	if err := d.checkDeclared(ctx, found); err != nil {
		return err
	}
	if err := d.recogniseShape(found); err != nil {
		return err
	}
	if err := d.readMetadata(ctx); err != nil {
		return err
	}
	if d.metadata.ID != want {
		return d.refuse(fault.WrongChannel, "holds", string(d.metadata.ID))
	}
	if err := d.checkRoot(ctx); err != nil {
		return err
	}
	if err := d.checkOwners(ctx, want); err != nil {
		return err
	}
	if check == Pages {
		return d.CheckPages(ctx)
	}
	return nil
}

// refuse makes the fault of this database.
func (d *DB) refuse(code fault.Code, pairs ...any) *fault.Fault {
	return fault.New(code, append([]any{"file", filepath.Base(d.path)}, pairs...)...)
}
