package clock

import (
	"time"

	"golang.org/x/sys/windows"
)

// sinceBoot reads the tick count, which goes on while the laptop sleeps.
func sinceBoot() time.Duration { return windows.DurationSinceBoot() }

func newAlarm() Alarm { return newListener(&systemBroadcasts) }

// listener is an alarm that listens to what the system broadcasts from when it waits for
// the first time until it is stopped. Where nothing can be heard it looks at the clock.
type listener struct {
	*timer

	broadcasts *broadcasts
	tried      bool
	leave      func()
}

func newListener(to *broadcasts) *listener {
	return &listener{timer: newTimer(sinceBoot, true), broadcasts: to, leave: func() {}}
}

// Set implements Alarm.
func (l *listener) Set(at time.Duration, changes bool) {
	if !l.tried && (at != Never || changes) {
		l.tried = true
		if leave := l.broadcasts.join(l.ring); leave != nil {
			l.told, l.leave = true, leave
		}
		if l.told && changes {
			l.ring() // the clock may have been set since somebody looked at it
		}
	}
	l.timer.Set(at, changes)
}

// Stop implements Alarm.
func (l *listener) Stop() {
	l.timer.Stop()
	l.leave()
}
