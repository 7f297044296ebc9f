package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samber/lo"

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
	add := func(cells []counted, err error) error {
		for _, c := range cells {
			if _, ok := slices.BinarySearch(sel.kinds, c.kind); ok && c.change > 0 {
				counts[c.state] += c.change
			}
		}
		return err
	}
	if sel.set != "" || sel.text {
		condition, values := sel.condition(false)
		return counts, add(s.cells(ctx, "SELECT kind, state, count(*) FROM jobs WHERE "+condition+" GROUP BY kind, state", values...))
	}
	if filter.Since.IsZero() && filter.Until.IsZero() {
		all, err := s.totalsOf(ctx, sel)
		return counts, add(all.cells, err)
	}
	since, until := timeOf(filter)
	if err := s.countResting(ctx, sel, since, until, counts); err != nil {
		return nil, err
	}
	return counts, add(s.cells(ctx, `SELECT j.kind, j.state, count(*) FROM job_kinds k CROSS JOIN jobs j ON j.kind = k.kind AND j.state < 7
		WHERE j.created >= ? AND j.created < ? GROUP BY j.kind, j.state`, since, until))
}

// countResting adds up the jobs at rest that were created at a time: what is kept of
// whole parts of the numbers, and the jobs themselves of blocks that the time cuts.
func (s *Store) countResting(ctx context.Context, sel *selection, since, until int64, into map[task.State]int64) error {
	parts, err := s.wholeParts(ctx, since, until)
	if err != nil {
		return err
	}
	kept, jobs := "TRUE", "jobs j NOT INDEXED ON TRUE"
	if !sel.all { // few of a block
		kept = "kind IN (" + numbers(sel.kinds) + ")"
		jobs = "jobs j INDEXED BY jobs_kind ON j.state IN (7, 8, 9) AND j." + kept
	}
	err = s.addByState(ctx, into, "sum(n)", "FROM job_counts WHERE part IN ("+numbers(parts)+") AND "+kept)
	if err != nil {
		return err
	}
	return s.addByState(ctx, into, "count(*)", `FROM job_blocks b CROSS JOIN `+jobs+` AND j.number >= b.block << 10 AND j.number < (b.block + 1) << 10
		WHERE b.latest >= ? AND b.earliest < ? AND NOT (b.earliest >= ? AND b.latest < ?)
		AND j.created >= ? AND j.created < ?`, since, until, since, until, since, until)
}

// addByState adds to the counts what is asked for of each state at rest, which is less
// work than groups: for those all rows would be sorted.
func (s *Store) addByState(ctx context.Context, counts map[task.State]int64, what, from string, values ...any) error {
	states := lo.Filter(task.States(), func(state task.State, _ int) bool { return state.Resting() })
	each := lo.Map(states, func(state task.State, _ int) string {
		return fmt.Sprintf("coalesce(%s FILTER (WHERE state = %d), 0)", what, state)
	})
	found := make([]int64, len(states))
	into := lo.Map(found, func(_ int64, i int) any { return &found[i] })
	if err := s.reader(ctx).QueryRowContext(ctx, "SELECT "+strings.Join(each, ", ")+" "+from, values...).Scan(into...); err != nil {
		return fmt.Errorf("count jobs of a time: %w", err)
	}
	for i, state := range states {
		if found[i] > 0 {
			counts[state] += found[i]
		}
	}
	return nil
}

// wholeParts answers the parts of the numbers that together are all blocks of which
// every job was created from the one time to before the other: as few as there are.
func (s *Store) wholeParts(ctx context.Context, since, until int64) ([]int64, error) {
	const whole = "earliest >= ? AND latest < ?"
	first, last, err := s.outermost(ctx, whole, since, until)
	if err != nil {
		return nil, err
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

// totalsOf answers the totals, and asks for them once for a selection.
func (s *Store) totalsOf(ctx context.Context, sel *selection) (totals, error) {
	if sel.totals == nil {
		cells, many, err := s.totals(ctx)
		if err != nil {
			return totals{}, err
		}
		sel.totals = &totals{cells, many}
	}
	return *sel.totals, nil
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
