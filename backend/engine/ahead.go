package engine

import (
	"context"
	"time"

	"nectar/backend/task"
)

// Jobs whose functions return at once are run ahead of the storage: a worker
// calls the function of the next one without waiting until the end of the last
// one and the start of the next are stored. They are stored together with those
// of many others by one who does nothing else (keepUp), as soon as it is free,
// and a job that began and ended meanwhile by a single change. Nobody hears of a
// start or an end before it is stored.
//
// When the program dies, what was ahead is as it was stored, QUEUED, and is run
// again; those of which a function was under way count as interrupted (begun.go). So it is
// not done
//   - for a task that must not be run again unasked (task.FailInterrupted), and
//   - before some functions of the task have returned at once in this process (trust.go).
//     Now and then one may take longer: on a small laptop the system lets it wait for
//     other programs.
//
// A function that says anything waits until its start is stored.

const (
	// quickRun is how long a function may take to count as returning at once:
	// about as long as a change takes that waits for the disk.
	quickRun = time.Millisecond
	// aheadMost bounds how many jobs are ahead of the storage, and are run again
	// if the program dies.
	aheadMost = 256
)

// ahead is what is not stored yet of an attempt: its start, its end, or both.
type ahead struct {
	attempt *attempt
	slot    int       // the job's turn, held until it is stored
	starts  bool      // the start is not stored
	before  *task.Job // as it is stored before; nobody changes it, nor the next
	began   *task.Job // as it is after the start
	ending  ending    // guarded by ledger.mu: if it ended
	at      time.Time // guarded by ledger.mu: when
	ended   bool      // guarded by ledger.mu
	taken   bool      // guarded by ledger.mu: it is being stored
	follows bool      // guarded by ledger.mu: the end comes after it, and has the turn then
	waited  bool      // guarded by ledger.mu: it was left for later once, to be stored with its end
}

// decide makes the step that is to be stored. That it can be was seen when it was noted;
// jobs are large, and one is made of it for the time of a batch alone.
func (n *ahead) decide(step *task.Step) {
	*step = task.Step{Before: n.before, After: *n.began}
	if n.starts {
		step.Through[0] = task.Selected
	}
	if !n.ended {
		return
	}
	if n.starts {
		step.Through[1] = task.Running
	}
	_ = finish(&step.After, n.ending, n.at)
}

// canFinish reports whether the job can end so.
func canFinish(job task.Job, end ending, now time.Time) bool { return finish(&job, end, now) == nil }

// goAhead lets the next job begin before the end of the last, if there was one,
// and its own start are stored. It reports false, and has done nothing, where
// that must not be.
func (e *Engine) goAhead(last *attempt, end ending, next *attempt) bool {
	var began task.Job
	start := e.startAhead(last, next, &began)
	if start == nil {
		return false
	}
	var stop *ahead
	if last != nil {
		var ends bool
		if stop, ends = e.stopAhead(last, end); !ends {
			e.turns.giveBack(start.slot)
			e.notBegun(last, next)
			return false
		}
	}
	next.job, next.taken = began, nil
	h := newHandle(&next.job, e.definition(next), e)
	h.begins = next
	e.mu.Lock()
	next.handle = h
	e.lines.remove(next.number)
	e.mu.Unlock()
	e.ledger.add(stop, start)
	return true
}

func (e *Engine) definition(a *attempt) *task.Definition {
	definition, _ := e.registry.Lookup(a.job.Task)
	return definition
}

// startAhead decides the start of a queued job, and holds its turn; nil where it
// has to be stored first, and when somebody else has its turn or changed it.
func (e *Engine) startAhead(last, a *attempt, began *task.Job) *ahead {
	if a == nil || !a.quick || a.needs || e.times.set() != 0 || e.recalls.Load() {
		return nil
	}
	if !a.marked && !e.markAhead(a) {
		return nil
	}
	e.ledger.waitForRoom()
	slot, free := e.turns.try(a.id)
	if !free {
		return nil
	}
	e.mu.Lock()
	changed := a.changed
	e.mu.Unlock()
	if changed || e.beginOf(a, began) != nil || !e.noteBegun(last, a) {
		e.turns.giveBack(slot)
		return nil
	}
	return &ahead{attempt: a, slot: slot, starts: true, before: a.taken, began: &a.job}
}

// stopAhead decides the end of an attempt. Where its start is not stored yet,
// the end goes with that, and there is nothing to add.
func (e *Engine) stopAhead(a *attempt, end ending) (*ahead, bool) {
	now := e.now()
	if e.ledger.end(a, end, now) {
		return nil, true
	}
	slot, free := e.turns.try(a.id)
	if !free {
		return nil, false
	}
	before := a.handle.current()
	if !canFinish(before, end, now) {
		e.turns.giveBack(slot)
		return nil, false
	}
	return &ahead{attempt: a, slot: slot, before: &before, began: &before, ending: end, at: now, ended: true}, true
}

// keepUp stores what workers are ahead, until the ledger is closed.
func (e *Engine) keepUp() {
	var room []task.Step
	for {
		batch := e.ledger.take()
		if batch == nil {
			return
		}
		if len(batch) > len(room) {
			room = make([]task.Step, len(batch)+aheadMost)
		}
		e.storeAhead(batch, room[:len(batch)])
		clear(room[:len(batch)])
		for _, n := range e.ledger.stored(batch) {
			e.turns.giveBack(n.slot)
		}
	}
}

// storeAhead stores starts and ends in one commit, for as long as it takes, and
// makes them known. There is room for their steps.
func (e *Engine) storeAhead(batch []*ahead, room []task.Step) {
	steps := make([]*task.Step, len(batch))
	for i, n := range batch {
		n.decide(&room[i])
		steps[i] = &room[i]
	}
	e.persist(func(ctx context.Context) error { return e.store.Advance(ctx, steps...) }, func(err error) {
		for _, n := range batch {
			e.isUnstored(n.attempt, err)
		}
	})
	e.mu.Lock()
	for _, n := range batch {
		n.attempt.unstored = nil
	}
	e.mu.Unlock()
	for i, n := range batch {
		step := steps[i]
		switch {
		case !step.Done:
			e.log.Error("cannot store a job that has begun", "job", n.attempt.id)
			n.attempt.cancel(errStopped)
		case n.starts && e.bus.watched.Load():
			e.bus.publish(Live{Job: n.attempt.job})
		}
		if step.Done && n.ended {
			e.logEnd(&step.After)
			e.tell(&step.After)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, n := range batch {
		if !n.ended {
			continue
		}
		e.letGo(n.attempt)
		if steps[i].Done {
			e.take(&steps[i].After)
		}
	}
}
