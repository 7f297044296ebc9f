package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"nectar/backend/clock"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// troubleWait is how long the dispatcher leaves the storage alone after it
// failed, before it tries again.
const troubleWait = 5 * time.Second

// dispatch starts due jobs until the context ends. It sleeps until there is
// news or the next due time.
func (e *Engine) dispatch(ctx context.Context) {
	alarm := e.times.clock.NewAlarm()
	defer alarm.Stop()
	for {
		w := e.round(ctx)
		alarm.Set(w.at, w.changes)
		if w.changes && e.times.set() != 0 { // between the look and the setting
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		case <-alarm.Rings():
			e.doubtDue()
		}
	}
}

// sleep is what the dispatcher sleeps for, besides news.
type sleep struct {
	at      time.Duration // elapsed time; clock.Never: only news can change anything
	changes bool          // the wall clock is of interest
}

// round does what there is to do now. It answers how long there is nothing to
// do.
func (e *Engine) round(ctx context.Context) sleep {
	w, err := e.tryRound(ctx)
	if err == nil {
		return w
	}
	if ctx.Err() == nil {
		e.log.Error("cannot start jobs", "error", err)
	}
	return sleep{at: e.times.clock.Elapsed() + troubleWait}
}

func (e *Engine) tryRound(ctx context.Context) (sleep, error) {
	if err := e.heed(ctx); err != nil {
		return sleep{}, err
	}
	now := e.now()
	if err := e.promote(ctx, now); err != nil {
		return sleep{}, fmt.Errorf("make scheduled jobs due: %w", err)
	}
	for more := true; more; {
		for e.startNext(now) {
		}
		var err error
		if more, err = e.fill(ctx); err != nil {
			return sleep{}, fmt.Errorf("read queued jobs: %w", err)
		}
	}
	e.tellLines(ctx)
	w := sleep{at: clock.Never}
	if next, waits := e.nextDue(); waits {
		w = sleep{at: e.times.until(next), changes: e.awaitsClock()}
	}
	if ripe, waits := e.ripens(now); waits {
		w.at = min(w.at, e.times.until(ripe))
	}
	return w, nil
}

// fill reads more queued jobs from the storage where there is room for them.
// It reports whether it did.
func (e *Engine) fill(ctx context.Context) (bool, error) {
	any := false
	for i, priority := range priorities {
		l := &e.ready.lanes[i]
		e.mu.Lock()
		hungry, from, resets := l.hungry(), l.upTo, l.resets
		if l.reading = hungry; hungry {
			e.ready.touched = map[int64]struct{}{}
		}
		e.mu.Unlock()
		if !hungry {
			continue
		}
		page, err := e.store.Ready(ctx, priority, from, laneBounds.page)
		e.mu.Lock()
		l.reading = false
		if err == nil && l.resets == resets {
			e.ready.read(l, page, len(page) < laneBounds.page, e.admit, func(n *entry) bool { return e.running.free(n.keys, nil) })
		}
		e.ready.touched = nil
		e.mu.Unlock()
		if err != nil {
			return any, err
		}
		any = true
	}
	return any, nil
}

// ripens answers when the next job that waits, although there are free
// workers, counts as one priority higher; false when there is none.
func (e *Engine) ripens(now time.Time) (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running.now.all >= e.pool.regular+e.pool.high {
		return time.Time{}, false
	}
	return e.ready.ripens(now)
}

// nextDue answers when the first SCHEDULED job is due, or an earlier time;
// false when there is none.
func (e *Engine) nextDue() (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.due, e.dueKnown && !e.due.IsZero()
}

// promote queues the scheduled jobs whose time has come. It asks the storage
// only when that may be so.
func (e *Engine) promote(ctx context.Context, now time.Time) error {
	if next, ok := e.nextDue(); e.dueIsKnown() && (!ok || next.After(now)) {
		return nil
	}
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
	return e.learnDue(ctx)
}

// learnDue reads when the first SCHEDULED job is due. One that is stored
// meanwhile is seen here or told to offer afterwards.
func (e *Engine) learnDue(ctx context.Context) error {
	e.mu.Lock()
	e.due, e.dueKnown, e.wall = time.Time{}, true, false
	e.mu.Unlock()
	next, ok, err := e.store.NextDue(ctx)
	wall := false
	if ok && err == nil {
		wall, err = e.store.AwaitsClock(ctx)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.dueKnown = false
		return err
	}
	e.wall = e.wall || wall
	if ok {
		e.expect(next)
	}
	return nil
}

// Owes reports whether the time of a SCHEDULED job has come, so that it is about
// to be QUEUED.
func (e *Engine) Owes(ctx context.Context) (bool, error) {
	next, ok, err := e.store.NextDue(ctx)
	return ok && !next.After(e.now()), err
}

// doubtDue lets the storage be asked again for what is SCHEDULED.
func (e *Engine) doubtDue() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dueKnown = false
}

// awaitsClock reports whether a SCHEDULED job may wait for a moment of the wall
// clock.
func (e *Engine) awaitsClock() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.wall
}

func (e *Engine) dueIsKnown() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dueKnown
}

// expect notes that a job is due at the time. It needs mu.
func (e *Engine) expect(at time.Time) {
	if e.due.IsZero() || at.Before(e.due) {
		e.due = at
	}
}

