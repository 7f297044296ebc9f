package clock

import "time"

// timer is an alarm on a timer of the Go runtime.
type timer struct {
	elapsed func() time.Duration
	bound   bool // the timer stands still while the laptop sleeps
	told    bool // it is rung when that ends, and when the wall clock is set
	rings   chan struct{}
	timer   *time.Timer
}

func newTimer(elapsed func() time.Duration, bound bool) *timer {
	t := &timer{elapsed: elapsed, bound: bound, rings: make(chan struct{}, 1)}
	t.timer = time.AfterFunc(time.Hour, t.ring)
	t.timer.Stop()
	return t
}

func (t *timer) ring() {
	select {
	case t.rings <- struct{}{}:
	default:
	}
}

// Rings implements Alarm.
func (t *timer) Rings() <-chan struct{} { return t.rings }

// Set implements Alarm.
func (t *timer) Set(at time.Duration, changes bool) {
	if at == Never && (!changes || t.told) {
		t.timer.Stop()
		return
	}
	wait := look
	if at != Never {
		wait = max(at-t.elapsed(), 0)
	}
	if !t.told && (changes || t.bound) {
		wait = min(wait, look)
	}
	t.timer.Reset(wait)
}

// Stop implements Alarm.
func (t *timer) Stop() { t.timer.Stop() }
