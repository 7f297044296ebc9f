package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nectar/backend/task"
)

// storeEvery is the pause between two writes of progress: at most four a
// second.
const storeEvery = 250 * time.Millisecond

// scribe stores what running attempts say, all of them in one write, a few
// times a second while there is news and not at all otherwise.
type scribe struct {
	store Store
	log   *slog.Logger
	wake  chan struct{}

	mu    sync.Mutex
	noted map[*handle]struct{} // guarded by mu: those with news
}

func newScribe(store Store, log *slog.Logger) *scribe {
	return &scribe{store: store, log: log, wake: make(chan struct{}, 1), noted: map[*handle]struct{}{}}
}

// note says that the handle has news.
func (s *scribe) note(h *handle) {
	s.mu.Lock()
	s.noted[h] = struct{}{}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run stores news until the context ends.
func (s *scribe) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.store1(ctx)
		pause.Reset(storeEvery)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// store1 stores the news of all attempts in one write.
func (s *scribe) store1(ctx context.Context) {
	s.mu.Lock()
	noted := s.noted
	s.noted = map[*handle]struct{}{}
	s.mu.Unlock()

	var handles []*handle
	var notes []task.Notes
	for h := range noted {
		h.show()
		h.saving.Lock()
		if n, ok := h.take(); ok {
			handles, notes = append(handles, h), append(notes, n)
		} else {
			h.saving.Unlock()
		}
	}
	if len(notes) == 0 {
		return
	}
	err := s.store.SaveNotes(ctx, notes...)
	if err != nil && ctx.Err() == nil {
		s.log.Warn("cannot store progress", "error", err)
	}
	for i, h := range handles {
		if err != nil {
			h.giveBack(notes[i])
			s.note(h)
		}
		h.saving.Unlock()
	}
}
