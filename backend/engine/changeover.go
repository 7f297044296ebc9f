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
	err         error
}

// endAndBegin stores what becomes of the job whose function has returned,
// and in the same commit that the next one runs. It answers the next one, or
// nil when the worker has nothing to do.
func (e *Engine) endAndBegin(a *attempt, end ending) *attempt {
	next := e.next(a)
	begun, err := e.storeEnd(a, end, next)
	switch {
	case next == nil:
		return nil
	case begun:
		return next
	case next.needs && err == nil:
		if e.postpone(next) || !e.begin(next) {
			return nil
		}
		return next
	}
	e.giveBack(next, err)
	return nil
}

// next picks the job that runs after the one that ends.
func (e *Engine) next(a *attempt) *attempt {
	e.mu.Lock()
	defer e.mu.Unlock()
	a.ending = true
	next := e.pick(e.now(), a)
	a.heir = next != nil
	return next
}

// storeEnd stores the end of one attempt and the start of the next, if there
// is one and the world need not be asked first, together with those of all
// workers whose functions return at this moment. It stores the end alone, for
// as long as it takes, when that fails. It reports whether the next one runs.
func (e *Engine) storeEnd(a *attempt, end ending, next *attempt) (begun bool, err error) {
	h := &changeover{ends: a, ending: end, next: next}
	e.changeovers.Do(h, e.storeAll)
	if h.stop != nil && h.stop.Done {
		return h.start != nil && h.start.Done, h.err
	}
	e.persist(func(ctx context.Context) error {
		return e.end(ctx, a, func(j *task.Job) error { return finish(j, end, e.now()) })
	})
	e.release(a)
	return h.start != nil && h.start.Done, h.err
}

// storeAll stores the changeovers of several workers in one commit.
func (e *Engine) storeAll(all []*changeover) {
	e.tryHeed(context.Background())
	ids := make([]task.ID, 0, 2*len(all))
	for _, h := range all {
		ids = append(ids, h.ends.id)
		if h.next != nil {
			ids = append(ids, h.next.id)
		}
	}
	defer e.turns.take(ids...)()
	steps := make([]*task.Step, 0, 2*len(all))
	for _, h := range all {
		steps = e.decide(h, steps)
	}
	if err := e.store.Advance(context.Background(), steps...); err != nil {
		for _, h := range all {
			h.err = err
		}
		return
	}
	for _, h := range all {
		if h.stop != nil && h.stop.Done {
			e.ended(h.ends, h.stop.After)
		}
		if h.start != nil && h.start.Done {
			e.began(h.next, h.start)
		}
	}
}

// decide decides what a changeover stores, and adds it to the steps. It needs the
// turns of both jobs.
func (e *Engine) decide(h *changeover, steps []*task.Step) []*task.Step {
	stop := &task.Step{Before: h.ends.handle.current()}
	stop.After = stop.Before
	if h.err = finish(&stop.After, h.ending, e.now()); h.err != nil {
		return steps
	}
	h.stop = stop
	steps = append(steps, stop)
	if h.next == nil || h.next.needs {
		return steps
	}
	if start, err := e.startOf(h.next); err == nil {
		h.start = start
		steps = append(steps, start)
	}
	return steps
}
