package store

import (
	"context"
	"time"

	"nectar/backend/sqlitedb"
)

// PausedQueues answers the queues that are held, each with since when.
func (s *Store) PausedQueues(ctx context.Context) (map[string]time.Time, error) {
	type held struct {
		queue string
		since time.Time
	}
	rows, err := collect(ctx, s, func(r row) (held, error) {
		var h held
		var since int64
		err := r.Scan(&h.queue, &since)
		h.since = fromMillis(since)
		return h, err
	}, "SELECT queue, since FROM paused_queues")
	if err != nil {
		return nil, err
	}
	paused := make(map[string]time.Time, len(rows))
	for _, h := range rows {
		paused[h.queue] = h.since
	}
	return paused, nil
}

// PauseQueue holds a queue. One that is held already stays so since then.
func (s *Store) PauseQueue(ctx context.Context, queue string, since time.Time) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT INTO paused_queues (queue, since) VALUES (?, ?) ON CONFLICT (queue) DO NOTHING", queue, millis(since))
		return err
	})
}

// ResumeQueue lets a queue go on.
func (s *Store) ResumeQueue(ctx context.Context, queue string) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("DELETE FROM paused_queues WHERE queue = ?", queue)
		return err
	})
}
