package engine

import (
	"context"

	"nectar/backend/task"
)

// changeover is what a worker has to store when its function has returned: the
// end of that attempt, and the start of the next.
type changeover struct {
	ends   *attempt
	ending ending
	next   *attempt // nil: there is none

	stop, start *task.Step // as they were decided; nil: not
	stored      bool       // the end is
	begun       bool       // the next one's start is
	err         error
}

// endAndBegin stores what becomes of the job whose function has returned,
// and in the same commit that the next one runs. It answers the next one, or
// nil when the worker has nothing to do.
func (e *Engine) endAndBegin(a *attempt, end ending) *attempt {
	next := e.next(a, end)
	if e.goAhead(a, end, next) {
		return next
	}
	e.leavePlace(a)
	if e.ledger.end(a, end, e.now()) { // with its start, which is not stored either
		if next == nil {
			return nil
		}
		return e.first(next)
	}
	begun, err := e.storeEnd(a, end, next)
	switch {
	case next == nil:
		return nil
	case begun:
		return next
	case next.needs && err == nil:
		return e.first(next)
	}
	e.giveBack(next, err)
	return nil
}

// first begins a job that a worker takes, and answers it, or nil when it does not
// start.
func (e *Engine) first(a *attempt) *attempt {
	if e.goAhead(nil, ending{}, a) {
		return a
	}
	if e.postpone(a) || !e.begin(a) {
		return nil
	}
	return a
}

// next picks the job that runs after the one that ends.
func (e *Engine) next(a *attempt, end ending) *attempt {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.learnQuick(a, end)
	e.running.makeWay(a)
	next := e.pick(e.now(), a)
	a.heir = next != nil
	return next
}

// storeEnd stores the end of one attempt and the start of the next, if there
// is one and the world need not be asked first, together with those of all
// workers whose functions return at this moment. It stores the end alone, for
// as long as it takes, when that fails. It reports whether the next one runs.
func (e *Engine) storeEnd(a *attempt, end ending, next *attempt) (begun bool, err error) {
	c := &changeover{ends: a, ending: end, next: next}
	e.changeovers.Do(c, e.storeAll)
	if c.stored {
		return c.begun, c.err
	}
	e.persistOf(a, func(ctx context.Context) error {
		return e.end(ctx, a, func(j *task.Job) error { return finish(j, end, e.now()) })
	})
	e.release(a)
	return c.begun, c.err
}

// storeAll stores the changeovers of several workers in one commit.
func (e *Engine) storeAll(all []*changeover) {
	e.tryHeed(context.Background())
	ids := make([]task.ID, 0, 2*len(all))
	for _, c := range all {
		ids = append(ids, c.ends.id)
		if c.next != nil {
			ids = append(ids, c.next.id)
		}
	}
	defer e.turns.take(ids...)()
	steps := e.decideAll(all)
	if err := e.store.Advance(context.Background(), steps...); err != nil {
		for _, c := range all {
			c.err = err
		}
		return
	}
	for _, c := range all {
		if c.stored = c.stop != nil && c.stop.Done; c.stored {
			e.ended(c.ends, &c.stop.After)
		}
		if c.begun = c.start != nil && c.start.Done; c.begun {
			e.began(c.next, c.start)
		}
	}
}

// decideAll decides what changeovers store. It needs the turns of all their
// jobs. The steps are valid until it is called again.
func (e *Engine) decideAll(all []*changeover) []*task.Step {
	if cap(e.steps) < 2*len(all) {
		e.steps = make([]task.Step, 2*len(all))
	}
	room := e.steps[:cap(e.steps)]
	steps := make([]*task.Step, 0, 2*len(all))
	for i, c := range all {
		stop, start := &room[2*i], &room[2*i+1]
		if c.err = e.stopOf(c.ends, c.ending, stop); c.err != nil {
			continue
		}
		c.stop = stop
		steps = append(steps, stop)
		if c.next != nil && !c.next.needs && e.startOf(c.next, start) == nil {
			c.start = start
			steps = append(steps, start)
		}
	}
	return steps
}

// stopOf decides the end of the attempt.
func (e *Engine) stopOf(a *attempt, end ending, step *task.Step) error {
	before := a.handle.current()
	step.Before, step.Through, step.After, step.Done = &before, [2]task.State{}, before, false
	return finish(&step.After, end, e.now())
}
