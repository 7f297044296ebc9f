package engine

import (
	"context"
	"slices"
	"time"

	"nectar/backend/task"
)

// held is where Hold finds the jobs; see store.Store.
type held interface {
	InStates(ctx context.Context, states ...task.State) ([]task.Job, error)
	Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error)
}

// heldAtOnce is how many jobs are held in one transaction.
const heldAtOnce = 1000

// Hold holds the jobs of a backup that is being brought back which waited or
// ran when it was made, until somebody decides: they may have been done since.
// What comes again by a rule goes on, and so does what is planned for later.
// The jobs of the task that makes backups, if any runs, have made this one.
//
// No engine may run over the store.
func Hold(ctx context.Context, st held, makesBackups string) error {
	waiting, err := st.InStates(ctx, task.Scheduled, task.Queued, task.Selected, task.Running, task.Canceling)
	if err != nil {
		return err
	}
	now := time.Now()
	for part := range slices.Chunk(waiting, heldAtOnce) {
		ids := make([]task.ID, len(part))
		for i := range part {
			ids[i] = part[i].ID
		}
		_, err := st.Change(ctx, ids, func(j *task.Job) error { return restored(j, j.Task == makesBackups, now) })
		if err != nil {
			return err
		}
	}
	return nil
}
