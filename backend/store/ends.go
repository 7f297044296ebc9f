package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/samber/lo"
)

// end is a job's place in the order of the ends.
type end struct{ finished, number int64 }

// endedIn answers the numbers of jobs of some blocks that have ended, in the
// order of their ends, at most limit, from after the cursor on. The index of
// all ends would lead through every job that ended since. It takes the blocks
// in the order in which jobs of theirs can have ended, until none of the others
// can have one that comes before those found. So many jobs match as were counted.
func (s *Store) endedIn(ctx context.Context, sel *selection, by ordering, after *cursor, limit int, counted int64) ([]int64, error) {
	var found []end
	sparse := sel.sparse(counted)
	for seen, more := 0, firstBlocks; ; more *= 4 {
		blocks, err := s.endsOfBlocks(ctx, sel, by, after, seen, more)
		if err != nil {
			return nil, err
		}
		for _, b := range blocks {
			if len(found) == limit && b.passed(found[limit-1], by) {
				return numbersOf(found), nil
			}
			some, err := s.endsIn(ctx, sel, b, sparse, by, after, limit)
			if err != nil {
				return nil, err
			}
			found = append(found, some...)
			slices.SortFunc(found, by.ends)
			found = found[:min(limit, len(found))]
		}
		if len(blocks) < more {
			return numbersOf(found), nil
		}
		seen += more
	}
}

// firstBlocks is of how many blocks the bounds are read at first: mostly few lead to
// a page.
const firstBlocks = 16

func numbersOf(ends []end) []int64 {
	return lo.Map(ends, func(e end, _ int) int64 { return e.number })
}

// passed reports whether all ends of the block come after the given one.
func (s span) passed(last end, by ordering) bool {
	if by.ascending {
		return s.firstEnd > last.finished
	}
	return s.latestEnd < last.finished
}

func (o ordering) ends(a, b end) int {
	order := cmp.Or(cmp.Compare(a.finished, b.finished), cmp.Compare(a.number, b.number))
	if o.ascending {
		return order
	}
	return -order
}

// endsOfBlocks answers blocks of the selection that have ends after the cursor, those
// with the first ones first: at most so many, after those that were seen.
func (s *Store) endsOfBlocks(ctx context.Context, sel *selection, by ordering, after *cursor, seen, most int) ([]span, error) {
	query := "SELECT block, earliest, latest, first_end, last_end FROM job_blocks WHERE block >= ? AND block <= ? AND first_end <= last_end AND %s ORDER BY %s, block LIMIT %d OFFSET %d"
	condition, order, values := "TRUE", "last_end DESC", []any{sel.first >> blockBits, (sel.beyond - 1) >> blockBits}
	if after != nil {
		condition, values = "first_end <= ?", append(values, after.Value)
	}
	if by.ascending {
		condition, order = strings.Replace(condition, "first_end <=", "last_end >=", 1), "first_end"
	}
	return collect(ctx, s, func(r row) (span, error) {
		b := nothing(0)
		return b, r.Scan(&b.block, &b.earliest, &b.latest, &b.firstEnd, &b.latestEnd)
	}, fmt.Sprintf(query, condition, order, most, seen), values...)
}

// scattered reports whether the jobs of the block ended far apart, for their
// number: then others ended between them, and it is quicker to look at all of
// the block.
func (s span) scattered() bool {
	return s.latestEnd-s.firstEnd > 8*(s.latest-s.earliest)+time.Hour.Milliseconds()
}

// sparse reports whether so few jobs of a block match that it is quicker to look at each
// of these, as the index by kind and state leads to them, than to go through all ends of
// the block.
func (sel *selection) sparse(counted int64) bool {
	blocks := (sel.beyond - sel.first) >> blockBits
	return int64(len(sel.kinds)*len(sel.states))+counted/max(blocks, 1) < 1<<blockBits/8
}

func (s *Store) endsIn(ctx context.Context, sel *selection, b span, sparse bool, by ordering, after *cursor, limit int) ([]end, error) {
	part := *sel
	part.first, part.beyond = max(sel.first, b.block<<blockBits), min(sel.beyond, (b.block+1)<<blockBits)
	direction, compare := by.sql()
	condition, values := part.condition(true)
	from, where := "jobs NOT INDEXED", condition+" AND finished IS NOT NULL"
	switch {
	case sparse:
		kept, bounds := part.kept()
		from, where, values = "jobs INDEXED BY jobs_kind", where+" AND "+kept, append(values, bounds...)
	case !b.scattered():
		from, where, values = "jobs INDEXED BY jobs_finished", where+" AND finished >= ? AND finished <= ?", append(values, b.firstEnd, b.latestEnd)
	}
	if after != nil {
		where, values = where+" AND (finished, number) "+compare+" (?, ?)", append(values, after.Value, after.Number)
	}
	return collect(ctx, s, func(r row) (end, error) {
		var e end
		return e, r.Scan(&e.finished, &e.number)
	}, fmt.Sprintf("SELECT finished, number FROM %s WHERE %s ORDER BY finished %s, number %s LIMIT %d",
		from, where, direction, direction, limit), values...)
}

// ofATime reports whether the selection is limited to some blocks.
func (sel *selection) ofATime() bool { return sel.first > 0 || sel.beyond < math.MaxInt64 }
