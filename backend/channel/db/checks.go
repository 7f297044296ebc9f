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
	if !d.shape.owned {
		return nil
	}
	var below, above, none sql.NullString
	err := d.sql.QueryRowContext(ctx, `
		SELECT (SELECT `+whole("channel_id")+` FROM content_contentnode WHERE channel_id < ?1 LIMIT 1),
		       (SELECT `+whole("channel_id")+` FROM content_contentnode WHERE channel_id > ?1 LIMIT 1),
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

// CheckPages reads every page and looks whether they fit together, as Open does with
// Pages: for whoever reads the database meanwhile.
func (d *DB) CheckPages(ctx context.Context) error {
	var verdict string
	if err := d.sql.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return d.explain(ctx, fmt.Errorf("check pages: %w", err))
	}
	if verdict != "ok" {
		return d.refuse(fault.DatabaseDamaged).Because(fmt.Errorf("check pages: %s", clean(verdict)))
	}
	return nil
}
