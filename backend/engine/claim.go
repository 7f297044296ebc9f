package engine

import (
	"strconv"

	"nectar/backend/task"
)

// claim is a job that a free worker takes while it is being stored, so that
// it starts one commit after it was asked for.
type claim struct {
	engine  *Engine
	attempt *attempt
	place   int64    // in Engine.running, until the job has a number
	asked   task.Job // as it was asked for: QUEUED
	start   task.Job // as it is stored: RUNNING
}

// claim lets a free worker take the job of a single draft, if it would be the
// next to start. It answers nil if not, and for a job that may be there
// already under a fixed id.
func (e *Engine) claim(draft *task.Draft) *claim {
	definition, installed := e.registry.Lookup(draft.Job.Task)
	if draft.Job.ID != "" || draft.Job.State != task.Queued || !installed || definition.HasNeeds() {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, held := e.held[draft.Job.Queue]
	if !e.started || e.stopped || e.focused || held || !e.ready.empty() || !e.running.free(keysOf(draft.Job), nil) ||
		!e.pool.admits(draft.Job.Priority, e.running.now, draft.Job.Priority == task.Regular) {
		return nil
	}
	c := &claim{engine: e, asked: *draft.Job, start: *draft.Job}
	if selectAndStart(&c.start, definition, e.now()) != nil {
		return nil
	}
	c.attempt = e.newAttempt(&c.start, draft.Job.Priority)
	c.place = -e.claimed
	e.running.put(c.place, c.attempt)
	e.workers.Add(1)
	*draft.Job = c.start
	draft.Stored = func(stored task.Job) { c.stored(stored, definition) }
	return c
}

// claimTurn answers the turn that stands for a job without a number.
func (e *Engine) claimTurn() task.ID {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.claimed++
	return task.ID("new " + strconv.FormatInt(e.claimed, 10))
}

// stored makes the attempt known under its job's number, before anybody can
// cancel it.
func (c *claim) stored(job task.Job, d *task.Definition) {
	e := c.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running.drop(c.place)
	c.place, c.start = job.Number, job
	c.asked.ID, c.asked.Number = job.ID, job.Number
	c.asked.Due, c.asked.Planned, c.asked.Created, c.asked.Metadata = job.Due, job.Planned, job.Created, job.Metadata
	c.attempt.id, c.attempt.number, c.attempt.job = job.ID, job.Number, job
	c.attempt.handle = newHandle(&c.attempt.job, d, e)
	e.running.put(c.place, c.attempt)
}

// settle runs the job, if it was stored, and reports whether it was; else
// the worker is free again.
func (c *claim) settle(inserted []task.Inserted, err error) bool {
	if c == nil {
		return false
	}
	e := c.engine
	if err != nil || inserted[0].Found {
		e.mu.Lock()
		e.running.drop(c.place)
		e.mu.Unlock()
		c.attempt.cancel(nil)
		e.workers.Done()
		e.nudge()
		return false
	}
	e.bus.publish(Live{Job: c.asked})
	c.attempt.handle.tellAll()
	go func() {
		defer e.workers.Done()
		e.work(c.attempt, true)
	}()
	return true
}
