package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samber/lo"
)

// fewJobs is from how many matching jobs on they are not sorted anew for a
// page, but looked for in the order of an index.
const fewJobs = 200

// ordered are numbers of jobs in an order.
type ordered struct {
	numbers []int64
	reached *cursor // how far it was looked for more, when the time was over; nil: to the end
}

// sorted answers the jobs that match by the order of a column, at most limit, from after
// the cursor on. So many match as were counted.
func (s *Store) sorted(ctx context.Context, sel *selection, by ordering, after *cursor, limit int, counted int64) (ordered, error) {
	var found ordered
	for _, missing := range by.stretches() {
		from := after
		if after != nil && missing != (after.Value == 0) { // it is in the other stretch
			if missing == by.ascending {
				continue // passed already
			}
			from = nil
		}
		some, err := s.stretch(ctx, sel, by, missing, from, limit-len(found.numbers), counted)
		if err != nil {
			return found, err
		}
		found = ordered{append(found.numbers, some.numbers...), some.reached}
		if len(found.numbers) >= limit || found.reached != nil {
			break
		}
	}
	return found, nil
}

// stretches answers in which order the jobs come that have no value (true)
// and those that have one.
func (o ordering) stretches() []bool {
	return []bool{o.ascending, !o.ascending}
}

func (s *Store) stretch(ctx context.Context, sel *selection, by ordering, missing bool, after *cursor, limit int, counted int64) (found ordered, err error) {
	switch {
	case sel.set != "":
		found.numbers, err = s.allSorted(ctx, sel, by, missing, after, limit)
	case missing && by.index == "":
		resting := sel.of(true)
		return s.byNumber(ctx, &resting, lo.FromPtr(after).Number, by.ascending, limit)
	case missing:
		found.numbers, err = s.without(ctx, sel, by, after, limit)
	case by.index == "":
		active := sel.of(false)
		found.numbers, err = s.allSorted(ctx, &active, by, false, after, limit)
	case counted <= s.few:
		found.numbers, err = s.allSorted(ctx, sel, by, false, after, limit)
	case sel.text:
		return s.searchedBy(ctx, sel, by, after, limit)
	case sel.ofATime():
		found.numbers, err = s.ofTime(ctx, sel, by, after, limit, counted)
	default:
		var places []cursor
		places, err = s.merged(ctx, sel, by, sectionOf(by, after), limit)
		found.numbers = numbersOf(places)
	}
	return found, err
}

// byNumber answers the jobs that match in the order of creation, at most limit, from after
// a number on; 0 is the beginning.
func (s *Store) byNumber(ctx context.Context, sel *selection, after int64, ascending bool, limit int) (ordered, error) {
	if !sel.text {
		numbers, err := s.inOrder(ctx, sel, after, ascending, limit)
		return ordered{numbers: numbers}, err
	}
	result, err := s.search(ctx, sel, after, ascending, limit)
	if err != nil || !result.partial || len(result.numbers) >= limit {
		return ordered{numbers: result.numbers}, err
	}
	return ordered{result.numbers, &cursor{Number: result.reached}}, nil
}

// allSorted answers the numbers of jobs that have a value in the column, or none, of which
// all that match are read and sorted: at most limit, from after the cursor on.
func (s *Store) allSorted(ctx context.Context, sel *selection, by ordering, missing bool, after *cursor, limit int) ([]int64, error) {
	if len(sel.kinds) == 0 || len(sel.states) == 0 {
		return nil, nil
	}
	from, where, values := "jobs", []string(nil), []any(nil)
	if sel.set == "" {
		kept, bounds := sel.kept()
		from, where, values = "jobs INDEXED BY jobs_kind", append([]string{kept}, sel.where...), append(bounds, sel.values...)
	} else {
		condition, all := sel.condition(true)
		where, values = []string{condition}, all
	}
	direction, compare := by.sql()
	order := by.column + " " + direction + ", number " + direction
	if missing {
		where, order = append(where, by.lacking()), "number "+direction
	} else {
		where = append(where, "NOT ("+by.lacking()+")")
	}
	switch {
	case after == nil:
	case missing:
		where, values = append(where, "number "+compare+" ?"), append(values, after.Number)
	default:
		where, values = append(where, "("+by.column+", number) "+compare+" (?, ?)"), append(values, after.Value, after.Number)
	}
	return s.numbers(ctx, fmt.Sprintf("SELECT number FROM %s WHERE %s ORDER BY %s LIMIT %d", from, strings.Join(where, " AND "), order, limit), values...)
}

// lacking is the condition of the jobs that have no such time: those at rest are due no
// more.
func (o ordering) lacking() string {
	return lo.Ternary(o.column == "due", "+state >= 7", o.column+" IS NULL")
}

// unrun is the condition of the index of that name.
const unrun = "state >= 7 AND (started IS NULL OR finished IS NULL)"

// without answers the numbers of jobs without a value in the column, in the order of
// creation, at most limit, from after the cursor on. Those not at rest are looked at one by
// one; of those at rest nearly all have a value, and the few others an index.
func (s *Store) without(ctx context.Context, sel *selection, by ordering, after *cursor, limit int) ([]int64, error) {
	passed := lo.FromPtr(after).Number
	active, resting := sel.of(false), sel.of(true)
	active.where = append(slices.Clone(sel.where), by.lacking())
	found, err := s.inOrder(ctx, &active, passed, by.ascending, limit)
	if err != nil || len(resting.kinds) == 0 || len(resting.states) == 0 {
		return found, err
	}
	resting = resting.after(passed, by.ascending)
	condition, values := resting.condition(true)
	some, err := s.numbers(ctx, fmt.Sprintf("SELECT number FROM jobs INDEXED BY jobs_unrun WHERE %s AND %s AND %s ORDER BY number %s LIMIT %d",
		unrun, by.lacking(), condition, direction(by.ascending), limit), values...)
	return firstOf(append(found, some...), by.ascending, limit), err
}
