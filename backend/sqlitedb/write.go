package sqlitedb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// Tx is the change under way. It belongs to the function that was given it.
type Tx struct {
	// Group is for whatever the changes that share this transaction collect
	// for Options.BeforeCommit; nil at first. A change that may yet fail adds
	// to it last.
	Group any

	db  *DB
	ctx context.Context //nolint:containedctx // one for the whole group: a caller that leaves must not break the others
}

// change is one caller's part of a group.
type change struct {
	apply func(*Tx) error
	err   error
}

// ErrClosed is what Write answers after Close, and on a database that was
// opened to read.
var ErrClosed = errors.New("database is not open for writing")

// Write runs the function in a transaction and answers when it is durable.
// Changes that arrive while another is being committed share one transaction
// and one sync: each is undone alone when its function answers an error, and
// all fail together when the commit does.
//
// The function must not call Write, and must not wait for anything. Once it
// has begun it is not interrupted by the context.
func (db *DB) Write(ctx context.Context, apply func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	c := &change{apply: apply}
	if db.writer == nil || !db.groups.Do(c, db.commit) {
		return ErrClosed
	}
	return c.err
}

// commit applies a group in one transaction and says of each change what became
// of it. The context is nobody's: a caller that leaves must not break the
// others.
func (db *DB) commit(group []*change) {
	db.alone.Lock()
	defer db.alone.Unlock()
	err := db.applyAll(context.Background(), group)
	for _, c := range group {
		if err != nil && c.err == nil {
			c.err = err
		}
	}
}

func (db *DB) applyAll(ctx context.Context, group []*change) error {
	tx := &Tx{db: db, ctx: ctx}
	if _, err := tx.Exec("BEGIN IMMEDIATE"); err != nil {
		return db.explain(fmt.Errorf("begin: %w", err))
	}
	if len(group) == 1 {
		if group[0].err = tx.guarded(group[0].apply); group[0].err != nil {
			group[0].err = db.explain(group[0].err)
			_, err := tx.Exec("ROLLBACK")
			return err
		}
	} else {
		for _, c := range group {
			if err := tx.one(c); err != nil {
				_, _ = tx.Exec("ROLLBACK")
				return db.explain(err)
			}
		}
	}
	if db.beforeCommit != nil {
		if err := db.beforeCommit(tx); err != nil {
			_, _ = tx.Exec("ROLLBACK")
			return db.explain(fmt.Errorf("before commit: %w", err))
		}
	}
	if _, err := tx.Exec("COMMIT"); err != nil {
		_, _ = tx.Exec("ROLLBACK")
		return db.explain(fmt.Errorf("commit: %w", err))
	}
	db.room.keep()
	return nil
}

// one applies a caller's part between savepoints. It answers an error only
// when the whole group is lost.
func (tx *Tx) one(c *change) error {
	if _, err := tx.Exec("SAVEPOINT part"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	c.err = tx.guarded(c.apply)
	if c.err != nil {
		c.err = tx.db.explain(c.err)
		if _, err := tx.Exec("ROLLBACK TO part"); err != nil {
			return fmt.Errorf("undo: %w", errors.Join(c.err, err)) // a full disk ends the transaction
		}
	}
	if _, err := tx.Exec("RELEASE part"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// guarded turns a panic of one part into its error, so that a mistake in one
// caller can neither leave the turn taken nor harm the others.
func (tx *Tx) guarded(apply func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a change: %v", p)
		}
	}()
	return apply(tx)
}

// Exec runs a statement, prepared once for the life of the database. It goes
// to the driver by itself: most of the program's writing is small statements.
func (tx *Tx) Exec(query string, args ...any) (sql.Result, error) {
	var result sql.Result
	err := tx.db.writer.Raw(func(conn any) error {
		stmt, err := tx.db.execStmt(conn, query)
		if err != nil {
			return err
		}
		named := tx.db.named[:0]
		for i, arg := range args {
			value, err := driverValue(arg)
			if err != nil {
				return fmt.Errorf("argument %d: %w", i+1, err)
			}
			named = append(named, driver.NamedValue{Ordinal: i + 1, Value: value})
		}
		result, err = stmt.ExecContext(tx.ctx, named)
		clear(named)
		tx.db.named = named
		return err
	})
	return result, err
}

// driverValue makes a value that the driver takes.
func driverValue(arg any) (driver.Value, error) {
	switch arg.(type) {
	case nil, int64, string, bool, []byte, float64:
		return arg, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(arg)
}

// execStmt prepares a statement once. It is for whoever holds the turn.
func (db *DB) execStmt(conn any, query string) (driver.StmtExecContext, error) {
	if stmt, ok := db.execs[query]; ok {
		return stmt, nil
	}
	preparer, ok := conn.(driver.Conn)
	if !ok {
		return nil, fmt.Errorf("driver of kind %T", conn)
	}
	prepared, err := preparer.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	stmt, ok := prepared.(execStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("statement of kind %T", prepared), prepared.Close())
	}
	db.execs[query] = stmt
	return stmt, nil
}

// execStmt is a statement of the driver that changes something.
type execStmt interface {
	driver.StmtExecContext
	Close() error
}

// Query runs a query, prepared once for the life of the database. Close the
// rows before the next statement.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(tx.ctx, args...)
}

// QueryRow runs a query for one row, prepared once.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	stmt, err := tx.stmt(query)
	if err != nil {
		return Row{err: err}
	}
	return Row{row: stmt.QueryRowContext(tx.ctx, args...)}
}

// Row is the answer of QueryRow.
type Row struct {
	row *sql.Row
	err error
}

// Scan copies the columns. It answers sql.ErrNoRows when there is no row.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(into...)
}

func (tx *Tx) stmt(query string) (*sql.Stmt, error) {
	if stmt, ok := tx.db.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.db.writer.PrepareContext(tx.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	tx.db.stmts[query] = stmt
	return stmt, nil
}
