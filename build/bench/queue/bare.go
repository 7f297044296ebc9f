package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bareSQLite is no queue: it is what SQLite itself takes for the changes that a
// queue cannot do without, on the connection of the driver, with statements that
// are prepared once and the settings of the others. No queue on this driver is
// faster.
const bareSQLite = "bare SQLite"

// bareRows is how many rows one statement inserts; more are not faster.
const bareRows = 10

// bareInserts answers how many rows a second are inserted, a thousand in a
// transaction: the five columns that backlite fills, with no other index than
// the primary key.
func (b *bench) bareInserts(how syncing, batches int) (float64, error) {
	const schema = `CREATE TABLE tasks (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, queue TEXT NOT NULL, task BLOB NOT NULL, wait_until INTEGER) STRICT`
	insert := "INSERT INTO tasks VALUES (?, ?, ?, ?, ?)" + strings.Repeat(", (?, ?, ?, ?, ?)", bareRows-1)
	id, body := int64(0), []byte("{}")
	values := make([]any, 0, 5*bareRows)
	return b.bare(how, schema, func(c *bareConn) (int, error) {
		for range batches {
			c.run("BEGIN IMMEDIATE")
			for range 1000 / bareRows {
				values = values[:0]
				for range bareRows {
					id++
					values = append(values, id, time.Now().UnixMilli(), "bench", body, nil)
				}
				c.run(insert, values...)
			}
			c.run("COMMIT")
		}
		return batches * 1000, c.err
	})
}

// bareChanges answers how many jobs a second are stored as running and then as
// ended, for so many workers that all end and begin at the same moment and
// share one transaction. The table has nothing but the state.
func (b *bench) bareChanges(how syncing, jobs int) (float64, error) {
	const (
		queued, running, ended = 2, 4, 9

		schema = `CREATE TABLE jobs (number INTEGER PRIMARY KEY, state INTEGER NOT NULL) STRICT`
		change = "UPDATE jobs SET state = ? WHERE number = ?"
	)
	fill := fmt.Sprintf("; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO jobs SELECT i, %d FROM n", jobs, queued)
	return b.bare(how, schema+fill, func(c *bareConn) (int, error) {
		all := func(from, state int) {
			for job := from; job < from+workers; job++ {
				c.run(change, int64(state), int64(job))
			}
		}
		for from := 0; from+workers <= jobs; from += workers {
			c.run("BEGIN IMMEDIATE")
			if from > 0 {
				all(from-workers, ended)
			}
			all(from, running)
			c.run("COMMIT")
		}
		return jobs, c.err
	})
}

// bare measures how many of what the function counts are done in a second.
func (b *bench) bare(how syncing, schema string, work func(*bareConn) (int, error)) (rate float64, err error) {
	folder, err := os.MkdirTemp(b.folder, "bare")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	db, err := sql.Open("sqlite3", filepath.Join(folder, "bare.sqlite3")+settings+"&_mutex=no&_synchronous="+string(how))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pooled, err := db.Conn(b.ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, pooled.Close()) }()
	if _, err := pooled.ExecContext(b.ctx, seldomCheckpoint+"; "+schema); err != nil {
		return 0, err
	}
	return rate, pooled.Raw(func(conn any) error {
		c := &bareConn{ctx: b.ctx, conn: conn.(driver.Conn), stmts: map[string]driver.Stmt{}} //nolint:forcetypeassert // every driver's is
		began := time.Now()
		n, err := work(c)
		rate = float64(n) / time.Since(began).Seconds()
		return errors.Join(err, c.close())
	})
}

// bareConn runs statements. Once one has failed, it runs no other.
type bareConn struct {
	ctx   context.Context //nolint:containedctx // of the whole measurement
	conn  driver.Conn
	stmts map[string]driver.Stmt
	named []driver.NamedValue
	err   error
}

func (c *bareConn) run(text string, values ...any) {
	if c.err != nil {
		return
	}
	stmt, ok := c.stmts[text]
	if !ok {
		if stmt, c.err = c.conn.Prepare(text); c.err != nil {
			return
		}
		c.stmts[text] = stmt
	}
	c.named = c.named[:0]
	for i, value := range values {
		c.named = append(c.named, driver.NamedValue{Ordinal: i + 1, Value: value})
	}
	_, c.err = stmt.(driver.StmtExecContext).ExecContext(c.ctx, c.named) //nolint:forcetypeassert // this driver's is
}

func (c *bareConn) close() error {
	var errs []error
	for _, stmt := range c.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}
