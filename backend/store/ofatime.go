package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// lookedAt is of how many places in an order it is looked whether their jobs are of a time,
// a millisecond's work.
const lookedAt = 10_000

// ofTime answers the numbers of jobs of some blocks in an order, at most limit, from after
// the cursor on; so many match as were counted. Jobs that were created together mostly
// began and ended together: it looks at the places between the first and the last that a
// job of these blocks has. Where these are too many, since a few jobs ran again much later,
// it looks into the blocks instead.
func (s *Store) ofTime(ctx context.Context, sel *selection, by ordering, after *cursor, limit int, counted int64) ([]int64, error) {
	in, err := s.sectionOfTime(ctx, sel, by, after)
	if err != nil {
		return nil, err
	}
	parts, err := s.parts(ctx, sel)
	if err != nil {
		return nil, err
	}
	var found []cursor
	for group := range slices.Chunk(parts, partsAtOnce) {
		some, err := s.looked(ctx, sel, by, in, group, limit, int(s.look))
		if err != nil {
			return nil, err
		}
		if len(some) < limit {
			beyond, err := s.placeAt(ctx, by, in, group, int(s.look))
			if err != nil {
				return nil, err
			}
			if beyond != nil {
				return s.ofBlocks(ctx, sel, by, after, limit, counted)
			}
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, by.places)
	return numbersOf(found[:min(limit, len(found))]), nil
}

// sectionOfTime answers the section of an order from after the cursor on in which jobs of the
// selection can be.
func (s *Store) sectionOfTime(ctx context.Context, sel *selection, by ordering, after *cursor) (section, error) {
	in := sectionOf(by, after)
	if !sel.ofATime() {
		return in, nil
	}
	var least, greatest int64 // the one above the other where no block has a place
	err := s.reader(ctx).QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(min(%[1]s), 1), coalesce(max(%[2]s), 0) FROM job_blocks WHERE block >= ? AND block <= ? AND %[1]s <= %[2]s", by.first, by.last),
		sel.first>>blockBits, (sel.beyond-1)>>blockBits).Scan(&least, &greatest)
	if err != nil {
		return in, fmt.Errorf("read the bounds of blocks: %w", err)
	}
	return in.within(by, least, greatest), nil
}

// ofBlocks answers the same as ofTime. It takes the blocks in the order in which jobs of
// theirs can have a place, until none of the others can have one that comes before those
// found.
func (s *Store) ofBlocks(ctx context.Context, sel *selection, by ordering, after *cursor, limit int, counted int64) ([]int64, error) {
	var found []cursor
	sparse := sel.sparse(counted)
	for seen, more := 0, firstBlocks; ; more *= 4 {
		blocks, err := s.blocksBy(ctx, sel, by, after, seen, more)
		if err != nil {
			return nil, err
		}
		for _, b := range blocks {
			if len(found) == limit && b.passed(found[limit-1], by) {
				return numbersOf(found), nil
			}
			some, err := s.ofBlock(ctx, sel, b.number, sparse, by, after, limit)
			if err != nil {
				return nil, err
			}
			found = append(found, some...)
			slices.SortFunc(found, by.places)
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

// bounded is a block and the bounds of the values that its jobs have in a column.
type bounded struct{ number, first, last int64 }

// passed reports whether all places in the block come after the given one.
func (b bounded) passed(place cursor, by ordering) bool {
	if by.ascending {
		return b.first > place.Value
	}
	return b.last < place.Value
}

// blocksBy answers blocks of the selection that have places after the cursor, those with
// the first ones first: at most so many, after those that were seen.
func (s *Store) blocksBy(ctx context.Context, sel *selection, by ordering, after *cursor, seen, most int) ([]bounded, error) {
	in := sectionOf(by, after)
	condition, order := by.first+" <= ?", by.last+" DESC"
	if by.ascending {
		condition, order = by.last+" >= ?", by.first
	}
	return collect(ctx, s, func(r row) (bounded, error) {
		var b bounded
		return b, r.Scan(&b.number, &b.first, &b.last)
	}, fmt.Sprintf("SELECT block, %[1]s, %[2]s FROM job_blocks WHERE block >= ? AND block <= ? AND %[1]s <= %[2]s AND %[3]s ORDER BY %[4]s, block LIMIT %[5]d OFFSET %[6]d",
		by.first, by.last, condition, order, most, seen), sel.first>>blockBits, (sel.beyond-1)>>blockBits, in.after.Value)
}

// sparse reports whether so few jobs of a block match that it is quicker to look at each
// of these, as the index by kind and state leads to them, than to go through all of the
// block.
func (sel *selection) sparse(counted int64) bool {
	blocks := (sel.beyond - sel.first) >> blockBits
	return int64(len(sel.kinds)*len(sel.states))+counted/max(blocks, 1) < 1<<blockBits/8
}

// ofBlock answers the first places after the cursor that jobs of a block have, at most
// limit.
func (s *Store) ofBlock(ctx context.Context, sel *selection, block int64, sparse bool, by ordering, after *cursor, limit int) ([]cursor, error) {
	part := *sel
	part.first, part.beyond = max(sel.first, block<<blockBits), min(sel.beyond, (block+1)<<blockBits)
	direction, compare := by.sql()
	condition, values := part.condition(true)
	from, where := "jobs NOT INDEXED", []string{condition, by.column + " IS NOT NULL"}
	if sparse {
		kept, bounds := part.kept()
		from, where, values = "jobs INDEXED BY jobs_kind", append(where, kept), append(values, bounds...)
	}
	if after != nil {
		where, values = append(where, fmt.Sprintf("(%s, number) %s (?, ?)", by.column, compare)), append(values, after.Value, after.Number)
	}
	return s.places(ctx, fmt.Sprintf("SELECT %[1]s, number FROM %[2]s WHERE %[3]s ORDER BY %[1]s %[4]s, number %[4]s LIMIT %[5]d",
		by.column, from, strings.Join(where, " AND "), direction, limit), values...)
}
