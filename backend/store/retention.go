package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/samber/lo"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Expire removes jobs at rest, with all that is kept of them, that ended
// before the one time, or at the other or before; a zero time sets no such
// limit. It removes at most limit jobs, the oldest first, in one transaction,
// and answers of each its id, task and person. Jobs that wait, run or are due
// again are never touched.
func (s *Store) Expire(ctx context.Context, before, surplus time.Time, limit int) ([]task.Job, error) {
	var expired []task.Job
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) (err error) {
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

// Surplus answers when the last job ended that is not among the newest keep of those at
// rest; the zero time when all are, or keep is 0. It looks at all that ended if there are
// more: once for a sweep, not for each of its transactions.
func (s *Store) Surplus(ctx context.Context, keep int64) (last time.Time, err error) {
	if keep <= 0 {
		return last, nil
	}
	err = s.atOneMoment(ctx, func(ctx context.Context) error {
		cells, err := s.cells(ctx, atRest)
		if err != nil || lo.SumBy(cells, func(c counted) int64 { return c.change }) <= keep {
			return err
		}
		var at sql.NullInt64
		err = s.reader(ctx).QueryRowContext(ctx, `SELECT finished FROM jobs INDEXED BY jobs_ended
			WHERE state >= 7 AND finished IS NOT NULL ORDER BY finished DESC LIMIT 1 OFFSET ?`, keep).Scan(&at)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("find the end of the history: %w", err)
		}
		last = fromNullMillis(at)
		return nil
	})
	return last, err
}

// ended answers jobs at rest that ended before the one time, or at the other
// or before. A job that ended before all time, by a clock without a battery,
// is not known to be old.
func ended(tx *sqlitedb.Tx, before, surplus time.Time, limit int) ([]task.Job, error) {
	parts, err := restingParts(tx)
	if err != nil {
		return nil, err
	}
	by := orderings["finished"]
	by.ascending = true
	old := sectionOf(by, nil).within(by, math.MinInt64, max(millis(before)-1, millis(surplus)))
	var found []expiring
	for group := range slices.Chunk(parts, partsAtOnce) {
		some, err := endedOf(tx, by, old, group, surplus, limit)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, func(a, b expiring) int { return by.places(a.place, b.place) })
	return lo.Map(found[:min(limit, len(found))], func(e expiring, _ int) task.Job { return e.job }), nil
}

// expiring is a job whose time is over, and its place in the order of the ends.
type expiring struct {
	place cursor
	job   task.Job
}

// endedOf is ended for some parts of the index.
func endedOf(tx *sqlitedb.Tx, by ordering, old section, parts []cell, surplus time.Time, limit int) ([]expiring, error) {
	query, values := merge(by, old, parts)
	rows, err := tx.Query("SELECT value, number, fixed_id, task, started_by FROM ("+query+` LIMIT -1) CROSS JOIN jobs ON number = job
		WHERE (value <= ? OR value >= ?) AND repeat = 0 AND cron = '' LIMIT ?`, append(values, millis(surplus), millis(task.Earliest), limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []expiring
	for rows.Next() {
		var e expiring
		var fixed sql.NullString
		if err := rows.Scan(&e.place.Value, &e.place.Number, &fixed, &e.job.Task, &e.job.StartedBy); err != nil {
			return nil, err
		}
		e.job.Number, e.job.ID = e.place.Number, task.NumberID(e.place.Number)
		if fixed.Valid {
			e.job.ID = task.ID(fixed.String)
		}
		found = append(found, e)
	}
	return found, rows.Err()
}

// restingParts answers the parts of the index that have jobs at rest.
func restingParts(tx *sqlitedb.Tx) ([]cell, error) {
	rows, err := tx.Query(atRest)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var parts []cell
	for rows.Next() {
		c := counted{cell: cell{part: everywhere}}
		if err := rows.Scan(&c.kind, &c.state, &c.change); err != nil {
			return nil, err
		}
		if c.change > 0 {
			parts = append(parts, c.cell)
		}
	}
	return parts, rows.Err()
}