// took tells whoever watches of changed jobs, and then the dispatcher: the
// other way round, a job could be seen to run before it is seen to wait.
func (e *Engine) took(jobs ...task.Job) {
	for i := range jobs {
		e.tell(&jobs[i])
	}
	e.offer(jobs...)
}

// offer brings the dispatcher's memory in step with the jobs, and wakes it
// when that gives it something to do.
func (e *Engine) offer(jobs ...task.Job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range jobs {
		e.take(&jobs[i])
	}
}

// tellNew tells whoever watches of jobs that are new.
func (e *Engine) tellNew(inserted []task.Inserted) {
	if !e.bus.watched.Load() {
		return
	}
	var j task.Job
	for i := range inserted {
		if inserted[i].Found {
			continue
		}
		for j = range inserted[i].Each() {
			e.tell(&j)
		}
	}
}

// takeNew takes note of jobs that are new.
func (e *Engine) takeNew(inserted []task.Inserted) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var j task.Job
	for i := range inserted {
		if inserted[i].Found {
			continue
		}
		for j = range inserted[i].Each() {
			if e.take(&j); e.leavesLater(&j) {
				break // those like it come after it
			}
		}
	}
}

// leavesLater reports whether of jobs like this one, which was taken note of, those with
// higher numbers are left to the storage. It needs mu.
func (e *Engine) leavesLater(j *task.Job) bool {
	n := entryOf(j)
	return n.keys == [2]string{} && e.ready.leaves(&n)
}

// take takes note of a job, and wakes the dispatcher when that gives it
// something to do. It needs mu.
func (e *Engine) take(j *task.Job) {
	if j.State == task.Scheduled {
		e.expect(j.Due)
		e.wall = e.wall || j.Wall
	}
	e.isChanged(j.Number)
	e.place(j)
	if j.State == task.Scheduled || j.State == task.Queued {
		e.nudge()
	}
}

// isChanged notes that what a worker took, or is being read, of the job is not as
// it is stored any more. It needs mu.
func (e *Engine) isChanged(number int64) {
	if a := e.running.attempts[number]; a != nil {
		a.changed = true
	}
	e.ready.touch(number)
}

// place gives the job its place: among those that may start, among those that
// wait for the world, or none. It needs mu.
func (e *Engine) place(j *task.Job) {
	n, ready := e.admit(j)
	if !ready || !e.ready.push(n, j) {
		e.ready.remove(j.Number)
	}
	if !ready {
		e.lines.remove(j.Number)
	}
	if e.queued(j) && j.Waiting != nil {
		e.lookout.add(j)
	} else {
		e.lookout.remove(j.Number, j.State.Resting())
	}
}

// queued reports whether the job is due and for this engine. It needs mu.
func (e *Engine) queued(j *task.Job) bool {
	_, runs := e.running.attempts[j.Number]
	return j.State == task.Queued && !runs && e.eligible(j)
}

// admit puts a job in line that may start, and reports whether it may. It
// needs mu.
func (e *Engine) admit(j *task.Job) (entry, bool) {
	e.foremost = min(e.foremost, j.Rank)
	if _, held := e.held[j.Queue]; held || j.Waiting != nil || !e.queued(j) {
		return entry{}, false
	}
	n := entryOf(j)
	n.needs = e.hasNeeds(j.Task)
	e.lines.add(n)
	return n, true
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
func (e *Engine) startNext(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.pick(now, nil)
	if a == nil {
		return false
	}
	e.workers.Go(func() { e.work(a, false) })
	return true
}

// pick takes the most urgent job that may start, or answers nil. The attempt
// that ends, if any, makes way for it: its place is free, and its keys are
// for this job alone until its end is stored. It needs mu.
func (e *Engine) pick(now time.Time, ends *attempt) *attempt {
	if e.stopped {
		return nil
	}
	current := e.running.now
	if current.all >= e.pool.regular+e.pool.high {
		return nil
	}
	next, priority := e.ready.pop(now,
		func(n *entry) bool { return e.running.free(n.keys, ends) },
		func(p task.Priority, regularDue bool) bool { return e.pool.admits(p, current, regularDue) })
	if ends != nil && e.ready.hungry() { // the dispatcher itself reads more before it sleeps
		e.nudge()
	}
	if next == nil {
		return nil
	}
	a := e.newAttempt(next.job, priority)
	a.taken, a.needs, a.quick = next.job, next.needs, e.isQuick(a.job.Task)
	a.marked = e.marks[a.job.Task] == marked
	e.ready.touch(a.number)
	e.running.put(a.number, a)
	e.lines.move(a.keys)
	return a
}

func (e *Engine) newAttempt(j *task.Job, priority task.Priority) *attempt {
	a := &attempt{age: e.times.age.Load(), id: j.ID, number: j.Number, job: *j, keys: keysOf(j), priority: priority}
	a.ctx, a.cancel = context.WithCancelCause(e.life)
	return a
}

// holds reports whether one of the keys is among those that are held.
func holds(held []string, keys [2]string) bool {
	for _, key := range keys {
		if key != "" && slices.Contains(held, key) {
			return true
		}
	}
	return false
}
