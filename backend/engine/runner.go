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
	priority task.Priority   // as which the job was taken
	ctx      context.Context //nolint:containedctx // the attempt's own life
	cancel   context.CancelCauseFunc
	handle   *handle // guarded by Engine.mu; nil before the function starts
}

// errNotDue says that a job was taken back between picking and starting it.
var errNotDue = errors.New("job is not due any more")

// work runs one attempt from its selection to its stored end.
func (e *Engine) work(a *attempt) {
	job, definition, err := e.begin(a)
	if err != nil {
		e.giveBack(a, err)
		return
	}
	h := newHandle(job, definition, e)
	e.mu.Lock()
	a.handle = h
	e.mu.Unlock()

	end := e.call(a, definition, task.NewRun(job, h))
	end.retry = h.close()
	if notes, ok := h.take(); ok {
		e.persist(func(ctx context.Context) error { return e.scribe.save(ctx, notes) })
	}
	e.persist(func(ctx context.Context) error {
		changed, err := e.store.Change(ctx, []task.ID{a.id}, func(j *task.Job) error {
			return finish(j, end, e.now())
		})
		if err == nil {
			e.release(a)
			e.log.Info("job ended", "job", a.id, "task", job.Task, "outcome", changed[0].Outcome, "state", changed[0].State)
			e.took(changed...)
		}
		return err
	})
	e.release(a)
}

// begin stores that the job is selected and then that it runs.
func (e *Engine) begin(a *attempt) (task.Job, *task.Definition, error) {
	ctx := context.WithoutCancel(a.ctx)
	changed, err := e.store.Change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		if j.State != task.Queued {
			return errNotDue
		}
		return selectJob(j)
	})
	if err != nil {
		return task.Job{}, nil, err
	}
	e.bus.publish(e.live(changed[0]))
	definition, installed := e.registry.Lookup(changed[0].Task)
	changed, err = e.store.Change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		switch {
		case j.State != task.Selected:
			return errNotDue
		case !installed:
			j.Failure = &task.Failure{Code: fault.TaskMissing, Params: fault.Params{"task": j.Task}}
			j.Outcome, j.Finished = task.OutcomeFailed, e.now()
			return j.Move(task.Failed)
		case a.ctx.Err() != nil: // stopped before it began: nothing was done
			return j.Move(task.Queued)
		}
		return start(j, definition, e.now())
	})
	if err != nil {
		return task.Job{}, nil, err
	}
	e.bus.publish(e.live(changed[0]))
	if changed[0].State != task.Running {
		return task.Job{}, nil, errNotDue
	}
	return changed[0], definition, nil
}

// giveBack frees the worker of a job that did not start. A job that could not
// be stored is tried again later.
func (e *Engine) giveBack(a *attempt, err error) {
	e.release(a)
	if errors.Is(err, errNotDue) || fault.CodeOf(err) == fault.NotFound {
		e.nudge()
		return
	}
	e.log.Error("cannot start job", "job", a.id, "error", err)
	time.AfterFunc(troubleWait, func() {
		if job, err := e.store.Job(context.WithoutCancel(a.ctx), a.id); err == nil {
			e.took(job)
		}
	})
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
	defer e.mu.Unlock()
	if e.running[a.number] == a {
		delete(e.running, a.number)
	}
}

// persist stores what must not be lost. While the storage fails it tries
// again, until the engine stops; then the next start finds the job running
// and puts it right.
func (e *Engine) persist(save func(context.Context) error) {
	ctx := context.Background()
	for {
		err := save(ctx)
		if err == nil || fault.CodeOf(err) == fault.NotFound {
			return
		}
		e.log.Error("cannot store the end of a job", "error", err)
		if e.isStopped() || fault.CodeOf(err) == fault.IllegalMove {
			return
		}
		wait := time.NewTimer(troubleWait)
		<-wait.C
	}
}

func (e *Engine) isStopped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped
}
