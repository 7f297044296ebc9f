package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/task"
)

// fewJobs is from how many matching jobs on they are not sorted anew for a
// page, but looked for in the order of an index.
const fewJobs = 2000

// inOrder answers the numbers of jobs that match in the order of creation, at
// most limit of them, from after a number on; 0 is the beginning.
func (s *Store) inOrder(ctx context.Context, sel *selection, after int64, ascending bool, limit int) ([]int64, error) {
	rest, order := sel.after(after, ascending), direction(ascending)
	if sel.set != "" || sel.all && len(sel.states) == len(task.States()) {
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
			queries = append(queries, fmt.Sprintf("SELECT * FROM (SELECT number FROM jobs INDEXED BY jobs_kind WHERE %s ORDER BY number %s LIMIT %d)",
				strings.Join(where, " AND "), order, limit))
			values = append(append(values, rest.first, rest.beyond), sel.values...)
		}
		some, err := s.numbers(ctx, strings.Join(queries, " UNION ALL "), values...)
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
	rows, many, err := s.totals(ctx)
	if err != nil {
		return nil, err
	}
	var parts []cell
	for _, c := range rows {
		if _, ok := slices.BinarySearch(sel.kinds, c.kind); ok && c.change > 0 && slices.Contains(sel.states, c.state) {
			parts = append(parts, c.cell)
		}
	}
	if !many {
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

// sorted answers the numbers of jobs that match by the order of a column, at
// most limit, from after the cursor on. So many match as were counted.
func (s *Store) sorted(ctx context.Context, sel *selection, by ordering, after *cursor, limit int, counted int64) ([]int64, error) {
	var found []int64
	for _, missing := range by.stretches() {
		if missing && after != nil && after.Value != 0 && by.ascending || !missing && by.missing && after != nil && after.Value == 0 && !by.ascending {
			continue // passed already
		}
		from := after
		if from != nil && by.missing && missing != (from.Value == 0) {
			from = nil
		}
		some, err := s.stretch(ctx, sel, by, missing, from, limit-len(found), counted)
		if err != nil {
			return nil, err
		}
		if found = append(found, some...); len(found) >= limit {
			break
		}
	}
	return found, nil
}

// stretches answers in which order the jobs come that have no value (true)
// and those that have one.
func (o ordering) stretches() []bool {
	switch {
	case !o.missing:
		return []bool{false}
	case o.ascending:
		return []bool{true, false}
	}
	return []bool{false, true}
}

func (s *Store) stretch(ctx context.Context, sel *selection, by ordering, missing bool, after *cursor, limit int, counted int64) ([]int64, error) {
	few := s.few >= counted
	switch {
	case few || sel.set != "":
	case missing:
		return s.without(ctx, sel, by, after, limit)
	case by.column == "finished" && sel.ofATime():
		return s.endedIn(ctx, sel, by, after, limit, counted)
	}
	condition, values := sel.condition(true)
	where := []string{condition}
	direction, compare := by.sql()
	order := by.column + " " + direction + ", number " + direction
	switch {
	case missing:
		where, order = append(where, by.column+" IS NULL"), "number "+direction
		if after != nil {
			where, values = append(where, "number "+compare+" ?"), append(values, after.Number)
		}
	default:
		if by.missing {
			where = append(where, by.column+" IS NOT NULL")
		}
		if after != nil {
			where, values = append(where, "("+by.column+", number) "+compare+" (?, ?)"), append(values, after.Value, after.Number)
		}
	}
	from := "jobs"
	if !missing && by.index != "" && !few && sel.set == "" {
		from += " INDEXED BY " + by.index
	}
	if few { // all that match are read and sorted
		kept, bounds := sel.kept()
		where, values = append(where, "number IN (SELECT number FROM jobs INDEXED BY jobs_kind WHERE "+kept+")"), append(values, bounds...)
	}
	query := fmt.Sprintf("SELECT number FROM %s WHERE %s ORDER BY %s LIMIT %d", from, strings.Join(where, " AND "), order, limit)
	return s.numbers(ctx, query, values...)
}

// unrun is the condition of the index of that name.
const unrun = "state >= 7 AND (started IS NULL OR finished IS NULL)"

// without answers the numbers of jobs without a value in the column, in the order of
// creation, at most limit, from after the cursor on. Those not at rest are looked at one by
// one; of those at rest nearly all have a value, and the few others an index.
func (s *Store) without(ctx context.Context, sel *selection, by ordering, after *cursor, limit int) ([]int64, error) {
	passed := lo.FromPtr(after).Number
	active, resting := sel.of(false), sel.of(true)
	active.where = append(slices.Clone(sel.where), by.column+" IS NULL")
	found, err := s.inOrder(ctx, &active, passed, by.ascending, limit)
	if err != nil {
		return nil, err
	}
	resting = resting.after(passed, by.ascending)
	condition, values := resting.condition(true)
	some, err := s.numbers(ctx, fmt.Sprintf("SELECT number FROM jobs INDEXED BY jobs_unrun WHERE %s AND %s IS NULL AND %s ORDER BY number %s LIMIT %d",
		unrun, by.column, condition, direction(by.ascending), limit), values...)
	return firstOf(append(found, some...), by.ascending, limit), err
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
