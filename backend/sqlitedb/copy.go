package sqlitedb

import (
	"context"
	"database/sql"
	"fmt"
)

// Copy writes a whole and compact copy of the database into the file at to,
// which must be empty or not there. It reads one state of the database, also
// while somebody writes to it, and changes nothing there. What it wrote is not
// synced; on an error it may be half of a file, and is for the caller to
// remove.
func Copy(ctx context.Context, from, to string) error {
	db := &DB{path: from}
	// Not through openReader: a connection that may only query copies nothing.
	reader, err := sql.Open("sqlite3", dsn(from, pragmas+"&mode=ro"))
	if err != nil {
		return fmt.Errorf("open database to copy: %w", err)
	}
	defer func() { _ = reader.Close() }()
	if _, err := reader.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return db.explain(fmt.Errorf("copy database: %w", err))
	}
	return nil
}
