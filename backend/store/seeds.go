package store

import (
	"context"

	"nectar/backend/sqlitedb"
)

// Seeds answers the names that were remembered by RememberSeeds.
func (s *Store) Seeds(ctx context.Context) (map[string]bool, error) {
	names, err := collect(ctx, s, func(r row) (string, error) {
		var name string
		return name, r.Scan(&name)
	}, "SELECT name FROM seeds")
	if err != nil {
		return nil, err
	}
	seeds := make(map[string]bool, len(names))
	for _, name := range names {
		seeds[name] = true
	}
	return seeds, nil
}

// RememberSeeds stores for ever that the periodic jobs of these names were
// made.
func (s *Store) RememberSeeds(ctx context.Context, names ...string) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, name := range names {
			if _, err := tx.Exec("INSERT OR IGNORE INTO seeds (name, seeded) VALUES (?, ?)", name, millis(s.now())); err != nil {
				return err
			}
		}
		return nil
	})
}
