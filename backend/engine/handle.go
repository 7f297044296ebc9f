package engine

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"nectar/backend/task"
)

// maxProblems bounds the problems that are stored of one attempt; the count
// goes on.
const maxProblems = 10_000

// showEvery bounds how often a running attempt's progress goes to the bus.
const showEvery = 100 * time.Millisecond

// handle collects what a running attempt says. It stands behind task.Run.
type handle struct {
	engine   *Engine
	baseline int64 // progress that an earlier attempt had stored

	mu       sync.Mutex
	job      task.Job       // guarded by mu: the job with all that was said
	metadata map[string]any // guarded by mu
	notes    task.Notes     // guarded by mu: what is not stored yet
	dirty    bool           // guarded by mu
	closed   bool           // guarded by mu
	retry    *retry         // guarded by mu
	meter    meter          // guarded by mu
	shown    time.Time      // guarded by mu: when the bus heard last
}

func newHandle(job task.Job, _ *task.Definition, e *Engine) *handle {
	h := &handle{engine: e, job: job, baseline: job.Progress, metadata: map[string]any{}}
	if err := json.Unmarshal(job.Metadata, &h.metadata); err != nil || h.metadata == nil {
		h.metadata = map[string]any{}
	}
	return h
}

// SetProgress implements task.Sink.
func (h *handle) SetProgress(done, total int64) {
	h.say(func(now time.Time) bool {
		if h.job.Progress == done && h.job.Total == total {
			return false
		}
		h.job.Progress, h.job.Total = done, total
		h.meter.add(now, done)
		if done > h.baseline {
			h.notes.Advanced = true
		}
		return true
	})
}

// SetMetadata implements task.Sink. A value that does not encode is dropped.
func (h *handle) SetMetadata(key string, value any) {
	h.say(func(time.Time) bool {
		h.metadata[key] = value
		encoded, err := json.Marshal(h.metadata)
		if err != nil {
			delete(h.metadata, key)
			return false
		}
		h.job.Metadata = encoded
		return true
	})
}

// SetCancellable implements task.Sink.
func (h *handle) SetCancellable(yes bool) {
	h.say(func(time.Time) bool {
		h.job.Cancellable = yes
		return true
	})
}

// Log implements task.Sink.
func (h *handle) Log(level, message string) {
	h.say(func(now time.Time) bool {
		h.notes.Log = append(h.notes.Log, task.LogLine{Time: now, Level: level, Message: message})
		return true
	})
}

// Problem implements task.Sink.
func (h *handle) Problem(problem task.Problem) {
	h.say(func(time.Time) bool {
		h.job.Problems++
		if h.job.Problems <= maxProblems {
			h.notes.Problems = append(h.notes.Problems, problem)
		}
		return true
	})
}

// Checkpoint implements task.Sink.
func (h *handle) Checkpoint(data json.RawMessage) error {
	h.say(func(time.Time) bool {
		h.job.Checkpoint, h.notes.Checkpoint = data, data
		h.notes.Advanced = true
		return true
	})
	notes, ok := h.take()
	if !ok {
		return nil
	}
	return h.engine.scribe.save(context.Background(), notes)
}

// RetryIn implements task.Sink.
func (h *handle) RetryIn(delay time.Duration, overrides task.Overrides) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retry = &retry{delay: max(delay, 0), overrides: overrides}
}

// say applies what the function says, and tells the scribe and the bus. The
// change reports whether it changed anything.
func (h *handle) say(change func(now time.Time) bool) {
	now := h.engine.now()
	h.mu.Lock()
	if h.closed || !change(now) {
		h.mu.Unlock()
		return
	}
	h.dirty = true
	show := now.Sub(h.shown) >= showEvery || now.Before(h.shown)
	if show {
		h.shown = now
	}
	live := h.snapshot(now)
	h.mu.Unlock()
	h.engine.scribe.note(h)
	if show {
		h.engine.bus.publish(live)
	}
}

// take answers what is not stored yet; false when there is nothing.
func (h *handle) take() (task.Notes, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.dirty {
		return task.Notes{}, false
	}
	h.dirty = false
	notes := h.notes
	h.notes = task.Notes{}
	notes.Job, notes.Attempt = h.job.Number, h.job.Attempts
	notes.Progress, notes.Total = h.job.Progress, h.job.Total
	notes.Cancellable, notes.Metadata, notes.ProblemCount = h.job.Cancellable, h.job.Metadata, h.job.Problems
	return notes, true
}

// giveBack returns notes that could not be stored.
func (h *handle) giveBack(notes task.Notes) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dirty = true
	h.notes.Problems = append(notes.Problems, h.notes.Problems...)
	h.notes.Log = append(notes.Log, h.notes.Log...)
	h.notes.Advanced = h.notes.Advanced || notes.Advanced
	if h.notes.Checkpoint == nil {
		h.notes.Checkpoint = notes.Checkpoint
	}
}

// close makes the handle deaf: the function has returned. It answers the
// retry that was asked for.
func (h *handle) close() *retry {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	return h.retry
}

// live answers the job with all that was said so far.
func (h *handle) live(now time.Time) Live {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.snapshot(now)
}

// snapshot needs mu.
func (h *handle) snapshot(now time.Time) Live {
	rate := h.meter.rate(now)
	return Live{Job: h.job, Rate: rate, Remaining: h.meter.remaining(now, h.job.Progress, h.job.Total)}
}
