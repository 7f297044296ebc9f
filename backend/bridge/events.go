package bridge

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/engine"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// emitEvery is the pause between two batches of events: at most ten a second,
// because a window that is told more often freezes.
const emitEvery = 100 * time.Millisecond

// JobsEvent tells the window which jobs changed. Batches are numbered, so that
// the window can tell one that is late or missing.
//
//api:event jobs
type JobsEvent struct {
	Sequence int64            `json:"sequence"`
	Jobs     []wire.Job       `json:"jobs"`
	Removed  []string         `json:"removed"`
	Counts   map[string]int64 `json:"counts"`
}

// SourcesEvent tells the window that drives or servers came or went, so that it lists the
// sources again.
//
//api:event sources
type SourcesEvent struct {
	Sequence int64 `json:"sequence"`
}

// SessionEvent tells the window that somebody signed in or out, that the window
// locked, or that something changed about the people of the laptop.
//
//api:event session
type SessionEvent struct {
	Session wire.Session `json:"session"`
}

// Emit tells the window of an event by its name.
type Emit func(name string, data any)

// Events tells the window of changed jobs, of who is signed in, and of drives
// that come and go, until the context ends.
func (b *Bridge) Events(ctx context.Context, emit Emit) {
	b.mu.RLock()
	services, session := b.services, b.session
	b.mu.RUnlock()
	var drives sync.WaitGroup
	defer drives.Wait()
	var changes atomic.Int64
	drives.Go(func() {
		services.Sources.Watch(ctx, func() { emit("sources", SourcesEvent{Sequence: changes.Add(1)}) })
	})
	subscription := services.Jobs.Subscribe()
	defer subscription.Close()
	pause := time.NewTimer(0)
	defer pause.Stop()
	feed := feed{bridge: b, states: map[int64]task.State{}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-session.Changes():
			feed.counts = nil // another person reads other jobs
			if now, err := b.People.Session(); err == nil {
				emit("session", SessionEvent{now})
			}
			continue
		case <-subscription.News():
		}
		if event, ok := feed.next(ctx, subscription.Take()); ok {
			emit("jobs", event)
		}
		pause.Reset(emitEvery)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// feed makes events of changed jobs.
type feed struct {
	bridge   *Bridge
	sequence int64
	states   map[int64]task.State // of the jobs that are not at rest, as last told
	counts   map[string]int64
}

func (f *feed) next(ctx context.Context, changed []engine.Live) (JobsEvent, bool) {
	f.bridge.mu.RLock()
	services, maker, session := f.bridge.services, f.bridge.maker, f.bridge.session
	f.bridge.mu.RUnlock()
	moved := f.note(changed)
	if services == nil {
		return JobsEvent{}, false
	}
	person, err := session.Person(ctx)
	if err != nil {
		return JobsEvent{}, false // whoever signs in reads the jobs anew
	}
	changed = readableJobs(services, person, changed)
	if len(changed) == 0 {
		return JobsEvent{}, false
	}
	if moved || f.counts == nil {
		// Counting is work: only when a job moved from one state to another.
		if counts, err := services.Jobs.Counts(ctx, person); err == nil {
			f.counts = wire.Counts(counts)
		}
	}
	f.sequence++
	event := JobsEvent{Sequence: f.sequence, Jobs: []wire.Job{}, Removed: []string{}, Counts: f.counts}
	for _, live := range changed {
		if live.Removed {
			event.Removed = append(event.Removed, string(live.ID))
			continue
		}
		event.Jobs = append(event.Jobs, maker.Job(live))
	}
	return event, true
}

// note remembers the states and reports whether one has changed.
func (f *feed) note(changed []engine.Live) (moved bool) {
	for _, live := range changed {
		state, known := f.states[live.Number]
		moved = moved || !known || state != live.State || live.Removed
		f.states[live.Number] = live.State
		if live.Removed || live.State.Resting() {
			delete(f.states, live.Number)
		}
	}
	return moved
}
