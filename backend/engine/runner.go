package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// attempt is one job in the hands of a worker.
type attempt struct {
	id       task.ID
	number   int64
	taken    *task.Job // as it was stored when the worker took it, until it begins; nobody changes it
	job      task.Job  // the same, then as it began
	keys     [2]string
	age      int64           // of the clock when the worker took it
	priority task.Priority   // as which the job was taken
	ctx      context.Context //nolint:containedctx // the attempt's own life
	cancel   context.CancelCauseFunc
	handle   *handle       // guarded by Engine.mu but for the worker itself; nil before the function starts
	unstored *task.Waiting // guarded by Engine.mu: for the storage; nil while it takes all
	ahead    *ahead        // guarded by ledger.mu: its start, while that is not stored yet
	place    int           // of its worker, who runs jobs ahead of the storage; 0 for none

	needs  bool // its task has needs
	quick  bool // its task's functions return at once: see trust.go
	marked bool // the storage knows that jobs of its task are ahead

	ending  bool // guarded by Engine.mu: its function has returned, and another may have its place
	heir    bool // guarded by Engine.mu: another has it
	changed bool // guarded by Engine.mu: somebody changed the job since a worker took it
}

// errNotDue says that a job was taken back between picking and starting it.
var errNotDue = errors.New("job is not due any more")

// work runs attempts one after the other until there is none to start. begun
// says that the first one's start is stored.
func (e *Engine) work(a *attempt, begun bool) {
	if !begun {
		a = e.first(a)
	}
	for a != nil {
		began := time.Now()
		end := e.call(a, e.definition(a), task.NewRun(&a.job, a.handle))
		end.retry = a.handle.close()
		said := a.handle.spoke()
		end.quick, end.silent = time.Since(began) < quickRun, end.err == nil && end.retry == nil && !said
		if need, waits := task.Awaited(end.err); waits {
			e.lookout.began(a.number, need, time.Since(began))
		} else {
			e.lookout.gotOn(a.number)
		}
		if said {
			e.persistOf(a, a.handle.flush)
		}
		a = e.endAndBegin(a, end)
	}
}

// begin stores that the job runs. It reports false, and frees the worker,
// when it does not.
func (e *Engine) begin(a *attempt) bool {
	giveBack := e.turns.take(a.id)
	step := &task.Step{}
	err := e.startOf(a, step)
	if err == nil {
		err = e.store.Advance(context.WithoutCancel(a.ctx), step)
	}
	if err == nil && step.Done {
		e.began(a, step)
	}
	giveBack()
	if err == nil && step.Done {
		return true
	}
	e.giveBack(a, err)
	return false
}

// startOf decides the start of a queued job: it is selected and runs within
// one step, since its worker is free. It needs the job's turn.
func (e *Engine) startOf(a *attempt, step *task.Step) error {
	step.Before, step.Through, step.Done = a.taken, [2]task.State{task.Selected}, false
	return e.beginOf(a, &step.After)
}

// beginOf answers the job as it begins. It needs the job's turn.
func (e *Engine) beginOf(a *attempt, began *task.Job) error {
	definition, installed := e.registry.Lookup(a.job.Task)
	stale := a.age != e.times.age.Load()                                       // its times were moved since
	if !installed || stale || a.ctx.Err() != nil || e.queueHeld(a.job.Queue) { // stopped before it began: nothing was done
		return errNotDue
	}
	*began = a.job
	return selectAndStart(began, definition, e.now())
}

// began makes it known that the job runs. It needs the job's turn.
func (e *Engine) began(a *attempt, step *task.Step) {
	a.job, a.taken = step.After, nil
	h := newHandle(&a.job, e.definition(a), e)
	e.mu.Lock()
	a.handle = h
	e.lines.remove(a.number)
	e.mu.Unlock()
	if e.bus.watched.Load() {
		e.bus.publish(Live{Job: a.job})
	}
}

