package store

import (
	"context"
	"slices"

	"nectar/backend/task"
)

// Counts answers how many jobs of each state match, apart from the filter's
// states. It adds up what is kept of whole blocks, and looks at jobs only in
// blocks that the filter's time cuts; with Repeating or Planned at those alone.
// A text is searched for in every job.
func (s *Store) Counts(ctx context.Context, filter task.Filter) (map[task.State]int64, error) {
	sel, err := s.selected(ctx, filter)
	if err != nil {
		return nil, err
	}
	return s.counts(ctx, filter, &sel)
}

func (s *Store) counts(ctx context.Context, filter task.Filter, sel *selection) (map[task.State]int64, error) {
	counts := map[task.State]int64{}
	add := func(query string, values ...any) error {
		rows, err := s.cells(ctx, query, values...)
		for _, c := range rows {
			if _, ok := slices.BinarySearch(sel.kinds, c.kind); ok && c.change > 0 {
				counts[c.state] += c.change
			}
		}
		return err
	}
	if sel.set != "" || filter.Search != "" {
		return counts, add("SELECT kind, state, count(*) FROM jobs WHERE "+sel.condition(false)+" GROUP BY kind, state", sel.values...)
	}
	if filter.Since.IsZero() && filter.Until.IsZero() {
		return counts, add("SELECT kind, state, n FROM job_counts WHERE block = -1")
	}
	since, until := timeOf(filter)
	for _, part := range []struct {
		query  string
		values []any
	}{
		{`SELECT c.kind, c.state, sum(c.n) FROM job_blocks b CROSS JOIN job_counts c ON c.block = b.block
			WHERE b.earliest >= ? AND b.latest < ? GROUP BY c.kind, c.state`, []any{since, until}},
		{`SELECT j.kind, j.state, count(*) FROM job_blocks b CROSS JOIN jobs j ON j.number >= b.block << 10 AND j.number < (b.block + 1) << 10
			WHERE b.latest >= ? AND b.earliest < ? AND NOT (b.earliest >= ? AND b.latest < ?)
			AND j.state >= 7 AND j.created >= ? AND j.created < ? GROUP BY j.kind, j.state`, []any{since, until, since, until, since, until}},
		{`SELECT j.kind, j.state, count(*) FROM job_kinds k CROSS JOIN jobs j ON j.kind = k.kind AND j.state < 7
			WHERE j.created >= ? AND j.created < ? GROUP BY j.kind, j.state`, []any{since, until}},
	} {
		if err := add(part.query, part.values...); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// cells answers numbers of jobs by kind and state.
func (s *Store) cells(ctx context.Context, query string, values ...any) ([]counted, error) {
	return collect(ctx, s, func(r row) (counted, error) {
		var c counted
		return c, r.Scan(&c.kind, &c.state, &c.change)
	}, query, values...)
}

// QueueCounts answers how many jobs of each queue and state the reader may
// see. A queue without such jobs is absent.
func (s *Store) QueueCounts(ctx context.Context, readable task.Readable) (map[string]map[task.State]int64, error) {
	type count struct {
		key   kindKey
		state task.State
		n     int64
	}
	rows, err := collect(ctx, s, func(r row) (count, error) {
		var c count
		return c, r.Scan(&c.key.task, &c.key.queue, &c.key.startedBy, &c.state, &c.n)
	}, "SELECT k.task, k.queue, k.started_by, c.state, c.n FROM job_counts c JOIN job_kinds k ON k.kind = c.kind WHERE c.block = -1 AND c.n > 0")
	if err != nil {
		return nil, err
	}
	counts := map[string]map[task.State]int64{}
	for _, c := range rows {
		if !c.key.passes(task.Filter{Readable: readable}) {
			continue
		}
		if counts[c.key.queue] == nil {
			counts[c.key.queue] = map[task.State]int64{}
		}
		counts[c.key.queue][c.state] += c.n
	}
	return counts, nil
}
