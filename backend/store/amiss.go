package store

import (
	"context"
	"fmt"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// amiss finds the jobs of which a run went wrong and that the person has not
// set aside since: those that FAILED or were COMPLETED with problems, and those
// that repeat and whose last run failed. It takes the numbers of kinds, and the
// person twice.
const amiss = `SELECT j.number, j.attempts FROM jobs j INDEXED BY jobs_amiss
		WHERE (j.state = 8 OR (j.state = 9 AND j.problems > 0)) AND j.kind IN (%[1]s)
		AND NOT EXISTS (SELECT 1 FROM dismissed d WHERE d.person = ? AND d.job = j.number AND d.attempt >= j.attempts)
	UNION ALL SELECT j.number, j.attempts FROM jobs j INDEXED BY jobs_repeating
		WHERE (j.repeat <> 0 OR j.cron <> '') AND j.series_canceled = 0 AND j.state = 1 AND j.outcome = 'failed' AND j.kind IN (%[1]s)
		AND NOT EXISTS (SELECT 1 FROM dismissed d WHERE d.person = ? AND d.job = j.number AND d.attempt >= j.attempts)`

// Amiss answers the jobs that the reader may see, of which a run went wrong and
// that the reader has not set aside, the newest first and at most limit, and
// how many there are in all.
func (s *Store) Amiss(ctx context.Context, readable task.Readable, limit int) (jobs []task.Job, total int64, err error) {
	query, err := s.amissOf(ctx, readable)
	if err != nil {
		return nil, 0, err
	}
	counts, err := s.numbers(ctx, "SELECT count(*) FROM ("+query+")", readable.Person, readable.Person)
	if err != nil {
		return nil, 0, err
	}
	newest, err := s.numbers(ctx, fmt.Sprintf("SELECT number FROM (%s) ORDER BY number DESC LIMIT %d", query, limit), readable.Person, readable.Person)
	if err != nil {
		return nil, 0, err
	}
	jobs, err = s.jobsOf(ctx, newest)
	return jobs, counts[0], err
}

func (s *Store) amissOf(ctx context.Context, readable task.Readable) (string, error) {
	kinds, err := s.readableKinds(ctx, readable)
	return fmt.Sprintf(amiss, kinds), err
}

// noKind is a number that no kind has: an index cannot be read for an empty
// list.
const noKind = -1

func (s *Store) readableKinds(ctx context.Context, readable task.Readable) (string, error) {
	kinds, _, err := s.matchingKinds(ctx, task.Filter{Readable: readable})
	return numbers(append(kindNumbers(kinds), noKind)), err
}

// Dismiss sets jobs aside for a person, until a later run of them goes wrong.
func (s *Store) Dismiss(ctx context.Context, person string, jobs ...int64) error {
	return s.dismiss(ctx, "SELECT number, attempts FROM jobs WHERE number IN ("+numbers(jobs)+")", person)
}

// DismissAmiss sets all aside that Amiss tells this reader of.
func (s *Store) DismissAmiss(ctx context.Context, readable task.Readable) error {
	query, err := s.amissOf(ctx, readable)
	if err != nil {
		return err
	}
	return s.dismiss(ctx, query, readable.Person, readable.Person, readable.Person)
}

// dismiss takes the person before the values of the query.
func (s *Store) dismiss(ctx context.Context, query string, values ...any) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec("DELETE FROM dismissed WHERE job NOT IN (SELECT number FROM jobs)"); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT OR REPLACE INTO dismissed (person, job, attempt) SELECT ?, number, attempts FROM ("+query+")", values...)
		return err
	})
}

// Wanted is a thing of the world, or somebody's decision, and how many jobs
// wait for it.
type Wanted struct {
	task.Need

	Jobs  int64
	First int64 // the number of the oldest
}

// Wanted answers what the jobs that the reader may see wait for, what the
// oldest waits for first.
func (s *Store) Wanted(ctx context.Context, readable task.Readable) ([]Wanted, error) {
	kinds, err := s.readableKinds(ctx, readable)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s, func(r row) (Wanted, error) {
		var w Wanted
		return w, r.Scan(&w.Code, &w.Item, &w.Jobs, &w.First)
	}, `SELECT waiting_code, ifnull(waiting_item, ''), count(*), min(number) FROM jobs INDEXED BY jobs_waiting
		WHERE waiting_code IS NOT NULL AND state IN (2, 5) AND kind IN (`+kinds+`)
		GROUP BY waiting_code, waiting_item ORDER BY min(number)`)
}
