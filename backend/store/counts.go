package store

import (
	"context"
	"fmt"
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
	addAll := func(cells []counted) {
		for _, c := range cells {
			if _, ok := slices.BinarySearch(sel.kinds, c.kind); ok && c.change > 0 {
				counts[c.state] += c.change
			}
		}
	}
	add := func(query string, values ...any) error {
		rows, err := s.cells(ctx, query, values...)
		addAll(rows)
		return err
	}
	if sel.set != "" || filter.Search != "" {
		return counts, add("SELECT kind, state, count(*) FROM jobs WHERE "+sel.condition(false)+" GROUP BY kind, state", sel.values...)
	}
	if filter.Since.IsZero() && filter.Until.IsZero() {
		cells, _, err := s.totals(ctx)
		addAll(cells)
		return counts, err
	}
	return counts, s.countTime(ctx, filter, sel, add)
}

// countTime adds up the jobs that were created at the filter's time: what is kept of
// whole parts of the numbers, and the jobs themselves of blocks that the time cuts.
func (s *Store) countTime(ctx context.Context, filter task.Filter, sel *selection, add func(query string, values ...any) error) error {
	since, until := timeOf(filter)
	parts, err := s.wholeParts(ctx, since, until)
	if err != nil {
		return err
	}
	kinds := "IN (" + numbers(sel.kinds) + ")"
	if err := add("SELECT kind, state, sum(n) FROM job_counts WHERE part IN (" + numbers(parts) + ") AND kind " + kinds + " GROUP BY kind, state"); err != nil {
		return err
	}
	jobs := "jobs j NOT INDEXED ON TRUE"
	if !sel.all { // few of a block
		jobs = "jobs j INDEXED BY jobs_kind ON j.kind " + kinds
	}
	err = add(`SELECT j.kind, j.state, count(*) FROM job_blocks b CROSS JOIN `+jobs+` AND j.state IN (7, 8, 9) AND j.number >= b.block << 10 AND j.number < (b.block + 1) << 10
		WHERE b.latest >= ? AND b.earliest < ? AND NOT (b.earliest >= ? AND b.latest < ?)
		AND j.created >= ? AND j.created < ? GROUP BY j.kind, j.state`, since, until, since, until, since, until)
	if err != nil {
		return err
	}
	return add(`SELECT j.kind, j.state, count(*) FROM job_kinds k CROSS JOIN jobs j ON j.kind = k.kind AND j.state < 7
		WHERE j.created >= ? AND j.created < ? GROUP BY j.kind, j.state`, since, until)
}

// wholeParts answers the parts of the numbers that together are all blocks of which
// every job was created from the one time to before the other: as few as there are.
func (s *Store) wholeParts(ctx context.Context, since, until int64) ([]int64, error) {
	const whole = "earliest >= ? AND latest < ?"
	var first, last *int64
	if err := s.reader(ctx).QueryRowContext(ctx, "SELECT min(block), max(block) FROM job_blocks WHERE "+whole, since, until).Scan(&first, &last); err != nil {
		return nil, fmt.Errorf("find whole blocks: %w", err)
	}
	if first == nil {
		return nil, nil
	}
	others, err := s.numbers(ctx, "SELECT block FROM job_blocks WHERE block > ? AND block < ? AND NOT ("+whole+") ORDER BY block", *first, *last, since, until)
	if err != nil {
		return nil, err
	}
	var parts []int64
	from := *first
	for _, other := range append(others, *last+1) {
		parts = appendParts(parts, from, other)
		from = other + 1
	}
	return parts, nil
}

// appendParts appends the parts that are the blocks from the one to before the other.
func appendParts(parts []int64, from, to int64) []int64 {
	for block := from; block < to; {
		if next := block + 1<<volumeBits; block%(1<<volumeBits) == 0 && next <= to {
			parts = append(parts, volumePart(block>>volumeBits))
			block = next
			continue
		}
		parts = append(parts, blockPart(block))
		block++
	}
	return parts
}

// cells answers numbers of jobs by kind and state.
func (s *Store) cells(ctx context.Context, query string, values ...any) ([]counted, error) {
	return collect(ctx, s, func(r row) (counted, error) {
		var c counted
		return c, r.Scan(&c.kind, &c.state, &c.change)
	}, query, values...)
}

// Kept are the counts of jobs at rest. The others are counted in their index,
// unless they are many.
const (
	atRest = "SELECT kind, state, n FROM job_counts WHERE part = 0x7fffffffffffffff"
	active = `SELECT j.kind, j.state, count(*) FROM job_kinds k CROSS JOIN jobs j INDEXED BY jobs_kind
		ON j.kind = k.kind AND j.state < 7 GROUP BY j.kind, j.state`
)

// manyActive is how many jobs not at rest are too many to count them each time.
const manyActive = 5000

// totals answers how many jobs there are of each kind and state. With many not
// at rest, the counts of these may be ahead of or behind the others by what is
// being stored at this moment.
func (s *Store) totals(ctx context.Context) (cells []counted, many bool, err error) {
	inMemory := s.activeIfMany()
	if inMemory == nil {
		cells, err = s.cells(ctx, atRest+" UNION ALL "+active)
		return cells, false, err
	}
	cells, err = s.cells(ctx, atRest)
	return append(cells, inMemory...), true, err
}

// activeIfMany answers the counts of the jobs not at rest as they are kept in
// memory; nil if they are not kept or few.
func (s *Store) activeIfMany() []counted {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, cells := int64(0), []counted(nil)
	for c, n := range s.active {
		all += n
		cells = append(cells, counted{c, n})
	}
	if all <= s.many {
		return nil
	}
	return cells
}

// learnActive begins to keep the counts of the jobs not at rest.
func (s *Store) learnActive(ctx context.Context) error {
	cells, err := s.cells(ctx, active)
	s.active = map[cell]int64{}
	for _, c := range cells {
		c.part = everywhere
		s.active[c.cell] = c.change
	}
	return err
}

// QueueCounts answers how many jobs of each queue and state the reader may
// see. A queue without such jobs is absent.
func (s *Store) QueueCounts(ctx context.Context, readable task.Readable) (map[string]map[task.State]int64, error) {
	cells, _, err := s.totals(ctx)
	if err != nil {
		return nil, err
	}
	kinds, err := s.storedKinds(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[int64]kindKey{}
	for _, k := range kinds {
		keys[k.kind] = k.key
	}
	counts := map[string]map[task.State]int64{}
	for _, c := range cells {
		key, known := keys[c.kind]
		if c.change <= 0 || !known || !key.passes(task.Filter{Readable: readable}) {
			continue
		}
		if counts[key.queue] == nil {
			counts[key.queue] = map[task.State]int64{}
		}
		counts[key.queue][c.state] += c.change
	}
	return counts, nil
}
