package store

import (
	"context"
	"database/sql"
	"fmt"
)

// reads is what can be asked: the reading connections, each question on its
// own, or one moment of the database.
type reads interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// momentKey is the key under which a context carries a moment.
type momentKey struct{}

// atOneMoment lets all questions asked with the context that it hands out see
// one state of the database. An answer that is put together of several needs
// it: between two questions a job may go from one state to another, and would
// be in neither. Within a moment it is that one.
func (s *Store) atOneMoment(ctx context.Context, read func(context.Context) error) error {
	if _, within := ctx.Value(momentKey{}).(*sql.Tx); within {
		return read(ctx)
	}
	tx, err := s.db.Reader().BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // there is nothing to commit
	return read(context.WithValue(ctx, momentKey{}, tx))
}

// reader answers what to ask with the context.
func (s *Store) reader(ctx context.Context) reads {
	if tx, ok := ctx.Value(momentKey{}).(*sql.Tx); ok {
		return tx
	}
	return s.db.Reader()
}
