package store

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// Titles are the titles of a channel database of a size and time, in parts
// that only package library reads.
type Titles struct {
	Channel  channel.ID
	FileSize int64
	Modified int64 // nanoseconds since 1970
	Parts    [][]byte
}

// TitlesOf answers the titles of a channel; none when nothing is remembered.
func (s *Store) TitlesOf(ctx context.Context, id channel.ID) (Titles, error) {
	found := Titles{Channel: id}
	var err error
	found.Parts, err = collect(ctx, s, func(r row) (part []byte, err error) {
		err = r.Scan(&found.FileSize, &found.Modified, &part)
		return part, err
	}, "SELECT file_size, modified, lines FROM titles WHERE channel = ? ORDER BY part", string(id))
	return found, err
}

// RememberTitles stores the titles of a channel in place of those before.
func (s *Store) RememberTitles(ctx context.Context, titles Titles) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec("DELETE FROM titles WHERE channel = ?", string(titles.Channel)); err != nil {
			return err
		}
		for part, lines := range titles.Parts {
			if _, err := tx.Exec("INSERT INTO titles (channel, part, file_size, modified, lines) VALUES (?, ?, ?, ?, ?)",
				string(titles.Channel), part, titles.FileSize, titles.Modified, lines); err != nil {
				return err
			}
		}
		return nil
	})
}
