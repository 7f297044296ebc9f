package sqlitedb

import (
	"context"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/fault"
)

// Depth says how closely a database is looked at.
type Depth string

// The depths.
const (
	// Quick reads every page and looks whether the trees are whole.
	Quick Depth = "quick_check"
	// Thorough also compares every index with its table, which takes several
	// times as long.
	Thorough Depth = "integrity_check"
)

// Examine looks at a database that nobody writes to and answers its version:
// how many migrations it has seen, 0 when it holds nothing. It changes
// nothing. One that is not ours is fault.ForeignData, one from a later program
// fault.NewerData, and one that SQLite finds damaged fault.DamagedData.
func Examine(ctx context.Context, path string, options Options, depth Depth) (version int, err error) {
	db, err := openToRead(ctx, path, options, undisturbed(path))
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	if _, version, _, err = identify(ctx, db.reader); err != nil {
		return 0, db.explain(err)
	}
	return version, db.check(ctx, depth)
}

// check answers the first thing that is wrong with the file.
func (db *DB) check(ctx context.Context, depth Depth) error {
	var found string
	err := db.reader.QueryRowContext(ctx, "PRAGMA "+string(depth)+"(1)").Scan(&found)
	switch {
	case err != nil:
		return db.explain(fmt.Errorf("check database: %w", err))
	case found != "ok":
		return fault.New(fault.DamagedData, "path", db.path).Because(errors.New(found))
	}
	return nil
}

// LibraryVersion answers the version of SQLite that the program is built with.
func LibraryVersion() string {
	version, _, _ := sqlite3.Version()
	return version
}
