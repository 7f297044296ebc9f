package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/task"
)

// inOrder answers the numbers of jobs that match in the order of creation, at
// most limit of them, from after a number on; 0 is the beginning.
func (s *Store) inOrder(ctx context.Context, sel *selection, after int64, ascending bool, limit int) ([]int64, error) {
	rest, order := sel.after(after, ascending), direction(ascending)
	if sel.set != "" || sel.all && sel.whole {
		condition, values := rest.condition(true)
		return s.numbers(ctx, fmt.Sprintf("SELECT number FROM jobs WHERE %s ORDER BY number %s LIMIT %d", condition, order, limit), values...)
	}
	var found []int64
	parts, err := s.parts(ctx, sel)
	if err != nil {
		return nil, err
	}
	for group := range slices.Chunk(parts, partsAtOnce) {
		var queries []string
		var values []any
		for _, p := range group {
			where := append([]string{fmt.Sprintf("kind = %d AND state = %d AND number >= ? AND number < ?", p.kind, p.state)}, sel.where...)
			queries = append(queries, "SELECT number FROM jobs INDEXED BY jobs_kind WHERE "+strings.Join(where, " AND "))
			values = append(append(values, rest.first, rest.beyond), sel.values...)
		}
		some, err := s.numbers(ctx, fmt.Sprintf("%s ORDER BY number %s LIMIT %d", strings.Join(queries, " UNION ALL "), order, limit), values...)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return firstOf(found, ascending, limit), nil
}

// partsAtOnce bounds how many parts of the index one statement reads.
const partsAtOnce = 64

// parts answers the parts of the index by kind and state that can have jobs
// which match. Where the jobs not at rest are counted in memory, which may be
// ahead of or behind what is read, each of their states is looked at.
func (s *Store) parts(ctx context.Context, sel *selection) ([]cell, error) {
	all, err := s.totalsOf(ctx, sel)
	if err != nil {
		return nil, err
	}
	var parts []cell
	for _, c := range all.cells {
		if _, ok := slices.BinarySearch(sel.kinds, c.kind); ok && c.change > 0 && slices.Contains(sel.states, c.state) {
			parts = append(parts, c.cell)
		}
	}
	if !all.many {
		return parts, nil
	}
	parts = slices.DeleteFunc(parts, func(c cell) bool { return !c.state.Resting() })
	for _, state := range sel.states {
		if state.Resting() {
			continue
		}
		for _, kind := range sel.kinds {
			parts = append(parts, cell{everywhere, kind, state})
		}
	}
	return parts, nil
}

// firstOf answers the first of the numbers in an order, at most limit.
func firstOf(numbers []int64, ascending bool, limit int) []int64 {
	slices.Sort(numbers)
	if !ascending {
		slices.Reverse(numbers)
	}
	return numbers[:min(limit, len(numbers))]
}

func (s *Store) numbers(ctx context.Context, query string, values ...any) ([]int64, error) {
	return collect(ctx, s, func(r row) (int64, error) {
		var n int64
		return n, r.Scan(&n)
	}, query, values...)
}

// jobsOf answers the jobs of the numbers, in that order. One that is gone
// meanwhile is left out.
func (s *Store) jobsOf(ctx context.Context, wanted []int64) ([]task.Job, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	jobs, err := s.jobs(ctx, "number IN ("+marks(len(wanted))+")", lo.ToAnySlice(wanted)...)
	if err != nil {
		return nil, err
	}
	place := make(map[int64]int, len(wanted))
	for i, n := range wanted {
		place[n] = i
	}
	slices.SortFunc(jobs, func(a, b task.Job) int { return place[a.Number] - place[b.Number] })
	return jobs, nil
}
