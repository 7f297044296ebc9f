package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"nectar/backend/fault"
)

// maxRows bounds the rows of one table; the largest known channel has a
// fiftieth of it.
const maxRows = 5_000_000

// read runs the query with its values when it is ranged over. It scans each row into the same
// targets, which saves an allocation for every value, and yields what decode
// makes of them. The first error is the last thing that it yields. The rows
// are released when the loop ends, however it does.
func read[T any](ctx context.Context, d *DB, query string, values, targets []any, decode func() (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := d.sql.QueryContext(ctx, query, values...)
		if err != nil {
			yield(none, d.explain(ctx, fmt.Errorf("start reading: %w", err)))
			return
		}
		defer func() { _ = rows.Close() }()
		for count := 1; rows.Next(); count++ {
			if err := d.next(ctx, rows, targets, count); err != nil {
				yield(none, err)
				return
			}
			value, err := decode()
			if !yield(value, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, d.explain(ctx, fmt.Errorf("go on reading: %w", err)))
		}
	}
}

func (d *DB) next(ctx context.Context, rows *sql.Rows, targets []any, count int) error {
	if count > d.rows {
		return d.refuse(fault.UnsafeDatabase, "reason", "rows")
	}
	if err := rows.Scan(targets...); err != nil {
		return d.explain(ctx, fmt.Errorf("read row: %w", err))
	}
	return nil
}
