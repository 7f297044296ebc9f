package db

import (
	"context"
	"fmt"

	"nectar/backend/fault"
)

// maxObjects bounds the tables and indexes. Kolibri makes about fifty.
const maxObjects = 1000

// unsafeObjects counts what is neither a plain table nor an index. The texts
// of the schema are looked at as well as what SQLite makes of them, because a
// hostile file may disagree with itself.
const unsafeObjects = `
	SELECT (SELECT count(*)
	        FROM   sqlite_schema
	        WHERE  NOT (type = 'table' AND sql LIKE 'CREATE TABLE %' AND rootpage > 1)
	        AND    NOT (type = 'index' AND (sql IS NULL OR sql LIKE 'CREATE INDEX %' OR sql LIKE 'CREATE UNIQUE INDEX %'))),
	       (SELECT count(*)
	        FROM   pragma_table_list
	        WHERE  type <> 'table')`

// computedColumns counts columns whose values are computed when they are read.
const computedColumns = `
	SELECT count(*)
	FROM   pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
	WHERE  c.hidden <> 0`

// checkObjects refuses a database that is no channel at all and one that
// could make SQLite do more than read.
func (d *DB) checkObjects(ctx context.Context) error {
	var objects, channels, foreign, views, computed int
	err := d.sql.QueryRowContext(ctx, `
		SELECT count(*), count(CASE WHEN type = 'table' AND name = 'content_channelmetadata' THEN 1 END)
		FROM   sqlite_schema`).Scan(&objects, &channels)
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read schema: %w", err))
	}
	if channels != 1 {
		return d.refuse(fault.NotAChannel)
	}
	if objects > maxObjects {
		return d.refuse(fault.UnsafeDatabase, "reason", "objects")
	}
	if err := d.sql.QueryRowContext(ctx, unsafeObjects).Scan(&foreign, &views); err != nil {
		return d.explain(ctx, fmt.Errorf("read schema objects: %w", err))
	}
	if foreign+views > 0 {
		return d.refuse(fault.UnsafeDatabase, "reason", "object")
	}
	if err := d.sql.QueryRowContext(ctx, computedColumns).Scan(&computed); err != nil {
		return d.explain(ctx, fmt.Errorf("read columns: %w", err))
	}
	if computed > 0 {
		return d.refuse(fault.UnsafeDatabase, "reason", "computed_column")
	}
	return nil
}
