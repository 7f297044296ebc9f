package engine

import (
	"context"

	"nectar/backend/task"
)

// recover puts right the jobs that an earlier process held when it died.
// Since one process owns the store, every active job is such a one.
func (e *Engine) recover(ctx context.Context) error {
	if err := e.recoverBegun(ctx); err != nil {
		return err
	}
	jobs, err := e.store.InStates(ctx, task.Selected, task.Running, task.Canceling)
	if err != nil {
		return err
	}
	for i := range jobs {
		definition, _ := e.registry.Lookup(jobs[i].Task)
		changed, err := e.store.Change(ctx, []task.ID{jobs[i].ID}, func(j *task.Job) error {
			return recovered(j, definition, e.now())
		})
		if err != nil {
			return err
		}
		e.log.Info("job recovered", "job", changed[0].ID, "task", changed[0].Task, "was", jobs[i].State, "is", changed[0].State)
	}
	return nil
}