// giveBack frees the worker of a job that did not start: because it is not
// due any more, or its task is gone, or the error kept it from being stored.
// What could not be stored is tried again later.
func (e *Engine) giveBack(a *attempt, err error) {
	defer e.release(a)
	a.cancel(nil)
	definition, installed := e.registry.Lookup(a.job.Task)
	switch {
	case err != nil && !errors.Is(err, errNotDue) && fault.CodeOf(err) != fault.NotFound:
		e.log.Error("cannot start job", "job", a.id, "error", err)
		e.isUnstored(a, err)
		if !e.wait(troubleWait) {
			return
		}
		e.persistOf(a, func(ctx context.Context) error {
			return e.end(ctx, a, func(j *task.Job) error { return recovered(j, definition, e.now()) })
		})
	case !installed:
		e.persistOf(a, func(ctx context.Context) error { return e.failMissing(ctx, a) })
	default:
		e.persistOf(a, func(ctx context.Context) error { return e.end(ctx, a, func(*task.Job) error { return nil }) })
	}
}

// failMissing lets a job fail whose task is not installed.
func (e *Engine) failMissing(ctx context.Context, a *attempt) error {
	_, err := e.change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		if j.State == task.Queued {
			return selectJob(j)
		}
		return nil
	}, nil)
	if err != nil {
		return err
	}
	return e.end(ctx, a, func(j *task.Job) error {
		if j.State != task.Selected {
			return nil
		}
		j.Failure = &task.Failure{Code: fault.TaskMissing, Params: fault.Params{"task": j.Task}}
		j.Outcome, j.Finished = task.OutcomeFailed, e.now()
		return j.Move(task.Failed)
	})
}

// end stores what becomes of the job, frees its worker, and lets the
// dispatcher look at it again.
func (e *Engine) end(ctx context.Context, a *attempt, decide func(*task.Job) error) error {
	e.tryHeed(ctx)
	defer e.turns.take(a.id)()
	changed, err := e.store.Change(ctx, []task.ID{a.id}, decide)
	if err != nil {
		return err
	}
	e.ended(a, &changed[0])
	return nil
}

// ended makes the stored end of an attempt known. It needs the job's turn.
func (e *Engine) ended(a *attempt, job *task.Job) {
	e.isStored(a)
	e.release(a)
	e.logEnd(job)
	e.tell(job)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.take(job)
}

func (e *Engine) logEnd(job *task.Job) {
	if job.State != task.Queued || job.Outcome != task.NoOutcome {
		e.log.LogAttrs(context.Background(), slog.LevelInfo, "job ended",
			slog.String("job", string(job.ID)), slog.String("task", job.Task), slog.String("outcome", string(job.Outcome)), slog.String("state", job.State.String()))
	}
}

// noResult is what a function without one answers. Nobody writes into it.
var noResult = json.RawMessage("null")

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
	if result == nil {
		end.result = noResult
		return end
	}
	end.result, err = json.Marshal(result)
	if err != nil {
		return ending{err: fmt.Errorf("encode result: %w", err)}
	}
	return end
}

// release frees the worker, if no other job has it already, and the keys that
// the job held.
func (e *Engine) release(a *attempt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.letGo(a)
}

// letGo is release for whoever has mu.
func (e *Engine) letGo(a *attempt) {
	if e.running.attempts[a.number] != a {
		return
	}
	e.running.drop(a.number)
	e.ready.released(a.keys)
	e.lines.move(a.keys)
	if !e.ready.empty() && (!a.heir || a.keys != [2]string{}) || len(e.lines.moved) > 0 {
		e.nudge()
	}
}

// persist stores what must not be lost. While the storage fails it tries
// again, until the engine stops; then the next start finds the job running
// and puts it right. failed hears of each failure.
func (e *Engine) persist(save func(context.Context) error, failed func(error)) {
	for {
		err := save(context.Background())
		if err == nil || fault.CodeOf(err) == fault.NotFound {
			return
		}
		failed(err)
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
