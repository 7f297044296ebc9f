package engine

import (
	"context"
	"slices"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// Do does the action to the jobs, all or none, and answers them as they are
// then; removed ones as they were. It does not wait for running jobs: one that
// is cancelled is CANCELING, and one that is paused RUNNING, until its function
// has stopped.
func (e *Engine) Do(ctx context.Context, action task.Action, ids ...task.ID) ([]task.Job, error) {
	if action.Removes() {
		return e.removeJobs(ctx, action, ids)
	}
	front, waited := int64(0), map[int64]bool{}
	if action == task.First {
		front = e.front()
	}
	return e.change(ctx, ids, func(j *task.Job) error {
		definition, _ := e.registry.Lookup(j.Task)
		e.hear(j)
		waited[j.Number] = j.Waiting != nil
		if err := act(action, j, definition, e.now()); err != nil {
			return err
		}
		if action == task.First && j.State == task.Queued {
			j.Rank = front
		}
		return nil
	}, func(j *task.Job) {
		switch {
		case action == task.RunNow && waited[j.Number]:
			e.lookout.urge(j.Number)
		case j.State == task.Canceling:
			e.stop(j.Number, errCanceled)
		case j.State == task.Running && action == task.Pause:
			e.stop(j.Number, errPaused)
		}
	})
}

// Can reports whether the action would change the job as it is now. The
// definition is nil when the task is not installed.
func Can(action task.Action, job task.Job, d *task.Definition, now time.Time) bool {
	return slices.Contains(action.States(), job.State) && act(action, &job, d, now) == nil
}

// act changes a job as the action says, or answers why that cannot be. A job
// of a task that is not installed can be stopped and removed, no more.
func act(action task.Action, j *task.Job, d *task.Definition, now time.Time) error {
	switch action {
	case task.Cancel, task.CancelSeries:
		return cancel(j, action == task.CancelSeries, now)
	case task.Clear:
		if !j.State.Resting() {
			return illegal(j, task.Clear)
		}
		return nil
	case task.Delete:
		return remove(j)
	case task.Restart, task.Pause, task.Unpause, task.RunNow, task.First, task.RetryProblems:
	}
	if d == nil {
		return fault.New(fault.TaskMissing, "task", j.Task)
	}
	switch action {
	case task.Restart:
		return restart(j, now)
	case task.Pause:
		return pause(j, d)
	case task.Unpause:
		return resume(j, now)
	case task.RunNow:
		return runNow(j, now)
	case task.First:
		return first(j)
	case task.RetryProblems:
		return retryProblems(j, d, "", now)
	case task.Cancel, task.CancelSeries, task.Clear, task.Delete:
	}
	return fault.New(fault.Internal)
}

// Cancel cancels the jobs, all or none; of repeating jobs this run, or the
// whole series.
func (e *Engine) Cancel(ctx context.Context, ids []task.ID, series bool) ([]task.Job, error) {
	if series {
		return e.Do(ctx, task.CancelSeries, ids...)
	}
	return e.Do(ctx, task.Cancel, ids...)
}

// Pause holds the jobs, all or none.
func (e *Engine) Pause(ctx context.Context, ids []task.ID) ([]task.Job, error) {
	return e.Do(ctx, task.Pause, ids...)
}

// Resume lets paused jobs go on, all or none.
func (e *Engine) Resume(ctx context.Context, ids []task.ID) ([]task.Job, error) {
	return e.Do(ctx, task.Unpause, ids...)
}

// Restart makes jobs at rest due now, all or none.
func (e *Engine) Restart(ctx context.Context, ids []task.ID) ([]task.Job, error) {
	return e.Do(ctx, task.Restart, ids...)
}

// Clear removes jobs at rest with their history, all or none.
func (e *Engine) Clear(ctx context.Context, ids []task.ID) error {
	_, err := e.Do(ctx, task.Clear, ids...)
	return err
}

// RetryCause makes a new attempt of the jobs, all or none, for the items alone
// that failed with the code. The others that failed stay problems.
func (e *Engine) RetryCause(ctx context.Context, code fault.Code, ids ...task.ID) ([]task.Job, error) {
	return e.change(ctx, ids, func(j *task.Job) error {
		definition, installed := e.registry.Lookup(j.Task)
		if !installed {
			return fault.New(fault.TaskMissing, "task", j.Task)
		}
		return retryProblems(j, definition, code, e.now())
	}, nil)
}

// Reschedule gives the jobs another schedule, all or none. What the new one
// does not say is as for a new job.
func (e *Engine) Reschedule(ctx context.Context, when task.When, ids ...task.ID) ([]task.Job, error) {
	return e.change(ctx, ids, func(j *task.Job) error {
		definition, installed := e.registry.Lookup(j.Task)
		if !installed {
			return fault.New(fault.TaskMissing, "task", j.Task)
		}
		if err := reschedule(j, when, definition, e.now()); err != nil {
			return err
		}
		if when.First {
			j.Rank = e.front()
		}
		return nil
	}, nil)
}

func (e *Engine) removeJobs(ctx context.Context, action task.Action, ids []task.ID) ([]task.Job, error) {
	defer e.turns.take(ids...)()
	removed := make([]task.Job, 0, len(ids))
	err := e.store.Delete(ctx, ids, func(j *task.Job) error {
		if err := act(action, j, nil, e.now()); err != nil {
			return err
		}
		removed = append(removed, *j)
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.forget(removed)
	return removed, nil
}

// forget takes removed jobs out of the dispatcher's memory and tells whoever
// watches.
func (e *Engine) forget(removed []task.Job) {
	e.mu.Lock()
	for i := range removed {
		e.isChanged(removed[i].Number)
		e.ready.remove(removed[i].Number)
		e.lines.remove(removed[i].Number)
		e.lookout.remove(removed[i].Number, true)
	}
	e.mu.Unlock()
	for _, j := range removed {
		e.bus.publish(Live{Job: j, Removed: true})
	}
}

// stop ends the context of the job's attempt for the given reason.
func (e *Engine) stop(number int64, reason error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := e.running.attempts[number]; a != nil {
		a.cancel(reason)
	}
}

// hear brings a stored job up to date with what its attempt said of being
// cancellable.
func (e *Engine) hear(j *task.Job) {
	if h := e.handleOf(j.Number); h != nil && j.State == task.Running {
		j.Cancellable = h.live(e.now()).Cancellable
	}
}
