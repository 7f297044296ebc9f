package store

import (
	"iter"
	"strconv"
	"strings"

	"nectar/backend/ahead"
	"nectar/backend/task"
)

// A large batch is made ready piece by piece, while SQLite inserts the pieces before on
// another processor. None of that waits for anything.

const (
	large       = 128 // drafts, from which on that is worth a goroutine
	piecesAhead = 4
)

// piece is what one statement inserts, ready for it.
type piece struct {
	insertion

	drafts []task.Draft
	values []any // what the statement is handed, without the kind
}

// pieces makes new jobs what is stored, under the given number and those that follow,
// and answers what to insert.
func (s *Store) pieces(drafts []task.Draft, number int64) iter.Seq[piece] {
	ready := func(from int) piece {
		s.fillIn(drafts, from)
		of := alike(drafts[from:])
		p := piece{of, drafts[from : from+of.rows], nil}
		p.values = of.values(p.drafts, number+int64(from))
		makeNumbered(p.drafts, number+int64(from))
		return p
	}
	after := func(from int) iter.Seq[piece] {
		return func(yield func(piece) bool) {
			for from := from; from < len(drafts); {
				p := ready(from)
				if !yield(p) {
					return
				}
				from += p.rows
			}
		}
	}
	if len(drafts) < large {
		return after(0)
	}
	first := ready(0)
	return ahead.Of(first, after(first.rows), piecesAhead)
}

// fillIn makes the jobs that one statement may insert, from a draft on, of which the
// draft before says what they are.
func (s *Store) fillIn(drafts []task.Draft, from int) {
	for i := from; i < min(len(drafts), from+runs[0]); i++ {
		if drafts[i].Again {
			*drafts[i].Job = *drafts[i-1].Job
			continue
		}
		drafts[i].Job.InTurn = s.takesTurn(drafts[i].Job)
	}
}

// makeNumbered makes of new jobs what is stored, under numbers that follow each other.
func makeNumbered(drafts []task.Draft, first int64) {
	var ids strings.Builder // of all of them, one after the other
	var digits [20]byte
	ids.Grow(len(drafts) * len(strconv.AppendInt(digits[:0], first+int64(len(drafts)), 10)))
	for i := range drafts {
		j := drafts[i].Job
		j.Number = first + int64(i)
		if fixedID(j) == nil {
			begin := ids.Len()
			ids.Write(strconv.AppendInt(digits[:0], j.Number, 10))
			j.ID = task.ID(ids.String()[begin:])
		}
		makeStored(j)
		if drafts[i].Stored != nil {
			drafts[i].Stored(*j)
		}
	}
}
