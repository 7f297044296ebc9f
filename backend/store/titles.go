package store

import (
	"context"
	"fmt"
	"iter"

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

// HasTitles reports whether the titles of a channel are remembered for a database
// of that size and time.
func (s *Store) HasTitles(ctx context.Context, id channel.ID, fileSize, modified int64) (bool, error) {
	var has bool
	err := s.reader(ctx).QueryRowContext(ctx,
		"SELECT EXISTS (SELECT 1 FROM titles WHERE channel = ? AND file_size = ? AND modified = ?)", string(id), fileSize, modified).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for titles of channel %s: %w", id, err)
	}
	return has, nil
}

// RememberTitles stores the titles of a channel in place of those before. The
// parts come one by one, since all of a large channel are much, and perhaps
// anew.
func (s *Store) RememberTitles(ctx context.Context, titles Titles, parts iter.Seq[[]byte]) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec("DELETE FROM titles WHERE channel = ?", string(titles.Channel)); err != nil {
			return err
		}
		part := 0
		for lines := range parts {
			if _, err := tx.Exec("INSERT INTO titles (channel, part, file_size, modified, lines) VALUES (?, ?, ?, ?, ?)",
				string(titles.Channel), part, titles.FileSize, titles.Modified, lines); err != nil {
				return err
			}
			part++
		}
		return nil
	})
}
