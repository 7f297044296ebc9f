package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nectar/backend/task"
)

// The QUEUED jobs of a priority run in the order of their ranks, due times and numbers. An
// index of that order costs each new job, and each that begins, a page of the log. Most
// jobs need none: they are asked for to run at once, so that whoever has the higher number
// has the later due time. These are in turn, and found by their numbers in the index of
// kinds; jobs_ready has the others alone. To have the order, both are merged.
//
// Of all jobs in turn that are not at rest, this holds: the due times are in the order of
// the numbers, and each began to wait when it was due. It is so when a job is inserted
// (takesTurn), and whatever would make a difference later takes the turn from the job
// (keepsTurn). A clock that is set moves the due times of all of them together (MoveClock).

// takesTurn reports whether a new job is in turn. It is asked in the order of the numbers,
// by whoever has the writer's turn.
func (s *Store) takesTurn(j *task.Job) bool {
	due := millis(j.Due)
	switch {
	case j.State != task.Queued && j.State != task.Running, j.Priority != task.Regular, j.Rank != 0, j.Wall,
		due != millis(j.Created), due != millis(since(j)), due < s.lastTurn.Load():
		return false
	}
	s.lastTurn.Store(due) // also when the insertion is undone: too late a time does no harm
	return true
}

// keepsTurn reports whether a job that was in turn still is.
func keepsTurn(before, after *task.Job) bool {
	return before.InTurn && after.Priority == before.Priority && after.Rank == before.Rank && after.Wall == before.Wall &&
		after.Due.Equal(before.Due) && since(after).Equal(since(before)) && after.State != task.Scheduled && (after.State.Resting() || !before.State.Resting())
}

// keepingTurn takes from a changed job, which it answers, the turn that it lost.
func keepingTurn(before, after *task.Job) *task.Job {
	after.InTurn = after.InTurn && keepsTurn(before, after)
	return after
}

// learnLastTurn reads the latest due time of a job in turn. A kind has it in its last one.
func (s *Store) learnLastTurn(ctx context.Context) error {
	const query = `SELECT ifnull(max(due), ?) FROM jobs WHERE number IN (
		SELECT (SELECT j.number FROM jobs j INDEXED BY jobs_kind
			WHERE j.kind = k.kind AND j.state = s.value AND j.in_turn = 1 ORDER BY j.number DESC LIMIT 1)
		FROM job_kinds k, json_each('[2,3,4,5,6]') s)` // those of jobs neither SCHEDULED nor at rest
	var last int64
	if err := s.db.Reader().QueryRowContext(ctx, query, int64(math.MinInt64)).Scan(&last); err != nil {
		return fmt.Errorf("read the last turn of a job: %w", err)
	}
	s.lastTurn.Store(last)
	return nil
}

// Ready answers QUEUED jobs of a priority in the order in which they are to
// run, at most limit of them, beginning after the place; nil is the front.
func (s *Store) Ready(ctx context.Context, priority task.Priority, after *task.Place, limit int) (jobs []task.Job, err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	ctx = context.WithoutCancel(ctx) // a page takes a few milliseconds; to look at each row whether it is wanted, a part of them
	err = s.atOneMoment(ctx, func(ctx context.Context) error {
		if jobs, err = s.placed(ctx, priority, after, limit); err != nil || priority != task.Regular {
			return err
		}
		inTurn, err := s.inTurn(ctx, after, limit)
		if err != nil {
			return err
		}
		jobs = both(jobs, inTurn)
		jobs = jobs[:min(limit, len(jobs))]
		return nil
	})
	return jobs, err
}

// placed answers what Ready does of the jobs that are not in turn.
func (s *Store) placed(ctx context.Context, priority task.Priority, after *task.Place, limit int) ([]task.Job, error) {
	const those, order = " WHERE state = 2 AND in_turn = 0 AND priority = ?", " ORDER BY rank, due, number LIMIT ?"
	if after == nil {
		return s.queued(ctx, those+order, limit, int64(priority))
	}
	return s.queued(ctx, those+" AND (rank, due, number) > (?, ?, ?)"+order, limit,
		int64(priority), after.Rank, millis(after.Due), after.Number)
}

// inTurn answers the jobs in turn that Ready may answer, in their order.
func (s *Store) inTurn(ctx context.Context, after *task.Place, limit int) (jobs []task.Job, err error) {
	condition, own := "state = 2 AND in_turn = 1 AND number > ?", []any{int64(0)}
	if after != nil && after.Rank >= 0 {
		condition += " AND (due, number) > (?, ?)"
		own = []any{after.Turn, millis(after.Due), after.Number}
	}
	kinds, err := s.numbers(ctx, `SELECT kind FROM job_kinds k WHERE EXISTS (
		SELECT 1 FROM jobs j INDEXED BY jobs_kind WHERE j.kind = k.kind AND j.state = 2 AND j.number > ?)`, own[0])
	if err != nil {
		return nil, err
	}
	if len(kinds) == 1 { // most often: its jobs are read as they come
		return s.queued(ctx, " INDEXED BY jobs_kind WHERE kind = ? AND "+condition+" ORDER BY number LIMIT ?", limit, append([]any{kinds[0]}, own...)...)
	}
	for group := range slices.Chunk(kinds, partsAtOnce) {
		var queries []string
		var values []any
		for _, kind := range group {
			queries = append(queries, fmt.Sprintf("SELECT * FROM (SELECT number FROM jobs INDEXED BY jobs_kind WHERE kind = %d AND %s ORDER BY number LIMIT %d)",
				kind, condition, limit))
			values = append(values, own...)
		}
		some, err := s.queued(ctx, " WHERE number IN ("+strings.Join(queries, " UNION ALL ")+") ORDER BY number LIMIT ?", limit, values...)
		if err != nil {
			return nil, err
		}
		jobs = both(jobs, some)
	}
	return jobs, nil
}

// both answers the jobs of both, each in the order of runs, in that order. Most often they
// are those of one: jobs are large, and then none is copied.
func both(some, others []task.Job) []task.Job {
	switch {
	case len(some) == 0:
		return others
	case len(others) == 0:
		return some
	}
	all := append(some, others...)
	slices.SortFunc(all, inOrderOfRuns)
	return all
}

func inOrderOfRuns(a, b task.Job) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), a.Due.Compare(b.Due), cmp.Compare(a.Number, b.Number))
}
