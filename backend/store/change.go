package store

import (
	"context"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Change reads the jobs, lets the function change each, and stores them, all
// or none: when it answers an error for one, nothing is stored. A change of
// state that task.CanMove forbids is refused whoever asks for it. An attempt
// is opened when a job becomes RUNNING and closed when it is no longer
// running or cancelling.
func (s *Store) Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error) {
	changed := make([]task.Job, 0, len(ids))
	err := s.edit(ctx, func(e *edit) error {
		for _, id := range ids {
			j, err := jobByID(e.Tx, id)
			if err != nil {
				return err
			}
			if err := e.changeJob(&j, change); err != nil {
				return err
			}
			changed = append(changed, asStored(j))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func (e *edit) changeJob(j *task.Job, change func(*task.Job) error) error {
	before := *j
	if err := change(j); err != nil {
		return err
	}
	if before.State != j.State && !task.CanMove(before.State, j.State) {
		return illegalMove(&before, j.State)
	}
	return e.writeJob(&before, j)
}

// Delete removes the jobs, all or none, after the check allowed each.
func (s *Store) Delete(ctx context.Context, ids []task.ID, check func(*task.Job) error) error {
	return s.edit(ctx, func(e *edit) error {
		for _, id := range ids {
			j, err := jobByID(e.Tx, id)
			if err != nil {
				return err
			}
			if err := check(&j); err != nil {
				return err
			}
			kind, err := e.kind(&j)
			if err != nil {
				return err
			}
			if _, err := e.Exec("DELETE FROM jobs WHERE number = ?", j.Number); err != nil {
				return err
			}
			e.removed(&j, kind)
		}
		return nil
	})
}

func jobByID(tx *sqlitedb.Tx, id task.ID) (task.Job, error) {
	condition, value := idCondition(id)
	j, err := oneJob(tx, condition, value)
	if err != nil {
		return task.Job{}, err
	}
	if j == nil {
		return task.Job{}, unknownJob(id)
	}
	return *j, nil
}

func idCondition(id task.ID) (condition string, value any) {
	if number, ok := id.Number(); ok {
		return "number = ? AND fixed_id IS NULL", number
	}
	return "fixed_id = ?", string(id)
}

func unknownJob(id task.ID) error { return fault.New(fault.NotFound, "what", "job", "id", string(id)) }
