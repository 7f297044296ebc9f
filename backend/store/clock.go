package store

import (
	"context"
	"fmt"
	"time"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// AwaitsClock reports whether a SCHEDULED job waits for a moment of the wall
// clock.
func (s *Store) AwaitsClock(ctx context.Context) (bool, error) {
	var waits bool
	err := s.db.Reader().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM jobs WHERE wall = 1 AND state = 1)").Scan(&waits)
	if err != nil {
		return false, fmt.Errorf("look for jobs that wait for the clock: %w", err)
	}
	return waits, nil
}

// onCron chooses the jobs that wait for a planned time of their cron rule.
const onCron = "wall = 1 AND state IN (1, 5) AND cron <> '' ORDER BY due, number"

// CronJobs answers the jobs that wait for a planned time of their cron rule,
// in the order of these times.
func (s *Store) CronJobs(ctx context.Context) ([]task.Job, error) {
	return s.jobs(ctx, onCron)
}

// notAtRest chooses the jobs not at rest without a look at the others: the
// history may be long.
const notAtRest = notAtRestAnd + ")"

// notAtRestNorInTurn chooses those of them that are not in turn.
const notAtRestNorInTurn = notAtRestAnd + " AND j.in_turn = 0)"

// notAtRestAnd is what both begin with.
const notAtRestAnd = "number IN (SELECT j.number FROM job_kinds k CROSS JOIN jobs j INDEXED BY jobs_kind ON j.kind = k.kind AND j.state < 7"

// Ahead answers the jobs not at rest that wait for the end of a delay, and
// began to by a clock that showed a later time than now, or are queued and due
// later.
func (s *Store) Ahead(ctx context.Context, now time.Time) ([]task.Job, error) {
	those := notAtRest
	if s.lastTurn.Load() <= millis(now) {
		those = notAtRestNorInTurn // many may wait in turn, and none is due later than the last of them
	}
	return s.jobs(ctx, those+" AND wall = 0 AND (since > ? OR state = 2 AND due > ?) ORDER BY number", millis(now), millis(now))
}

// MoveClock takes over that the wall clock was set by so much. It moves the
// end of every delay, and the times from which repeats are counted, of all
// jobs not at rest, and lets the function plan the jobs of CronJobs again: all
// of it or nothing.
func (s *Store) MoveClock(ctx context.Context, by time.Duration, replan func(*task.Job)) error {
	return s.edit(ctx, func(e *edit) error {
		_, err := e.Exec(`UPDATE jobs SET due = due + ?1, since = since + ?1, planned = planned + CASE cron WHEN '' THEN ?1 ELSE 0 END
			WHERE `+notAtRest+` AND wall = 0`, by.Milliseconds())
		if err != nil {
			return err
		}
		s.lastTurn.Add(max(0, by.Milliseconds())) // those in turn moved together; too late a time does no harm
		jobs, err := cronJobs(e.Tx)
		if err != nil {
			return err
		}
		for i := range jobs {
			before := jobs[i]
			replan(&jobs[i])
			if err := e.writeJob(&before, &jobs[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func cronJobs(tx *sqlitedb.Tx) ([]task.Job, error) {
	rows, err := tx.Query("SELECT " + jobColumns + " FROM jobs WHERE " + onCron)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	return scanJobs(rows)
}
