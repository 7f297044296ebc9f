package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot reads the clock that goes on while the laptop sleeps and that
// nothing adjusts.
func sinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC_RAW, &t); err != nil {
		return time.Since(origin)
	}
	return time.Duration(t.Nano())
}

func newAlarm() Alarm { return newTimer(sinceBoot, true) }
