package clock

import (
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot reads the clock that goes on while the laptop sleeps.
func sinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(origin)
	}
	return time.Duration(t.Nano())
}

// newAlarm makes an alarm of two of the kernel's timers, or of the runtime's
// where the kernel refuses them.
func newAlarm() Alarm {
	due, err := newTimerfd(unix.CLOCK_BOOTTIME)
	if err != nil {
		return newTimer(sinceBoot, true)
	}
	wall, err := newTimerfd(unix.CLOCK_REALTIME)
	if err != nil {
		_ = due.Close()
		return newTimer(sinceBoot, true)
	}
	a := &alarm{due: due, wall: wall, rings: make(chan struct{}, 1)}
	a.listeners.Go(func() { a.listen(due) })
	a.listeners.Go(func() { a.listen(wall) })
	return a
}

// alarm rings at a time since boot, and when the wall clock is set.
type alarm struct {
	due   *os.File // rings when it expires
	wall  *os.File // never expires, and is cancelled when the wall clock is set
	rings chan struct{}

	listeners sync.WaitGroup
}

func newTimerfd(clock int) (*os.File, error) {
	fd, err := unix.TimerfdCreate(clock, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "timerfd"), nil
}

// listen turns what one timer has to say into rings, until it is closed.
func (a *alarm) listen(timer *os.File) {
	var expirations [8]byte
	for {
		_, err := timer.Read(expirations[:])
		if err != nil && !errors.Is(err, unix.ECANCELED) {
			return
		}
		a.ring()
	}
}

func (a *alarm) ring() {
	select {
	case a.rings <- struct{}{}:
	default:
	}
}

// Rings implements Alarm.
func (a *alarm) Rings() <-chan struct{} { return a.rings }

// Set implements Alarm.
func (a *alarm) Set(at time.Duration, changes bool) {
	var due, wall unix.Timespec // zero disarms
	if at != Never {
		due = unix.NsecToTimespec(max(int64(at), 1))
	}
	if changes {
		wall = unix.NsecToTimespec(int64(Never))
	}
	a.arm(a.due, unix.TFD_TIMER_ABSTIME, due)
	a.arm(a.wall, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, wall)
}

// arm sets a timer. When that cannot be done, or the clock was set since the
// last time, the alarm rings, so that nothing is missed.
func (a *alarm) arm(timer *os.File, flags int, at unix.Timespec) {
	raw, err := timer.SyscallConn()
	if err == nil {
		var refused error
		err = errors.Join(raw.Control(func(fd uintptr) {
			refused = unix.TimerfdSettime(int(fd), flags, &unix.ItimerSpec{Value: at}, nil)
		}), refused)
	}
	if err != nil {
		a.ring()
	}
}

// Stop implements Alarm.
func (a *alarm) Stop() {
	_, _ = a.due.Close(), a.wall.Close()
	a.listeners.Wait()
}
