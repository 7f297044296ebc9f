package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// maxServerDatabases is how many databases of servers are remembered; those that were
// fetched longest ago are forgotten.
const maxServerDatabases = 2000

// RememberServerDatabase stores the state of a server's database of a channel when it
// was fetched and found sound.
func (s *Store) RememberServerDatabase(ctx context.Context, server string, id channel.ID, state channel.DatabaseState) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT OR REPLACE INTO server_databases (source, channel, tag, size, version, seen) VALUES (?, ?, ?, ?, ?, ?)",
			server, string(id), state.Tag, state.Size, state.Version, millis(s.now()))
		if err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM server_databases WHERE (source, channel) IN
			(SELECT source, channel FROM server_databases ORDER BY seen DESC, source, channel LIMIT -1 OFFSET ?)`, maxServerDatabases)
		return err
	})
}

// ServerDatabase answers the state of a server's database of a channel when it was last
// fetched; the zero value when it never was.
func (s *Store) ServerDatabase(ctx context.Context, server string, id channel.ID) (channel.DatabaseState, error) {
	var state channel.DatabaseState
	err := s.reader(ctx).QueryRowContext(ctx, "SELECT tag, size, version FROM server_databases WHERE source = ? AND channel = ?", server, string(id)).
		Scan(&state.Tag, &state.Size, &state.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return channel.DatabaseState{}, nil
	}
	if err != nil {
		return channel.DatabaseState{}, fmt.Errorf("read what is known of a server's database: %w", err)
	}
	return state, nil
}
