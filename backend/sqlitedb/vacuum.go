package sqlitedb

import (
	"context"
	"fmt"
)

// Slack answers the size of the database in bytes, and how much of it holds
// nothing any more.
func (db *DB) Slack(ctx context.Context) (size, unused int64, err error) {
	var page, pages, free int64
	err = db.reader.QueryRowContext(ctx,
		"SELECT page_size, page_count, freelist_count FROM pragma_page_size, pragma_page_count, pragma_freelist_count").Scan(&page, &pages, &free)
	if err != nil {
		return 0, 0, db.explain(fmt.Errorf("measure database: %w", err))
	}
	return page * pages, page * free, nil
}

// Vacuum gives back what holds nothing any more. It needs room for a second
// database meanwhile, and whoever writes waits for its end; readers do not.
// When the context ends the database stays as it was.
func (db *DB) Vacuum(ctx context.Context) error {
	db.alone.Lock()
	defer db.alone.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	if db.gone || db.writer == nil {
		return ErrClosed
	}
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.writer.ExecContext(ctx, statement); err != nil {
			return db.explain(fmt.Errorf("vacuum: %w", err))
		}
	}
	return nil
}
