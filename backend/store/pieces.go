package store

import (
	"strconv"
	"strings"

	"nectar/backend/task"
)

// Of a large batch one piece after the other is made what is stored and inserted, so that of
// all that is between only a piece is in the processor's cache
// (docs/decisions/0029-a-batch-is-made-piece-by-piece.md).

// fillIn makes of the jobs that one statement may insert, from a draft on, what is stored,
// but for their numbers.
func (s *Store) fillIn(drafts []task.Draft, from int) {
	for i := from; i < min(len(drafts), from+runs[0]); i++ {
		j := drafts[i].Job
		j.InTurn = s.takesTurn(j)
		makeStored(j)
	}
}

// makeNumbered gives new jobs numbers that follow each other: to each draft the first of
// those that it stands for.
func makeNumbered(drafts []task.Draft, number int64) {
	var ids strings.Builder // of all of them, one after the other
	var digits [20]byte
	ids.Grow(len(drafts) * len(strconv.AppendInt(digits[:0], number+int64(jobsOf(drafts)), 10)))
	for i := range drafts {
		j := drafts[i].Job
		j.Number = number
		number += 1 + int64(drafts[i].More)
		if fixedID(j) == nil {
			begin := ids.Len()
			ids.Write(strconv.AppendInt(digits[:0], j.Number, 10))
			j.ID = task.ID(ids.String()[begin:])
		}
		if drafts[i].Stored != nil {
			drafts[i].Stored(*j)
		}
	}
}
