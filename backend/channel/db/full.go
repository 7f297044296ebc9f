package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// checkRoot looks for the root in the table of nodes.
func (d *DB) checkRoot(ctx context.Context) error {
	var found bool
	err := d.sql.QueryRowContext(ctx, `
		SELECT parent_id IS NULL AND kind = 'topic'
		FROM   content_contentnode
		WHERE  id = ?`, string(d.metadata.RootID)).Scan(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return d.explain(ctx, fmt.Errorf("read root: %w", err))
	}
	if !found {
		return d.refuse(fault.BrokenTree, "reason", "root")
	}
	return nil
}

// checkOwners looks for nodes of other channels, which Kolibri would import
// over those of the other channel. The comparisons can each use the index.
func (d *DB) checkOwners(ctx context.Context, want channel.ID) error {
	var below, above, none sql.NullString
	err := d.sql.QueryRowContext(ctx, `
		SELECT (SELECT `+text("channel_id", 40)+` FROM content_contentnode WHERE channel_id < ?1 LIMIT 1),
		       (SELECT `+text("channel_id", 40)+` FROM content_contentnode WHERE channel_id > ?1 LIMIT 1),
		       (SELECT 'none' FROM content_contentnode WHERE channel_id IS NULL LIMIT 1)`,
		string(want)).Scan(&below, &above, &none)
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read owners: %w", err))
	}
	for _, other := range []sql.NullString{below, above, none} {
		if other.Valid {
			return d.refuse(fault.WrongChannel, "holds", clean(other.String))
		}
	}
	return nil
}

// checkAll reads every page and every row.
func (d *DB) checkAll(ctx context.Context) error {
	for _, check := range []func(context.Context) error{
		d.checkPages, d.checkTwins, d.checkNodes, d.checkFiles, d.checkLocalFiles,
	} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) checkPages(ctx context.Context) error {
	var verdict string
	if err := d.sql.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return d.explain(ctx, fmt.Errorf("check pages: %w", err))
	}
	if verdict != "ok" {
		return d.refuse(fault.DatabaseDamaged).Because(fmt.Errorf("check pages: %s", clean(verdict)))
	}
	return nil
}

// checkTwins looks for two nodes of one id, which a table without its primary
// key may hold.
func (d *DB) checkTwins(ctx context.Context) error {
	var twins bool
	err := d.sql.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM content_contentnode GROUP BY id HAVING count(*) > 1)`).Scan(&twins)
	if err != nil {
		return d.explain(ctx, fmt.Errorf("look for twins: %w", err))
	}
	if twins {
		return d.refuse(fault.BrokenTree, "reason", "twins")
	}
	return nil
}

func (d *DB) checkNodes(ctx context.Context) error {
	for _, err := range d.Nodes(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) checkFiles(ctx context.Context) error {
	for _, err := range d.Files(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkLocalFiles reads the records of stored files, also those that no
// resource names: Kolibri would import them too.
func (d *DB) checkLocalFiles(ctx context.Context) error {
	rows, err := d.sql.QueryContext(ctx,
		"SELECT "+text("l.id", 40)+", "+text("l.extension", 40)+", "+d.shape.size+" FROM content_localfile AS l")
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read stored files: %w", err))
	}
	defer func() { _ = rows.Close() }()
	words := intern{}
	for count := 1; rows.Next(); count++ {
		var id, extension string
		var size sql.NullInt64
		if err := rows.Scan(&id, &extension, &size); err != nil {
			return d.explain(ctx, fmt.Errorf("read stored file: %w", err))
		}
		if _, err := d.localFile(id, words.one(extension), size); err != nil {
			return err
		}
		if count > maxRows {
			return d.refuse(fault.UnsafeDatabase, "reason", "rows")
		}
	}
	if err := rows.Err(); err != nil {
		return d.explain(ctx, fmt.Errorf("read stored files: %w", err))
	}
	return nil
}
