package engine

import (
	"context"
	"slices"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// troubleWait is how long the dispatcher leaves the storage alone after it
// failed, before it tries again.
const troubleWait = 5 * time.Second

// dispatch starts due jobs until the context ends. It sleeps until there is
// news or the next due time.
func (e *Engine) dispatch(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if wait, ok := e.round(ctx); ok {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		case <-timer.C:
		}
	}
}

// round does what there is to do now. It answers how long there is nothing to
// do, and false when only news can change that.
func (e *Engine) round(ctx context.Context) (time.Duration, bool) {
	now := e.now()
	if err := e.promote(ctx, now); err != nil {
		if ctx.Err() == nil {
			e.log.Error("cannot make scheduled jobs due", "error", err)
		}
		return troubleWait, true
	}
	for e.startNext(ctx, now) {
	}
	e.tellLines(ctx)
	next, ok, err := e.store.NextDue(ctx)
	if err != nil {
		if ctx.Err() == nil {
			e.log.Error("cannot read the next due time", "error", err)
		}
		return troubleWait, true
	}
	if ripe, waits := e.ripens(now); waits && (!ok || ripe.Before(next)) {
		next, ok = ripe, true
	}
	return max(next.Sub(e.now()), 0), ok
}

// ripens answers when the next job that waits, although there are free
// workers, counts as one priority higher; false when there is none.
func (e *Engine) ripens(now time.Time) (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.running) >= e.pool.regular+e.pool.high {
		return time.Time{}, false
	}
	return e.ready.ripens(now)
}

// promote queues the scheduled jobs whose time has come.
func (e *Engine) promote(ctx context.Context, now time.Time) error {
	jobs, err := e.store.DueBy(ctx, now)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		_, err := e.change(ctx, []task.ID{j.ID}, func(j *task.Job) error { return comeDue(j, now) }, nil)
		if err != nil && fault.CodeOf(err) != fault.NotFound { // deleted meanwhile
			return err
		}
	}
	return nil
}

// took tells whoever watches of changed jobs, and then the dispatcher: the
// other way round, a job could be seen to run before it is seen to wait.
func (e *Engine) took(jobs ...task.Job) {
	for i := range jobs {
		e.bus.publish(e.live(jobs[i]))
	}
	e.offer(jobs...)
}

// offer brings the dispatcher's memory in step with the jobs, and wakes it
// when that gives it something to do.
func (e *Engine) offer(jobs ...task.Job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range jobs {
		e.foremost = min(e.foremost, jobs[i].Rank)
		if jobs[i].State == task.Queued || jobs[i].State == task.Scheduled {
			defer e.nudge()
			break
		}
	}
	for i := range jobs {
		e.place(&jobs[i])
	}
}

// place gives the job its place: among those that may start, among those that
// wait for the world, or none. It needs mu.
func (e *Engine) place(j *task.Job) {
	_, runs := e.running[j.Number]
	queued := j.State == task.Queued && !runs && e.eligible(j)
	if _, held := e.held[j.Queue]; queued && j.Waiting == nil && !held {
		n := entryOf(j)
		n.needs = e.hasNeeds(j.Task)
		e.ready.push(n)
		e.lines.add(n)
	} else {
		e.ready.remove(j.Number)
		e.lines.remove(j.Number)
	}
	if queued && j.Waiting != nil {
		e.lookout.add(j)
	} else {
		e.lookout.remove(j.Number, j.State.Resting())
	}
}

func (e *Engine) hasNeeds(name string) bool {
	definition, installed := e.registry.Lookup(name)
	return installed && definition.HasNeeds()
}

// front answers a rank before all others. It goes down with the clock, and also
// while the clock stands still or has been set back.
func (e *Engine) front() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.foremost = min(e.foremost-1, -e.now().UnixNano())
	return e.foremost
}

// startNext gives the most urgent job that may start to a worker. It reports
// whether there was one.
func (e *Engine) startNext(ctx context.Context, now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return false
	}
	var held []string
	current := load{all: len(e.running)}
	for _, a := range e.running {
		held = append(held, a.keys[:]...)
		if a.priority == task.High {
			current.high++
		}
	}
	next, priority, ok := e.ready.pop(now,
		func(n entry) bool { return !holds(held, n.keys) },
		func(p task.Priority, regularDue bool) bool { return e.pool.admits(p, current, regularDue) })
	if !ok {
		return false
	}
	run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	a := &attempt{id: next.id, number: next.number, keys: next.keys, needs: next.needs, priority: priority, ctx: run, cancel: cancel}
	e.running[next.number] = a
	e.lines.move(a.keys)
	e.workers.Go(func() { e.work(a) })
	return true
}

func holds(held []string, keys [2]string) bool {
	for _, key := range keys {
		if key != "" && slices.Contains(held, key) {
			return true
		}
	}
	return false
}
