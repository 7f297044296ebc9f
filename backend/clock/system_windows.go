package clock

import (
	"time"

	"golang.org/x/sys/windows"
)

// sinceBoot reads the tick count, which goes on while the laptop sleeps.
func sinceBoot() time.Duration { return windows.DurationSinceBoot() }

func newAlarm() Alarm { return newTimer(sinceBoot, true) }
