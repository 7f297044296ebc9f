package store

import (
	"context"

	"nectar/backend/sqlitedb"
)

// SeenFolders answers the folders of the storage, by name, with the time of
// their last change (nanoseconds since 1970) when all verified files in them
// were found as they had been.
func (s *Store) SeenFolders(ctx context.Context) (map[string]int64, error) {
	type folder struct {
		name     string
		modified int64
	}
	rows, err := collect(ctx, s, func(r row) (f folder, err error) {
		err = r.Scan(&f.name, &f.modified)
		return f, err
	}, "SELECT name, modified FROM seen_folders")
	if err != nil {
		return nil, err
	}
	seen := make(map[string]int64, len(rows))
	for _, f := range rows {
		seen[f.name] = f.modified
	}
	return seen, nil
}

// RememberFolders stores the folders in the place of those that were known.
func (s *Store) RememberFolders(ctx context.Context, seen map[string]int64) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec("DELETE FROM seen_folders"); err != nil {
			return err
		}
		for name, modified := range seen {
			if _, err := tx.Exec("INSERT INTO seen_folders (name, modified) VALUES (?, ?)", name, modified); err != nil {
				return err
			}
		}
		return nil
	})
}
