package sqlitedb

import (
	"context"
	"database/sql"
	"fmt"
)

// OpenEmpty answers a database in memory with nothing in it but its tables,
// to stand for one that does not exist. Write answers an error.
func OpenEmpty(ctx context.Context, options Options) (*DB, error) {
	pool, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(1) // each connection to memory is a database of its own
	for _, script := range options.Migrations {
		if _, err := pool.ExecContext(ctx, script); err != nil {
			_ = pool.Close()
			return nil, fmt.Errorf("make tables: %w", err)
		}
	}
	db := &DB{reader: pool}
	return db, nil
}
