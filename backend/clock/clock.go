// Package clock tells the time on a laptop that sleeps, runs flat and comes
// back in 1970.
//
// There are two times. The wall clock says what people read from it; they and
// the network set it, forward and backward. The elapsed time goes on while
// the laptop sleeps and is never set, but means nothing to anybody else, and
// begins anew when the laptop does. A wait for a moment is one for the wall
// clock, a wait of an hour is one for the elapsed time.
package clock

import (
	"math"
	"time"
)

// Clock tells both times and wakes who waits for them. Its methods may be
// called concurrently.
type Clock interface {
	// Now tells the time of the wall clock.
	Now() time.Time
	// Elapsed tells how much time has gone by since a moment that is the same
	// for the life of the process. It counts sleep and ignores the wall clock.
	Elapsed() time.Duration
	// NewAlarm makes an alarm that is not set. Stop it.
	NewAlarm() Alarm
}

// Never as a time to ring at means not at all.
const Never = time.Duration(math.MaxInt64)

// Alarm wakes one who waits. It may ring without need: who hears it looks at
// the clock and sets it again. Its methods are for one goroutine.
type Alarm interface {
	// Rings receives a value when the alarm rings. Rings that nobody heard
	// count as one.
	Rings() <-chan struct{}
	// Set lets the alarm ring when Elapsed reaches the time, and, if changes
	// is true, when the wall clock is set. It replaces the setting before.
	//
	// Where the system does not tell that its clock was set, or lets a timer
	// stand still while it sleeps, the alarm rings at least once a minute
	// instead, but only while it waits for such a thing.
	Set(at time.Duration, changes bool)
	// Stop ends the alarm.
	Stop()
}

// look is how long an alarm rests at most where the system does not tell what
// it waits for.
const look = time.Minute
