package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// attempt is one job in the hands of a worker.
type attempt struct {
	id       task.ID
	number   int64
	keys     [2]string
	needs    bool
	priority task.Priority   // as which the job was taken
	ctx      context.Context //nolint:containedctx // the attempt's own life
	cancel   context.CancelCauseFunc
	handle   *handle // guarded by Engine.mu but for the worker itself; nil before the function starts
}

// errNotDue says that a job was taken back between picking and starting it.
var errNotDue = errors.New("job is not due any more")

// work runs one attempt from its selection to its stored end.
func (e *Engine) work(a *attempt) {
	if e.postpone(a) {
		return
	}
	job, definition, err := e.begin(a)
	if err != nil {
		e.giveBack(a, err)
		return
	}
	began := time.Now()
	end := e.call(a, definition, task.NewRun(job, a.handle))
	end.retry = a.handle.close()
	if need, waits := task.Awaited(end.err); waits {
		e.lookout.began(a.number, need, time.Since(began))
	} else {
		e.lookout.gotOn(a.number)
	}
	e.persist(a.handle.flush)
	e.persist(func(ctx context.Context) error {
		return e.end(ctx, a, func(j *task.Job) error { return finish(j, end, e.now()) })
	})
	e.release(a)
}

// begin stores that the job is selected and then that it runs.
func (e *Engine) begin(a *attempt) (task.Job, *task.Definition, error) {
	ctx := context.WithoutCancel(a.ctx)
	selected, err := e.change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		if j.State != task.Queued || entryOf(j).keys != a.keys || e.queueHeld(j.Queue) {
			return errNotDue
		}
		return selectJob(j)
	}, nil)
	if err != nil {
		return task.Job{}, nil, err
	}
	definition, installed := e.registry.Lookup(selected[0].Task)
	started, err := e.change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		switch {
		case j.State != task.Selected:
			return errNotDue
		case !installed:
			j.Failure = &task.Failure{Code: fault.TaskMissing, Params: fault.Params{"task": j.Task}}
			j.Outcome, j.Finished = task.OutcomeFailed, e.now()
			return j.Move(task.Failed)
		case a.ctx.Err() != nil, e.queueHeld(j.Queue): // stopped before it began: nothing was done
			return j.Move(task.Queued)
		}
		return start(j, definition, e.now())
	}, func(j *task.Job) {
		if j.State == task.Running {
			e.attach(a, newHandle(*j, definition, e))
		}
	})
	if err != nil {
		return task.Job{}, nil, err
	}
	if started[0].State != task.Running {
		return task.Job{}, nil, errNotDue
	}
	return started[0], definition, nil
}

// attach gives the attempt the handle of its function.
func (e *Engine) attach(a *attempt, h *handle) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a.handle = h
}

// giveBack frees the worker of a job that did not start. What could not be
// stored is tried again later.
func (e *Engine) giveBack(a *attempt, err error) {
	defer e.release(a)
	decide := func(*task.Job) error { return nil }
	if !errors.Is(err, errNotDue) && fault.CodeOf(err) != fault.NotFound {
		e.log.Error("cannot start job", "job", a.id, "error", err)
		if !e.wait(troubleWait) {
			return
		}
		decide = func(j *task.Job) error {
			definition, _ := e.registry.Lookup(j.Task)
			return recovered(j, definition, e.now())
		}
	}
	e.persist(func(ctx context.Context) error { return e.end(ctx, a, decide) })
}

// end stores what becomes of the job, frees its worker, and lets the
// dispatcher look at it again.
func (e *Engine) end(ctx context.Context, a *attempt, decide func(*task.Job) error) error {
	defer e.turns.take(a.id)()
	changed, err := e.store.Change(ctx, []task.ID{a.id}, decide)
	if err != nil {
		return err
	}
	e.release(a)
	e.log.Info("job ended", "job", a.id, "task", changed[0].Task, "outcome", changed[0].Outcome, "state", changed[0].State)
	e.took(changed...)
	return nil
}

// call runs the function and contains its panic.
func (e *Engine) call(a *attempt, d *task.Definition, run *task.Run) (end ending) {
	defer func() {
		if p := recover(); p != nil {
			end.err = fault.New(fault.Panicked).Because(fmt.Errorf("panic: %v\n\n%s", p, debug.Stack()))
		}
		if a.ctx.Err() != nil {
			end.cause = context.Cause(a.ctx)
		}
		a.cancel(nil)
	}()
	result, err := d.Call(a.ctx, run)
	if err != nil {
		return ending{err: err}
	}
	end.result, err = json.Marshal(result)
	if err != nil {
		return ending{err: fmt.Errorf("encode result: %w", err)}
	}
	return end
}

// release frees the worker and the keys that the job held.
func (e *Engine) release(a *attempt) {
	e.mu.Lock()
	if e.running[a.number] == a {
		delete(e.running, a.number)
		e.lines.move(a.keys)
	}
	e.mu.Unlock()
	e.nudge()
}

// persist stores what must not be lost. While the storage fails it tries
// again, until the engine stops; then the next start finds the job running
// and puts it right.
func (e *Engine) persist(save func(context.Context) error) {
	for {
		err := save(context.Background())
		if err == nil || fault.CodeOf(err) == fault.NotFound {
			return
		}
		e.log.Error("cannot store the end of a job", "error", err)
		if fault.CodeOf(err) == fault.IllegalMove || !e.wait(troubleWait) {
			return
		}
	}
}

// wait lets the time pass. It reports false when the engine stops meanwhile.
func (e *Engine) wait(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-e.stopping:
		return false
	}
}
