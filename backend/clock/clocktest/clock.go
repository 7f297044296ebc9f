// Package clocktest is a clock that tests drive.
package clocktest

import (
	"sync"
	"time"

	"nectar/backend/clock"
)

// Clock is a clock that goes with package time, as that does in a bubble of
// testing/synctest, and that is besides set and put to sleep at will.
type Clock struct {
	// Silent is true for a system that does not tell when its clock is set.
	Silent bool

	mu     sync.Mutex
	wall   time.Duration       // guarded by mu: how far the wall clock is ahead of package time
	slept  time.Duration       // guarded by mu: how far the elapsed time is
	alarms map[*alarm]struct{} // guarded by mu: those that are not stopped
	rung   int                 // guarded by mu
}

// Now implements clock.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Round(0).Add(c.wall)
}

// Elapsed implements clock.Clock.
func (c *Clock) Elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clock.Plain().Elapsed() + c.slept
}

// Jump sets the wall clock forward, or backward by a negative time.
func (c *Clock) Jump(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall += by
	for a := range c.alarms {
		if a.changes && !c.Silent {
			a.ring()
		}
	}
}

// Set sets the wall clock to the time.
func (c *Clock) Set(to time.Time) { c.Jump(to.Sub(c.Now())) }

// Sleep lets the laptop sleep for so long.
func (c *Clock) Sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall += d
	c.slept += d
	for a := range c.alarms {
		a.arm()
	}
}

// Rung answers how often alarms rang.
func (c *Clock) Rung() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rung
}

// NewAlarm implements clock.Clock.
func (c *Clock) NewAlarm() clock.Alarm {
	a := &alarm{clock: c, rings: make(chan struct{}, 1), at: clock.Never}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.alarms == nil {
		c.alarms = map[*alarm]struct{}{}
	}
	c.alarms[a] = struct{}{}
	return a
}

type alarm struct {
	clock *Clock
	rings chan struct{}

	timer   *time.Timer   // guarded by Clock.mu; nil while not armed
	at      time.Duration // guarded by Clock.mu
	changes bool          // guarded by Clock.mu
}

// Rings implements clock.Alarm.
func (a *alarm) Rings() <-chan struct{} { return a.rings }

// Set implements clock.Alarm.
func (a *alarm) Set(at time.Duration, changes bool) {
	a.clock.mu.Lock()
	defer a.clock.mu.Unlock()
	a.at, a.changes = at, changes
	a.arm()
}

// Stop implements clock.Alarm.
func (a *alarm) Stop() {
	a.Set(clock.Never, false)
	a.clock.mu.Lock()
	defer a.clock.mu.Unlock()
	delete(a.clock.alarms, a)
}

// arm needs the clock's mutex.
func (a *alarm) arm() {
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
	looks := a.changes && a.clock.Silent
	if a.at == clock.Never && !looks {
		return
	}
	wait := time.Minute
	if a.at != clock.Never {
		wait = max(a.at-clock.Plain().Elapsed()-a.clock.slept, 0)
	}
	if looks {
		wait = min(wait, time.Minute)
	}
	a.timer = time.AfterFunc(wait, func() {
		a.clock.mu.Lock()
		defer a.clock.mu.Unlock()
		a.ring()
	})
}

// ring needs the clock's mutex.
func (a *alarm) ring() {
	a.clock.rung++
	select {
	case a.rings <- struct{}{}:
	default:
	}
}
