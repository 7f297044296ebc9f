package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"nectar/backend/fault"
)

// querier is a connection or a pool of them.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// admit refuses a file that is not ours or is newer than we are.
func (db *DB) admit(ctx context.Context, q querier, options Options) error {
	mark, version, tables, err := identify(ctx, q)
	if err != nil {
		return err
	}
	switch {
	case mark != options.ApplicationID && (mark != 0 || tables > 0):
		return fault.New(fault.ForeignData, "path", db.path)
	case version > len(options.Migrations):
		return fault.New(fault.NewerData, "path", db.path)
	}
	return nil
}

func identify(ctx context.Context, q querier) (mark int32, version, tables int, err error) {
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&mark); err != nil {
		return 0, 0, 0, fmt.Errorf("read application id: %w", err)
	}
	if err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, 0, 0, fmt.Errorf("read version: %w", err)
	}
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, 0, 0, fmt.Errorf("read schema: %w", err)
	}
	return mark, version, tables, nil
}

// migrate applies the migrations that the file lacks, each with its version
// number in one transaction.
func (db *DB) migrate(ctx context.Context, options Options) error {
	if err := db.admit(ctx, db.writer, options); err != nil {
		return err
	}
	_, version, _, err := identify(ctx, db.writer)
	if err != nil {
		return err
	}
	if version > 0 && version < len(options.Migrations) && options.BeforeMigration != nil {
		if err := options.BeforeMigration(db.path, version); err != nil {
			return fmt.Errorf("before migration: %w", err)
		}
	}
	if version == len(options.Migrations) {
		return nil
	}
	return db.unchecked(ctx, version > 0, func() error { return db.apply(ctx, version, options) })
}

// unchecked lets tables be made anew: SQLite would take the removal of one for
// that of its rows, and so would those that refer to them. What was there is
// checked afterwards.
func (db *DB) unchecked(ctx context.Context, check bool, apply func() error) error {
	if _, err := db.writer.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err := apply()
	if err == nil && check {
		var broken int
		if err = db.writer.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err == nil && broken > 0 {
			err = fmt.Errorf("%d rows refer to nothing", broken)
		}
	}
	if _, on := db.writer.ExecContext(ctx, "PRAGMA foreign_keys = on"); on != nil {
		err = errors.Join(err, on)
	}
	return err
}

func (db *DB) apply(ctx context.Context, version int, options Options) error {
	for ; version < len(options.Migrations); version++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s;\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\nCOMMIT;",
			options.Migrations[version], options.ApplicationID, version+1)
		if _, err := db.writer.ExecContext(ctx, script); err != nil {
			_, _ = db.writer.ExecContext(ctx, "ROLLBACK")
			return fmt.Errorf("migration %d: %w", version+1, err)
		}
	}
	return nil
}
