package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// ChannelDigest is what the library remembers of a channel database in the
// content folder, as long as the file has this size and time.
type ChannelDigest struct {
	channel.Metadata
	channel.Totals

	FileSize int64 `json:"-"`
	Modified int64 `json:"-"` // nanoseconds since 1970

	// Whole lists the files that an import of the whole channel brings, as
	// package library writes them, when all are here. ChannelDigests leaves it
	// out; see WholeChannel.
	Whole []byte `json:"-"`
}

// ChannelDigests answers the digests of all channels by id. One that a later
// version wrote and that cannot be read is left out: it is made anew.
func (s *Store) ChannelDigests(ctx context.Context) (map[channel.ID]ChannelDigest, error) {
	rows, err := collect(ctx, s, func(r row) (ChannelDigest, error) {
		var d ChannelDigest
		var id, text string
		if err := r.Scan(&id, &d.FileSize, &d.Modified, &text); err != nil {
			return d, err
		}
		if json.Unmarshal([]byte(text), &d) == nil {
			d.ID = channel.ID(id)
		}
		return d, nil
	}, "SELECT id, file_size, modified, digest FROM channels")
	if err != nil {
		return nil, err
	}
	digests := make(map[channel.ID]ChannelDigest, len(rows))
	for _, d := range rows {
		if d.ID != "" {
			digests[d.ID] = d
		}
	}
	return digests, nil
}

// WholeChannel answers ChannelDigest.Whole of the channel, with the size and
// time of its database; nil when nothing is remembered.
func (s *Store) WholeChannel(ctx context.Context, id channel.ID) (whole []byte, fileSize, modified int64, err error) {
	err = s.reader(ctx).QueryRowContext(ctx, "SELECT whole, file_size, modified FROM channels WHERE id = ?", string(id)).
		Scan(&whole, &fileSize, &modified)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, 0, nil
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("read files of channel %s: %w", id, err)
	}
	return whole, fileSize, modified, nil
}

// RememberChannel stores the digest of a channel.
func (s *Store) RememberChannel(ctx context.Context, d ChannelDigest) error {
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode digest of channel %s: %w", d.ID, err)
	}
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT OR REPLACE INTO channels (id, file_size, modified, digest, whole) VALUES (?, ?, ?, ?, ?)",
			string(d.ID), d.FileSize, d.Modified, string(text), d.Whole)
		return err
	})
}

// ForgetChannel drops the digest and the titles of a channel, and what came to it.
func (s *Store) ForgetChannel(ctx context.Context, id channel.ID) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, statement := range []string{"DELETE FROM channels WHERE id = ?", "DELETE FROM titles WHERE channel = ?", "DELETE FROM arrivals WHERE channel = ?"} {
			if _, err := tx.Exec(statement, string(id)); err != nil {
				return err
			}
		}
		return nil
	})
}
