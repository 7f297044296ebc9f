package db

import (
	"context"
	"database/sql"
	"os"
)

// leastRow is less than any row of ours takes in the file: its ids alone have
// as many bytes.
const leastRow = 32

// Expected says about how many rows there are, for who makes room for them.
type Expected struct{ Nodes, Files, Roles int }

// Expect answers what the numbers of the last rows let expect, which takes no
// reading. A hostile file may say anything, so it is bounded by what fits into
// the file.
func (d *DB) Expect(ctx context.Context) Expected {
	info, err := os.Stat(d.path)
	if err != nil {
		return Expected{}
	}
	last := func(table string) int {
		var number sql.NullInt64
		query := "SELECT " + integer("max(rowid)") + " FROM " + table
		if err := d.sql.QueryRowContext(ctx, query).Scan(&number); err != nil {
			return 0 // reading will say why
		}
		return int(max(0, min(number.Int64, info.Size()/leastRow, int64(d.rows))))
	}
	return Expected{Nodes: last("content_contentnode"), Files: last(d.shape.stored), Roles: last("content_file")}
}

// Warm reads the file from front to back, so that several can read it at once
// from memory: on a disk that turns they would send its head to and fro.
func (d *DB) Warm(ctx context.Context) {
	_ = d.readThrough(ctx, func([]byte) {}) // reading will say why
}
