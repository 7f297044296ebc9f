package store

import (
	"context"
	"database/sql"

	"nectar/backend/task"
)

// The last attempt of a job is what the job itself says of its start, its end
// and its outcome. It has a row of its own only from when the job is to say
// something else: when another attempt follows it, or a job that waits again is
// cancelled.

// keepAttempt gives the last attempt its row before a change that would lose
// it.
func (e *edit) keepAttempt(before, after *task.Job) error {
	if before.Attempts == 0 || underway(before.State) || sameAttempt(before, after) {
		return nil
	}
	_, err := e.Exec(`INSERT OR IGNORE INTO attempts
		(job, attempt, started, finished, outcome, failure_code, failure_params, failure_detail)
		SELECT number, attempts, started, finished, outcome, failure_code, failure_params, failure_detail
		FROM jobs WHERE number = ? AND `+lastAttempt, before.Number)
	return err
}

// lastAttempt is the condition that a job, which no worker holds, says what its
// last attempt was.
const lastAttempt = "state NOT IN (4, 6) AND attempts > 0 AND started IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.job = jobs.number AND a.attempt = jobs.attempts)"

func underway(s task.State) bool { return s == task.Running || s == task.Canceling }

func sameAttempt(a, b *task.Job) bool {
	return a.Attempts == b.Attempts && a.Started.Equal(b.Started) && a.Finished.Equal(b.Finished) && a.Outcome == b.Outcome && a.Failure == b.Failure
}

// Attempts answers the attempts of a job, the first one first. The one under
// way has no end yet.
func (s *Store) Attempts(ctx context.Context, job int64) ([]task.Attempt, error) {
	return collect(ctx, s, func(r row) (task.Attempt, error) {
		var a task.Attempt
		var started int64
		var finished sql.NullInt64
		var code, params, detail sql.NullString
		err := r.Scan(&a.Number, &started, &finished, &a.Outcome, &code, &params, &detail)
		a.Started, a.Finished = fromMillis(started), fromNullMillis(finished)
		a.Failure = scanFailure(code, params, detail)
		return a, err
	}, `SELECT attempt, started, finished, outcome, failure_code, failure_params, failure_detail
		FROM attempts WHERE job = ?
		UNION ALL SELECT attempts, started, finished, outcome, failure_code, failure_params, failure_detail
		FROM jobs WHERE number = ? AND `+lastAttempt+`
		UNION ALL SELECT attempts, started, NULL, '', NULL, NULL, NULL
		FROM jobs WHERE number = ? AND state IN (4, 6)
		ORDER BY attempt`, job, job, job)
}
