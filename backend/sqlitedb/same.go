package sqlitedb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Same reports whether every table of the older database is in the newer one
// with the same rows, in the columns that the older one has. Tables that are
// left out may differ; so may whatever the newer one has besides. A table or
// column that is gone counts as a difference.
func Same(ctx context.Context, older, newer string, leaveOut []string) (bool, error) {
	db, err := sql.Open("sqlite3", dsn(older, "mode=ro"))
	if err != nil {
		return false, fmt.Errorf("open database to compare: %w", err)
	}
	defer func() { _ = db.Close() }()
	c, err := db.Conn(ctx) // what is attached belongs to one connection
	if err != nil {
		return false, fmt.Errorf("open database to compare: %w", err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.ExecContext(ctx, "ATTACH ? AS newer", dsn(newer, "mode=rw")); err != nil {
		return false, fmt.Errorf("open database to compare with: %w", err)
	}
	tables, err := names(ctx, c, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return false, err
	}
	for _, table := range tables {
		if slices.Contains(leaveOut, table) {
			continue
		}
		if same, err := sameTable(ctx, c, table); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func sameTable(ctx context.Context, c *sql.Conn, table string) (bool, error) {
	older, err := names(ctx, c, "SELECT name FROM pragma_table_info(?, 'main')", table)
	if err != nil {
		return false, err
	}
	here, err := names(ctx, c, "SELECT name FROM pragma_table_info(?, 'newer')", table)
	if err != nil {
		return false, err
	}
	quoted := make([]string, len(older))
	for i, column := range older {
		if !slices.Contains(here, column) {
			return false, nil
		}
		quoted[i] = quote(column)
	}
	rows := "SELECT " + strings.Join(quoted, ", ") + " FROM %s." + quote(table)
	before, after := fmt.Sprintf(rows, "main"), fmt.Sprintf(rows, "newer")
	var same bool
	err = c.QueryRowContext(ctx, "SELECT NOT EXISTS ("+before+" EXCEPT "+after+") AND NOT EXISTS ("+after+" EXCEPT "+before+")").Scan(&same)
	if err != nil {
		return false, fmt.Errorf("compare the tables %s: %w", table, err)
	}
	return same, nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// names answers the first column.
func names(ctx context.Context, c *sql.Conn, query string, args ...any) ([]string, error) {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read what a database holds: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var found []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		found = append(found, name)
	}
	return found, rows.Err()
}
