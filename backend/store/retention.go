package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Expire removes jobs at rest, with all that is kept of them, that ended
// before the given time or are not among the newest keep ones; a zero time
// and a keep of 0 set no such limit. It removes at most limit jobs, the oldest
// first, in one transaction, and answers of each its id, task and person. Jobs
// that wait, run or are due again are never touched.
func (s *Store) Expire(ctx context.Context, before time.Time, keep int64, limit int) ([]task.Job, error) {
	var expired []task.Job
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		surplus, err := lastSurplus(tx, keep)
		if err != nil {
			return err
		}
		if expired, err = ended(tx, before, surplus, limit); err != nil {
			return err
		}
		for i := range expired {
			if _, err := tx.Exec("DELETE FROM jobs WHERE number = ?", expired[i].Number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return expired, nil
}

// sweepStep bounds how far the time by which the history is swept follows the
// clock from one sweep to the next.
const sweepStep = 31 * 24 * time.Hour

// SweepBy answers by which time the history is to be swept for its age now, and
// remembers it: the clock's, but at most a month after that of the last sweep.
// A clock that is years ahead then takes a month of the history a day, and
// people have days to notice; a laptop that lay in a cupboard for a year takes
// two weeks to catch up.
func (s *Store) SweepBy(ctx context.Context, now time.Time) (by time.Time, err error) {
	err = s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		var last int64
		err := tx.QueryRow("SELECT at FROM history_sweep").Scan(&last)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			by = now
		case err != nil:
			return err
		default:
			by = time.UnixMilli(min(now.UnixMilli(), last+sweepStep.Milliseconds())).UTC()
		}
		_, err = tx.Exec("INSERT OR REPLACE INTO history_sweep (one, at) VALUES (1, ?)", by.UnixMilli())
		return err
	})
	return by, err
}

// lastSurplus answers when the last job ended that is not among the newest
// keep ones; the zero time when all are.
func lastSurplus(tx *sqlitedb.Tx, keep int64) (time.Time, error) {
	if keep <= 0 {
		return time.Time{}, nil
	}
	var at sql.NullInt64
	err := tx.QueryRow(`SELECT finished FROM jobs
		WHERE state >= 7 AND finished IS NOT NULL
		ORDER BY finished DESC LIMIT 1 OFFSET ?`, keep).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return fromNullMillis(at), err
}

// ended answers jobs at rest that ended before the one time, or at the other
// or before. A job that ended before all time, by a clock without a battery,
// is not known to be old.
func ended(tx *sqlitedb.Tx, before, surplus time.Time, limit int) ([]task.Job, error) {
	rows, err := tx.Query(`SELECT number, fixed_id, task, started_by FROM jobs
		WHERE state >= 7 AND finished <= max(?1 - 1, ?2) AND (finished <= ?2 OR finished >= ?3) AND repeat = 0 AND cron = ''
		ORDER BY finished LIMIT ?4`, millis(before), millis(surplus), millis(task.Earliest), limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var jobs []task.Job
	for rows.Next() {
		var j task.Job
		var fixed sql.NullString
		if err := rows.Scan(&j.Number, &fixed, &j.Task, &j.StartedBy); err != nil {
			return nil, err
		}
		j.ID = task.NumberID(j.Number)
		if fixed.Valid {
			j.ID = task.ID(fixed.String)
		}
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}
