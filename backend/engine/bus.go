package engine

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/task"
)

// Live is a job as it is at this moment, with what its attempt has said but
// not stored yet.
type Live struct {
	task.Job

	Rate      float64  // units a second, smoothed over ten seconds; 0 when not running
	Remaining *float64 // seconds; nil while it means nothing
	Behind    int      // jobs that go before it on its key or resource
	// NextLook is in how long the thing that it waits for is looked at next; 0
	// when nobody knows.
	NextLook time.Duration
	Removed  bool // the job was deleted
}

// bus tells subscribers which jobs changed.
type bus struct {
	watched atomic.Bool // somebody has subscribed

	mu          sync.Mutex
	subscribers map[*Subscription]struct{} // guarded by mu
}

func newBus() *bus { return &bus{subscribers: map[*Subscription]struct{}{}} }

// Subscription collects changed jobs until they are taken. A slow subscriber
// misses intermediate values, never the last one, and slows nobody down.
type Subscription struct {
	bus  *bus
	news chan struct{}

	mu      sync.Mutex
	changed map[int64]Live // guarded by mu, by job number
}

// Subscribe begins to collect changes of jobs. Close the subscription.
func (e *Engine) Subscribe() *Subscription {
	s := &Subscription{bus: e.bus, news: make(chan struct{}, 1), changed: map[int64]Live{}}
	e.bus.mu.Lock()
	defer e.bus.mu.Unlock()
	e.bus.subscribers[s] = struct{}{}
	e.bus.watched.Store(true)
	return s
}

// News receives a value when there is something to take.
func (s *Subscription) News() <-chan struct{} { return s.news }

// Take answers the jobs that changed since the last time, each once with its
// last value, in the order of creation.
func (s *Subscription) Take() []Live {
	s.mu.Lock()
	defer s.mu.Unlock()
	jobs := make([]Live, 0, len(s.changed))
	for _, j := range s.changed {
		jobs = append(jobs, j)
	}
	s.changed = map[int64]Live{}
	slices.SortFunc(jobs, func(a, b Live) int { return int(a.Number - b.Number) })
	return jobs
}

// Close ends the subscription. Closing twice is allowed.
func (s *Subscription) Close() {
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	delete(s.bus.subscribers, s)
	s.bus.watched.Store(len(s.bus.subscribers) > 0)
}

// tell tells of a job that changed, as it is now.
func (e *Engine) tell(job *task.Job) {
	if e.bus.watched.Load() {
		e.bus.publish(e.live(*job))
	}
}

func (b *bus) publish(job Live) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subscribers {
		s.mu.Lock()
		s.changed[job.Number] = job
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
	}
}
