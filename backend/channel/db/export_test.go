package db

import (
	"context"

	"nectar/backend/channel"
)

// Explain explains an error of SQLite that is hard to provoke.
func Explain(ctx context.Context, path string, err error) error {
	return (&DB{path: path}).explain(ctx, err)
}

// OpenWithin opens a database of which no table may have more rows.
func OpenWithin(ctx context.Context, path string, want channel.ID, check Check, rows int) (*DB, error) {
	return open(ctx, path, want, check, rows)
}

// Exec runs a statement on the hardened connection.
func (d *DB) Exec(ctx context.Context, statement string) error {
	_, err := d.sql.ExecContext(ctx, statement)
	return err
}
