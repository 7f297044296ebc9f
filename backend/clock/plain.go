package clock

import "time"

// origin is where the elapsed time of a Plain clock begins.
var origin = time.Now()

// Plain is a clock of package time alone. It is the one for tests in a bubble
// of testing/synctest; on some systems it does not count sleep.
func Plain() Clock { return plain{} }

type plain struct{}

// Now implements Clock.
func (plain) Now() time.Time { return time.Now() }

// Elapsed implements Clock.
func (plain) Elapsed() time.Duration { return time.Since(origin) }

// NewAlarm implements Clock.
func (plain) NewAlarm() Alarm { return newTimer(plain{}.Elapsed, false) }
