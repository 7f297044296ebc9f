package engine

import (
	"context"
	"encoding/json"
	"math"
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
	baseline int64    // progress above this is new: it outlives an interruption
	begins   *attempt // the attempt, if its start may not be stored yet; nil else

	// saving is held from taking notes until they are stored, so that what
	// was said earlier is never stored later. It is taken before mu.
	saving sync.Mutex

	mu     sync.Mutex
	job    *task.Job // guarded by mu: the job with all that was said
	own    bool      // guarded by mu: job is the handle's own to change
	dirty  bool      // guarded by mu: something is not stored yet
	closed bool      // guarded by mu
	retry  *retry    // guarded by mu
	said   bool      // guarded by mu: something was said
	words  *words    // guarded by mu: what; nil while that is nothing
}

// words are what an attempt has said. Most that return at once say nothing.
type words struct {
	metadata map[string]json.RawMessage // nil until something is added to it
	notes    task.Notes                 // what is not stored yet
	meter    meter
	shown    time.Time // when the bus heard last
	unshown  bool      // something was said since
}

// newHandle makes the handle of a job as it began, which nobody changes from now on:
// most that return at once say nothing, and need no copy of it.
func newHandle(job *task.Job, d *task.Definition, e *Engine) *handle {
	h := &handle{engine: e, job: job, baseline: job.Progress}
	if d.OnInterruption != task.Resume {
		h.baseline = math.MaxInt64 // what it does is lost with it; only a checkpoint counts
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
		h.words.meter.add(now, done)
		if done > h.baseline {
			h.words.notes.Advanced = true
		}
		return true
	})
}

// SetMetadata implements task.Sink. A value that does not encode is dropped.
func (h *handle) SetMetadata(key string, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		h.engine.log.Warn("cannot encode metadata", "key", key, "error", err)
		return
	}
	h.say(func(time.Time) bool {
		if h.words.metadata == nil {
			h.words.metadata = metadataOf(h.job)
		}
		h.words.metadata[key] = encoded
		all, err := json.Marshal(h.words.metadata)
		if err != nil {
			return false
		}
		h.job.Metadata = all
		return true
	})
}

func metadataOf(job *task.Job) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(job.Metadata, &all); err != nil || all == nil {
		return map[string]json.RawMessage{}
	}
	return all
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
		h.words.notes.Log = append(h.words.notes.Log, task.LogLine{Time: now, Level: level, Message: message})
		return true
	})
}

// Problem implements task.Sink.
func (h *handle) Problem(problem task.Problem) {
	h.say(func(time.Time) bool {
		h.job.Problems++
		if h.job.Problems <= maxProblems {
			h.words.notes.Problems = append(h.words.notes.Problems, problem)
		}
		return true
	})
}

// Checkpoint implements task.Sink.
func (h *handle) Checkpoint(data json.RawMessage) error {
	h.say(func(time.Time) bool {
		h.job.Checkpoint, h.words.notes.Checkpoint = data, data
		h.words.notes.Advanced = true
		return true
	})
	return h.flush(context.Background())
}

// flush stores what is not stored yet and answers when it is durable.
func (h *handle) flush(ctx context.Context) error {
	h.saving.Lock()
	defer h.saving.Unlock()
	notes, ok := h.take()
	if !ok {
		return nil
	}
	if err := h.engine.store.SaveNotes(ctx, notes); err != nil {
		h.giveBack(notes)
		h.engine.scribe.note(h)
		return err
	}
	return nil
}

// ProblemsOf implements task.Sink.
func (h *handle) ProblemsOf(attempt int64) ([]task.Problem, error) {
	return h.engine.store.Problems(context.Background(), h.job.Number, attempt, maxProblems)
}

// RetryIn implements task.Sink.
func (h *handle) RetryIn(delay time.Duration, overrides task.Overrides) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retry = &retry{delay: max(delay, 0), overrides: overrides}
}

// say applies what the function says, and tells the scribe and the bus. The
// change reports whether it changed anything.
//
// What a job says is stored after its start.
func (h *handle) say(change func(now time.Time) bool) {
	if h.begins != nil {
		h.engine.ledger.await(h.begins)
	}
	now := h.engine.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if !h.own {
		h.become(*h.job)
	}
	if h.words == nil {
		h.words = &words{}
	}
	if !change(now) {
		return
	}
	h.dirty, h.words.unshown, h.said = true, true, true
	if now.Sub(h.words.shown) >= showEvery || now.Before(h.words.shown) {
		h.publish(now)
	}
	h.engine.scribe.note(h)
}

// show tells the bus what it has not heard yet. The scribe calls it, so that
// the last thing said is shown even when silence follows.
func (h *handle) show() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.words != nil && h.words.unshown && !h.closed {
		h.publish(h.engine.now())
	}
}

// tellAll tells the bus how the job is now.
func (h *handle) tellAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engine.bus.publish(h.snapshot(h.engine.now()))
}

// publish tells the bus what was said. It needs mu, so that nobody sees an older value
// after a newer one.
func (h *handle) publish(now time.Time) {
	h.words.shown, h.words.unshown = now, false
	h.engine.bus.publish(h.snapshot(now))
}

// follow takes over what a command has changed of the stored job.
func (h *handle) follow(job task.Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if job.Attempts != h.job.Attempts {
		return
	}
	said := h.job
	h.become(job)
	h.job.Progress, h.job.Total, h.job.Metadata, h.job.Problems = said.Progress, said.Total, said.Metadata, said.Problems
	h.job.Cancellable, h.job.Checkpoint = said.Cancellable, said.Checkpoint
}

// become makes the job the handle's own, to be changed. It needs mu.
func (h *handle) become(job task.Job) { h.job, h.own = &job, true }

// current answers the job with what was said, and with what commands changed
// of it.
func (h *handle) current() task.Job {
	h.mu.Lock()
	defer h.mu.Unlock()
	return *h.job
}

// take answers what is not stored yet; false when there is nothing.
func (h *handle) take() (task.Notes, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.dirty {
		return task.Notes{}, false
	}
	h.dirty = false
	notes := h.words.notes
	h.words.notes = task.Notes{}
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
	h.words.notes.Problems = append(notes.Problems, h.words.notes.Problems...)
	h.words.notes.Log = append(notes.Log, h.words.notes.Log...)
	h.words.notes.Advanced = h.words.notes.Advanced || notes.Advanced
	if h.words.notes.Checkpoint == nil {
		h.words.notes.Checkpoint = notes.Checkpoint
	}
}

// spoke reports whether the function said anything.
func (h *handle) spoke() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said
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
	if h.words == nil {
		return Live{Job: *h.job}
	}
	m := &h.words.meter
	return Live{Job: *h.job, Rate: m.rate(now), Remaining: m.remaining(now, h.job.Progress, h.job.Total)}
}
