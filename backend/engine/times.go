package engine

import (
	"sync/atomic"
	"time"

	"nectar/backend/clock"
)

const (
	// clockSet is how far the wall clock must stray from where it was to count
	// as set. Less is how a system keeps its clock right.
	clockSet = 250 * time.Millisecond
	// atOnce is how far apart two looks at the clocks may be to count as one.
	atOnce = 10 * time.Millisecond
)

// times tells the engine's time: the wall clock as it was when the engine
// heeded it last, gone on since by the elapsed time. All stored times of one
// moment therefore belong together, and a clock that is set changes nothing
// until the engine has moved what must move with it.
type times struct {
	clock clock.Clock
	ahead atomic.Int64 // of the wall clock against the elapsed time, as believed
	age   atomic.Int64 // how often the clock was set
}

func newTimes(c clock.Clock) *times {
	t := &times{clock: c}
	t.ahead.Store(int64(t.read()))
	return t
}

// now answers the engine's time.
func (t *times) now() time.Time { return time.Unix(0, t.ahead.Load()).Add(t.clock.Elapsed()) }

// until answers when, in elapsed time, the engine's time will be the given.
func (t *times) until(at time.Time) time.Duration {
	elapsed := t.clock.Elapsed()
	return elapsed + at.Sub(time.Unix(0, t.ahead.Load()).Add(elapsed))
}

// set answers by how much the wall clock was set since it was heeded; 0 when
// it was not.
func (t *times) set() time.Duration {
	by := (t.read() - time.Duration(t.ahead.Load())).Truncate(time.Millisecond)
	if by.Abs() < clockSet {
		return 0
	}
	return by
}

// heed takes over that the wall clock was set.
func (t *times) heed(by time.Duration) {
	t.ahead.Add(int64(by))
	t.age.Add(1)
}

// read answers how far the wall clock is ahead of the elapsed time. When the
// laptop falls asleep between two looks it looks again.
func (t *times) read() time.Duration {
	var ahead time.Duration
	before := t.clock.Elapsed()
	for range 3 {
		ahead = time.Duration(t.clock.Now().UnixNano()) - before
		after := t.clock.Elapsed()
		if after-before < atOnce {
			break
		}
		before = after
	}
	return ahead
}
