package engine

import (
	"context"
	"fmt"
	"time"

	"nectar/backend/task"
)

// heed looks whether the wall clock was set and, if so, moves what must move
// with it, so that a delay stays as long as it was and a cron job keeps to its
// planned times. Nothing else changes a job meanwhile.
func (e *Engine) heed(ctx context.Context) error {
	if e.times.set() == 0 && !e.recalls.Load() {
		return nil
	}
	defer e.turns.takeAll()()
	if by := e.times.set(); by != 0 { // or somebody else was faster
		if err := e.move(ctx, by); err != nil {
			return err
		}
	}
	if e.recalls.Load() {
		return e.recall(ctx)
	}
	return nil
}

func (e *Engine) move(ctx context.Context, by time.Duration) error {
	now := e.now().Add(by)
	if err := e.store.MoveClock(ctx, by, func(j *task.Job) { replan(j, by, now) }); err != nil {
		return fmt.Errorf("move times with the clock: %w", err)
	}
	e.times.heed(by)
	e.recalls.Store(true)
	e.log.Info("the clock was set", "by", by)
	return nil
}

// recall brings what is remembered of jobs in step with the storage. It needs
// all turns.
func (e *Engine) recall(ctx context.Context) error {
	jobs, err := e.store.InStates(ctx, task.Scheduled, task.Paused, task.Running, task.Canceling)
	if err != nil {
		return err
	}
	for i := range jobs {
		if h := e.handleOf(jobs[i].Number); h != nil {
			h.follow(jobs[i])
		}
	}
	e.doubtDue()
	e.took(jobs...)
	if err := e.Reconsider(ctx); err != nil {
		return err
	}
	e.recalls.Store(false)
	return nil
}

// tryHeed lets a command go on by the time as it was when the clock could not
// be heeded; the dispatcher tries again.
func (e *Engine) tryHeed(ctx context.Context) {
	if err := e.heed(ctx); err != nil && ctx.Err() == nil {
		e.log.Error("cannot heed the clock", "error", err)
		e.nudge()
	}
}

// settle puts right what waits for times that the wall clock, set back while
// no program ran, has put far away. Jobs are asked for meanwhile, so each is held
// against the time at which it is looked at.
func (e *Engine) settle(ctx context.Context) error {
	ahead, err := e.store.Ahead(ctx, e.now())
	if err != nil {
		return err
	}
	planned, err := e.store.CronJobs(ctx)
	if err != nil {
		return err
	}
	for i := range ahead {
		if err := e.adjust(ctx, ahead[i].ID, func(j *task.Job) { putBack(j, e.now()) }); err != nil {
			return err
		}
	}
	for i := range planned {
		err := e.adjust(ctx, planned[i].ID, func(j *task.Job) {
			now := e.now()
			replan(j, min(now.Sub(j.Since), 0), now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) adjust(ctx context.Context, id task.ID, change func(*task.Job)) error {
	_, err := e.store.Change(ctx, []task.ID{id}, func(j *task.Job) error {
		change(j)
		return nil
	})
	return err
}
