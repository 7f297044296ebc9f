package engine

import (
	"context"
	"slices"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// What a job waits for whose function has returned, or is to begin, while that
// cannot be stored.
const (
	needRoom = "disk_full"
	needDisk = "disk_trouble"
)

// persistOf is persist for an attempt. While the storage fails the job is shown
// as one that waits for the disk: it would else stand at its end without a word.
func (e *Engine) persistOf(a *attempt, save func(context.Context) error) {
	e.persist(save, func(err error) { e.isUnstored(a, err) })
	if !e.isStored(a) {
		return // or told already that it ended
	}
	if job, err := e.store.Job(context.Background(), a.id); err == nil {
		e.tell(&job)
	}
}

// isUnstored notes that the attempt waits for the storage.
func (e *Engine) isUnstored(a *attempt, err error) {
	waiting := task.Waiting{Need: task.Need{Code: needDisk}, Since: e.now()}
	if fault.CodeOf(err) == fault.DiskFull {
		waiting.Code = needRoom
	}
	e.mu.Lock()
	was := a.unstored
	if was != nil {
		waiting.Since = was.Since
	}
	a.unstored = &waiting
	e.mu.Unlock()
	if was == nil || *was != waiting {
		e.tellOf(a)
	}
}

// isStored notes that the attempt waits no longer, and reports whether it did.
func (e *Engine) isStored(a *attempt) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	waited := a.unstored != nil
	a.unstored = nil
	return waited
}

// tellOf tells of the job as its attempt knows it.
func (e *Engine) tellOf(a *attempt) {
	job := a.job
	if a.handle != nil {
		job = a.handle.current()
	}
	e.tell(&job)
}

// waitsForDisk says of a job that it waits for the storage, if it does.
func (e *Engine) waitsForDisk(job *Live) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := e.running.attempts[job.Number]; a != nil && a.unstored != nil {
		waiting := *a.unstored
		job.Waiting = &waiting
	}
}

// Unstored answers the jobs whose state cannot be stored at the moment, as they
// were stored last, in the order of their creation.
func (e *Engine) Unstored() []Live {
	e.mu.Lock()
	var jobs []Live
	for _, a := range e.running.attempts {
		if a.unstored != nil {
			waiting := *a.unstored
			job := Live{Job: a.job}
			job.Waiting = &waiting
			jobs = append(jobs, job)
		}
	}
	e.mu.Unlock()
	slices.SortFunc(jobs, func(a, b Live) int { return int(a.Number - b.Number) })
	return jobs
}
