package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/samber/lo"
)

// section is a part of an order: the places after one, up to a value, in the direction of
// the order.
type section struct {
	after cursor
	last  int64
}

// sectionOf answers all places after the cursor; nil is the beginning.
func sectionOf(by ordering, after *cursor) section {
	all := section{cursor{math.MaxInt64, math.MaxInt64}, math.MinInt64}
	if by.ascending {
		all = section{cursor{math.MinInt64, math.MinInt64}, math.MaxInt64}
	}
	all.after = lo.FromPtrOr(after, all.after)
	return all
}

// within answers what of the section has values between the bounds.
func (r section) within(by ordering, least, greatest int64) section {
	first, beside := cursor{greatest, math.MaxInt64}, least
	if by.ascending {
		first, beside = cursor{least, math.MinInt64}, greatest
	}
	if by.places(r.after, first) < 0 {
		r.after = first
	}
	r.last = beside
	return r
}

// beyond answers what of the section comes after a value.
func (r section) beyond(by ordering, value int64) section {
	r.after = cursor{value, lo.Ternary[int64](by.ascending, math.MaxInt64, math.MinInt64)}
	return r
}

// places compares where jobs stand in the order.
func (o ordering) places(a, b cursor) int {
	order := cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Number, b.Number))
	if o.ascending {
		return order
	}
	return -order
}

func numbersOf(places []cursor) []int64 {
	return lo.Map(places, func(c cursor, _ int) int64 { return c.Number })
}

// merged answers the first places of a section that jobs of the selection have, at most
// limit. The order is that of an index within each kind and state: as many stretches of
// the index are merged, and of each no more is read than is asked for.
func (s *Store) merged(ctx context.Context, sel *selection, by ordering, in section, limit int) ([]cursor, error) {
	parts, err := s.parts(ctx, sel)
	if err != nil {
		return nil, err
	}
	return s.mergedOf(ctx, sel, by, in, parts, limit)
}

// mergedOf is merged where the parts are known.
func (s *Store) mergedOf(ctx context.Context, sel *selection, by ordering, in section, parts []cell, limit int) ([]cursor, error) {
	var found []cursor
	for group := range slices.Chunk(parts, partsAtOnce) {
		some, err := s.looked(ctx, sel, by, in, group, limit, -1)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, by.places)
	return found[:min(limit, len(found))], nil
}

// looked answers the first places of a section that jobs of some parts of the index have,
// at most limit, where so many are looked at; -1 for all.
func (s *Store) looked(ctx context.Context, sel *selection, by ordering, in section, parts []cell, limit, look int) ([]cursor, error) {
	query, values := merge(by, in, parts)
	if len(sel.where) == 0 {
		query += fmt.Sprintf(" LIMIT %d", limit)
	} else {
		query = fmt.Sprintf("SELECT value, job FROM (%s LIMIT %d) CROSS JOIN jobs ON number = job WHERE job >= ? AND job < ? AND %s LIMIT %d",
			query, look, strings.Join(sel.where, " AND "), limit)
		values = append(append(values, sel.first, sel.beyond), sel.values...)
	}
	return s.places(ctx, query, values...)
}

// placeAt answers the place in the section that comes after so many others of the parts;
// nil if there is none.
func (s *Store) placeAt(ctx context.Context, by ordering, in section, parts []cell, others int) (*cursor, error) {
	query, values := merge(by, in, parts)
	places, err := s.places(ctx, fmt.Sprintf("%s LIMIT 1 OFFSET %d", query, others), values...)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return &places[0], nil
}

func (s *Store) places(ctx context.Context, query string, values ...any) ([]cursor, error) {
	return collect(ctx, s, func(r row) (cursor, error) {
		var c cursor
		return c, r.Scan(&c.Value, &c.Number)
	}, query, values...)
}

// merge is the statement that answers the places of a section in some parts of the index,
// in order. SQLite reads each part by itself and only as far as it is asked.
func merge(by ordering, in section, parts []cell) (query string, values []any) {
	direction, compare := by.sql()
	reach := lo.Ternary(by.ascending, "<=", ">=")
	var terms []string
	for _, p := range parts {
		terms = append(terms, fmt.Sprintf("SELECT %[1]s AS value, number AS job FROM jobs INDEXED BY %[2]s WHERE kind = %[3]d AND state = %[4]d AND %[1]s IS NOT NULL AND (%[1]s, number) %[5]s (?, ?) AND %[1]s %[6]s ?",
			by.column, by.index, p.kind, p.state, compare, reach))
		values = append(values, in.after.Value, in.after.Number, in.last)
	}
	return fmt.Sprintf("%s ORDER BY value %[2]s, job %[2]s", strings.Join(terms, " UNION ALL "), direction), values
}
