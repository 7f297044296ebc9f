package clock_test

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"nectar/backend/clock"
)

// The wall clock is set by a billionth of a second, and back.
func TestAlarmRingsWhenTheClockIsSet(t *testing.T) {
	set := func(by int64) {
		t.Helper()
		change := unix.Timex{Modes: unix.ADJ_SETOFFSET | unix.ADJ_NANO}
		if by < 0 { // the fraction counts forward
			change.Time.Sec, by = -1, by+1e9
		}
		change.Time.Usec = by
		_, err := unix.Adjtimex(&change)
		if errors.Is(err, unix.EPERM) {
			t.Skip("only root may set the clock")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	alarm := clock.System().NewAlarm()
	defer alarm.Stop()
	alarm.Set(clock.Never, true)
	for range 2 {
		set(1)
		<-alarm.Rings()
		set(-1)
		<-alarm.Rings()
	}
}
