package store

import (
	"context"

	"nectar/backend/sqlitedb"
)

// RunsAhead answers the tasks that RunAhead named and RanAhead did not since, in no order:
// at a start, those whose jobs were ahead of the storage when the program died.
func (s *Store) RunsAhead(ctx context.Context) ([]string, error) {
	return collect(ctx, s, func(r row) (string, error) {
		var name string
		return name, r.Scan(&name)
	}, "SELECT task FROM run_ahead")
}

// RunAhead notes that jobs of the task will be run before it is stored that they began.
func (s *Store) RunAhead(ctx context.Context, task string) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT OR IGNORE INTO run_ahead (task) VALUES (?)", task)
		return err
	})
}

// RanAhead notes that no job of the tasks is ahead any more.
func (s *Store) RanAhead(ctx context.Context, tasks ...string) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, name := range tasks {
			if _, err := tx.Exec("DELETE FROM run_ahead WHERE task = ?", name); err != nil {
				return err
			}
		}
		return nil
	})
}
