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

// read runs the query when it is ranged over and yields its rows, each as
// scan makes it. The first error is the last thing that it yields. The rows
// are released when the loop ends, however it does.
func read[T any](ctx context.Context, d *DB, query string, scan func(*sql.Rows) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := d.sql.QueryContext(ctx, query)
		if err != nil {
			yield(none, d.explain(ctx, fmt.Errorf("start reading: %w", err)))
			return
		}
		defer func() { _ = rows.Close() }()
		for count := 1; rows.Next(); count++ {
			value, err := scan(rows)
			if err == nil && count > maxRows {
				err = d.refuse(fault.UnsafeDatabase, "reason", "rows")
			}
			if !yield(value, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, d.explain(ctx, fmt.Errorf("go on reading: %w", err)))
		}
	}
}
