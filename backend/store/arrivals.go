package store

import (
	"context"
	"time"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// Arrival is what came to a channel of this laptop last.
type Arrival struct {
	Channel   channel.ID
	Run       string // which run of which job brought it
	Resources int
	At        time.Time
}

// AddArrival stores that resources came to a channel, in the place of what came
// before. What one run brings in several attempts is added up.
func (s *Store) AddArrival(ctx context.Context, a Arrival) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`INSERT INTO arrivals (channel, run, resources, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (channel) DO UPDATE SET
				resources = excluded.resources + iif(run = excluded.run, resources, 0), run = excluded.run, at = excluded.at`,
			string(a.Channel), a.Run, a.Resources, millis(a.At))
		return err
	})
}

// Arrivals answers what came to each channel since a time, the latest first.
func (s *Store) Arrivals(ctx context.Context, since time.Time) ([]Arrival, error) {
	return collect(ctx, s, func(r row) (Arrival, error) {
		var a Arrival
		var id string
		var at int64
		err := r.Scan(&id, &a.Run, &a.Resources, &at)
		a.Channel, a.At = channel.ID(id), fromMillis(at)
		return a, err
	}, "SELECT channel, run, resources, at FROM arrivals WHERE at >= ? ORDER BY at DESC, channel", millis(since))
}
