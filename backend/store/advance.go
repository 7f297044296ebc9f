package store

import (
	"context"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// Advance stores steps that were decided without reading the jobs anew, all
// in one transaction. A step whose job meanwhile is in another state, or at
// another attempt, is left out; Done says of each whether it was stored, and
// After then is as a read would answer it. An illegal move stores nothing.
func (s *Store) Advance(ctx context.Context, steps ...*task.Step) error {
	changes := make([]assignments, len(steps))
	for i, step := range steps {
		if !step.Legal() {
			return illegalMove(&step.Before, step.After.State)
		}
		changes[i] = differences(&step.Before, &step.After)
	}
	err := s.edit(ctx, func(e *edit) error {
		for i, step := range steps {
			if err := e.advance(step, changes[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, step := range steps {
		if err != nil {
			step.Done = false
		}
		if step.Done {
			step.After = asStored(step.After)
		}
	}
	return err
}

func (e *edit) advance(step *task.Step, changes assignments) error {
	before := &step.Before
	if err := e.keepAttempt(before, &step.After); err != nil {
		return err
	}
	result, err := e.Exec(changes.statement()+" AND state = ? AND attempts = ?",
		append(changes.values, before.Number, int64(before.State), before.Attempts)...)
	if err != nil {
		return err
	}
	if found, err := result.RowsAffected(); err != nil || found == 0 {
		return err
	}
	step.Done = true
	kind, err := e.kind(before)
	if err != nil {
		return err
	}
	e.moved(before, &step.After, kind, kind)
	return nil
}

func illegalMove(j *task.Job, to task.State) error {
	return fault.New(fault.IllegalMove, "id", string(j.ID), "state", j.State.String(), "action", to.String())
}
