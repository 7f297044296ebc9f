package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// Advance stores steps that were decided without reading the jobs anew, all
// in one transaction. A step whose job meanwhile is in another state, or at
// another attempt, is left out; Done says of each whether it was stored, and
// After then is as a read would answer it. An illegal move stores nothing. Of
// one job there is one step.
func (s *Store) Advance(ctx context.Context, steps ...*task.Step) error {
	advances := make([]advance, len(steps))
	for i, step := range steps {
		if !step.Legal() {
			return illegalMove(step.Before, step.After.State)
		}
		advances[i] = advance{step, differing(step.Before, keepingTurn(step.Before, &step.After))}
	}
	slices.SortFunc(advances, func(a, b advance) int { return cmp.Compare(a.Before.Number, b.Before.Number) })
	err := s.advance(ctx, advances, true)
	if errors.Is(err, errUneven) {
		err = s.advance(ctx, advances, false)
	}
	for _, step := range steps {
		if err != nil {
			step.Done = false
		}
		if step.Done {
			makeStored(&step.After)
		}
	}
	return err
}

// advance is a step with the columns that it writes.
type advance struct {
	*task.Step

	mask uint64 // of columns
}

// errUneven says that of jobs that were to be changed together some were not as
// they were known to be.
var errUneven = errors.New("some of the jobs changed meanwhile")

// advance stores the steps, which are in the order of their jobs' numbers; those
// of neighbours that change alike by one statement, if together.
func (s *Store) advance(ctx context.Context, advances []advance, together bool) error {
	for i := range advances {
		advances[i].Done = false
	}
	return s.edit(ctx, func(e *edit) error {
		for i := 0; i < len(advances); {
			run := 1
			for together && i+run < len(advances) && advances[i+run].follows(&advances[i+run-1]) {
				run++
			}
			if err := e.advance(advances[i : i+run]); err != nil {
				return err
			}
			i += run
		}
		return nil
	})
}

// follows reports whether the job is the next one after the other, and the same
// is known of it and written to it.
func (a *advance) follows(other *advance) bool {
	return a.Before.Number == other.Before.Number+1 && a.mask == other.mask &&
		a.Before.State == other.Before.State && a.Before.Attempts == 0 && other.Before.Attempts == 0 &&
		alikeIn(a.mask, &a.After, &other.After)
}

// advance stores steps of neighbours that change alike.
func (e *edit) advance(alike []advance) error {
	first, last := &alike[0], &alike[len(alike)-1]
	if err := e.keepAttempt(first.Before, &first.After); err != nil {
		return err
	}
	changes := assigned(first.mask, &first.After)
	result, err := e.Exec(changes.statement(ofMany),
		append(changes.values, first.Before.Number, last.Before.Number, int64(first.Before.State), first.Before.Attempts)...)
	if err != nil {
		return err
	}
	found, err := result.RowsAffected()
	switch {
	case err != nil || found == 0 && len(alike) == 1:
		return err
	case found != int64(len(alike)):
		return errUneven
	}
	var key kindKey
	var kind int64
	for i := range alike {
		step := alike[i].Step
		step.Done = true
		if own := kindOf(step.Before); i == 0 || own != key {
			if kind, err = e.kind(step.Before); err != nil {
				return err
			}
			key = own
		}
		e.moved(step.Before, &step.After, kind, kind)
	}
	return nil
}

func illegalMove(j *task.Job, to task.State) error {
	return fault.New(fault.IllegalMove, "id", string(j.ID), "state", j.State.String(), "action", to.String())
}
