package clock

import "time"

// System is the clock of the laptop.
func System() Clock { return system{} }

type system struct{}

// Now implements Clock.
func (system) Now() time.Time { return time.Now() }

// Elapsed implements Clock.
func (system) Elapsed() time.Duration { return sinceBoot() }

// NewAlarm implements Clock.
func (system) NewAlarm() Alarm { return newAlarm() }
