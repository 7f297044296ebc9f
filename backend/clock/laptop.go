package clock

import "time"

// system is the clock of the laptop.
type system struct{}

// Now implements Clock.
func (system) Now() time.Time { return time.Now() }

// Elapsed implements Clock.
func (system) Elapsed() time.Duration { return sinceBoot() }

// NewAlarm implements Clock.
func (system) NewAlarm() Alarm { return newAlarm() }
