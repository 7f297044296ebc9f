package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nectar/backend/task"
)

// Job answers the job of that id, or fault.NotFound.
func (s *Store) Job(ctx context.Context, id task.ID) (task.Job, error) {
	condition, value := idCondition(id)
	j, err := scanJob(s.reader(ctx).QueryRowContext(ctx, "SELECT "+jobColumns+" FROM jobs WHERE "+condition, value))
	if errors.Is(err, sql.ErrNoRows) {
		return task.Job{}, unknownJob(id)
	}
	if err != nil {
		return task.Job{}, fmt.Errorf("read job: %w", err)
	}
	return j, nil
}

// askedFor is the condition for the job that a person asked for under a request id.
const askedFor = "request_id = ? AND started_by = ?"

// Asked answers the job that a person asked for under a request id. It reports
// whether there is one.
func (s *Store) Asked(ctx context.Context, person, requestID string) (task.Job, bool, error) {
	jobs, err := s.jobs(ctx, askedFor, requestID, person)
	if err != nil || len(jobs) == 0 {
		return task.Job{}, false, err
	}
	return jobs[0], true, nil
}

// InStates answers all jobs in the given states, in the order of creation.
func (s *Store) InStates(ctx context.Context, states ...task.State) ([]task.Job, error) {
	marks, values := stateList(states)
	return s.jobs(ctx, `number IN (SELECT j.number FROM job_kinds k CROSS JOIN jobs j
		ON j.kind = k.kind AND j.state IN (`+marks+`)) ORDER BY number`, values...)
}

// Waiting answers the jobs that wait for a thing of the world, in the order of
// creation.
func (s *Store) Waiting(ctx context.Context) ([]task.Job, error) {
	return s.jobs(ctx, "waiting_code IS NOT NULL AND state = 2 ORDER BY number")
}

// DueBy answers the SCHEDULED jobs that are due at the given time, the
// earliest first.
func (s *Store) DueBy(ctx context.Context, now time.Time) ([]task.Job, error) {
	return s.jobs(ctx, "state = 1 AND due <= ? ORDER BY due, number", millis(now))
}

// NextDue answers when the earliest SCHEDULED job is due; false when there is
// none.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var due sql.NullInt64
	err := s.reader(ctx).QueryRowContext(ctx, "SELECT min(due) FROM jobs WHERE state = 1").Scan(&due)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read next due time: %w", err)
	}
	return fromNullMillis(due), due.Valid, nil
}

func (s *Store) jobs(ctx context.Context, rest string, args ...any) ([]task.Job, error) {
	rows, err := s.reader(ctx).QueryContext(ctx, "SELECT "+jobColumns+" FROM jobs WHERE "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	return scanJobs(rows)
}

func scanJobs(rows *sql.Rows) ([]task.Job, error) {
	var jobs []task.Job
	for rows.Next() {
		j, err := scanJob(rows)
		if err != nil {
			return nil, fmt.Errorf("read job: %w", err)
		}
		if len(jobs) == cap(jobs) { // they are large: few are copied twice
			jobs = slices.Grow(jobs, 3*len(jobs)+4)
		}
		jobs = append(jobs, j)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return jobs, nil
}

func stateList(states []task.State) (list string, values []any) {
	for _, state := range states {
		values = append(values, int64(state))
	}
	return marks(len(values)), values
}

// marks answers n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
