package engine

import (
	"context"
	"sync"

	"nectar/backend/task"
)

// places are those of the workers who run jobs ahead of the storage: for each the storage
// notes which job it began last, so that one that ends the program is known.
type places struct {
	mu   sync.Mutex
	free []int // guarded by mu
	most int   // guarded by mu: so many were given
}

// take gives a worker a place, from 1 on.
func (p *places) take() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		place := p.free[n-1]
		p.free = p.free[:n-1]
		return place
	}
	p.most++
	return p.most
}

func (p *places) giveBack(place int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, place)
}

// noteBegun notes that the worker who had the last attempt, if there was one, runs the
// next ahead of the storage. It reports false where that cannot be noted.
func (e *Engine) noteBegun(last, next *attempt) bool {
	place := 0
	if last != nil {
		place = last.place
	}
	if place == 0 {
		place = e.places.take()
	}
	next.place = place
	err := e.store.NoteBegun(place-1, task.Begun{Number: next.number, Attempts: next.job.Attempts})
	if err != nil {
		e.log.Warn("cannot note a job that is ahead of the storage", "job", next.id, "error", err)
		e.notBegun(last, next)
		e.mu.Lock()
		delete(e.quick, next.job.Task) // not tried again at once
		e.mu.Unlock()
	}
	return err == nil
}

// notBegun takes back what noteBegun did: the next is not run ahead.
func (e *Engine) notBegun(last, next *attempt) {
	if last == nil || last.place == 0 {
		e.leavePlace(next)
	}
	next.place = 0
}

// leavePlace gives the attempt's place back, if it has one: its function has returned, and
// its worker runs none ahead after it.
func (e *Engine) leavePlace(a *attempt) {
	if a.place == 0 {
		return
	}
	if err := e.store.NoteBegun(a.place-1, task.Begun{}); err != nil {
		e.log.Warn("cannot note that a job has returned", "job", a.id, "error", err)
	}
	e.places.giveBack(a.place)
	a.place = 0
}

// recoverBegun stores of the jobs that an earlier process ran ahead when it died that they
// were RUNNING. One that has begun since, or is not there any more, is another matter.
func (e *Engine) recoverBegun(ctx context.Context) error {
	all, err := e.store.Begun()
	if err != nil {
		return err
	}
	for _, begun := range all {
		jobs, err := e.store.Matching(ctx, task.Filter{Readable: task.Readable{All: true}, States: []task.State{task.Queued}}, begun.Number-1, 1)
		if err != nil {
			return err
		}
		if len(jobs) == 0 || jobs[0].Number != begun.Number || jobs[0].Attempts != begun.Attempts {
			continue
		}
		definition, installed := e.registry.Lookup(jobs[0].Task)
		if !installed {
			continue
		}
		step := &task.Step{Before: &jobs[0], Through: [2]task.State{task.Selected}, After: jobs[0]}
		if err := selectAndStart(&step.After, definition, e.now()); err != nil {
			return err
		}
		if err := e.store.Advance(ctx, step); err != nil {
			return err
		}
	}
	return nil
}
