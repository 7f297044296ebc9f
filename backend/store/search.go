package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samber/lo"

	"nectar/backend/task"
)

// A text can be anywhere in a job, so a search looks at every one. It goes
// through the history a piece at a time, and answers after so long with what it
// has found by then and where it goes on. List searches twice at most: the
// page, and for its counts the pages before.
const (
	searchPiece = 8192 // numbers
	searchTime  = 80 * time.Millisecond
)

// found is what a search came upon.
type found struct {
	numbers []int64 // for the page, in order
	counts  map[task.State]int64
	reached int64 // if partial: the last number that was looked at
	partial bool
}

// search looks for jobs in the order of creation, from after a number on; 0 is
// the beginning. It counts until the end, or until the time is over.
func (s *Store) search(ctx context.Context, sel *selection, after int64, ascending bool, limit int) (found, error) {
	result := found{counts: map[task.State]int64{}}
	low, high, err := s.inhabited(ctx, sel)
	if err != nil {
		return result, err
	}
	if after > 0 && ascending {
		low = max(low, after+1)
	} else if after > 0 {
		high = min(high, after)
	}
	for began := time.Now(); low < high; {
		piece := *sel
		if ascending {
			piece.first, piece.beyond = low, min(high, low+s.piece)
			low, result.reached = piece.beyond, piece.beyond-1
		} else {
			piece.first, piece.beyond = max(low, high-s.piece), high
			high, result.reached = piece.first, piece.first
		}
		if err := s.searchPiece(ctx, &piece, ascending, limit, &result); err != nil {
			return result, err
		}
		if result.partial = low < high && time.Since(began) >= s.patience; result.partial {
			break
		}
	}
	return result, nil
}

func (s *Store) searchPiece(ctx context.Context, piece *selection, ascending bool, limit int, into *found) error {
	type hit struct {
		number int64
		state  task.State
	}
	condition, values := piece.condition(false)
	hits, err := collect(ctx, s, func(r row) (hit, error) {
		var h hit
		return h, r.Scan(&h.number, &h.state)
	}, fmt.Sprintf("SELECT number, state FROM jobs WHERE %s ORDER BY number %s", condition, direction(ascending)), values...)
	for _, h := range hits {
		into.counts[h.state]++
		if len(into.numbers) < limit && slices.Contains(piece.states, h.state) {
			into.numbers = append(into.numbers, h.number)
		}
	}
	return err
}

// inhabited answers between which numbers there are jobs of the selection.
func (s *Store) inhabited(ctx context.Context, sel *selection) (first, beyond int64, err error) {
	var lowest, highest *int64
	if err := s.reader(ctx).QueryRowContext(ctx, "SELECT (SELECT min(number) FROM jobs), (SELECT max(number) FROM jobs)").Scan(&lowest, &highest); err != nil {
		return 0, 0, fmt.Errorf("find the newest job: %w", err)
	}
	if lowest == nil || highest == nil {
		return 0, 0, nil
	}
	return max(sel.first, *lowest), min(sel.beyond, *highest+1), nil
}

// searchedBy looks for jobs in an order in which an index has them, from after the cursor
// on, at most limit, until the time is over.
func (s *Store) searchedBy(ctx context.Context, sel *selection, by ordering, after *cursor, limit int) (found ordered, err error) {
	in, err := s.sectionOfTime(ctx, sel, by, after)
	if err != nil {
		return found, err
	}
	parts, err := s.parts(ctx, sel)
	if err != nil {
		return found, err
	}
	for began := time.Now(); ; {
		piece, more, err := s.pieceOf(ctx, by, in, parts)
		if err != nil {
			return found, err
		}
		places, err := s.mergedOf(ctx, sel, by, piece, parts, limit-len(found.numbers))
		if err != nil {
			return found, err
		}
		found.numbers = append(found.numbers, numbersOf(places)...)
		if !more || len(found.numbers) == limit {
			return found, nil
		}
		if in = in.beyond(by, piece.last); time.Since(began) >= s.patience {
			found.reached = &in.after
			return found, nil
		}
	}
}

// pieceOf answers the beginning of a section, of a good piece of the places that the parts
// have in it, and whether there are more.
func (s *Store) pieceOf(ctx context.Context, by ordering, in section, parts []cell) (piece section, more bool, err error) {
	piece = in
	for group := range slices.Chunk(parts, partsAtOnce) {
		place, err := s.placeAt(ctx, by, in, group, int(s.piece))
		if err != nil {
			return piece, false, err
		}
		if place != nil {
			more = true
			piece.last = lo.Ternary(by.ascending, min(piece.last, place.Value), max(piece.last, place.Value))
		}
	}
	return piece, more, nil
}
