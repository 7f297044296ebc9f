//go:build torture

package clock

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// System is the clock of the laptop, whose wall clock somebody may set by the
// number of seconds in the file that NECTAR_TORTURE_CLOCK names. Only a build
// with the tag torture has it: build/torture sets this clock instead of that of
// the machine.
func System() Clock {
	if path := os.Getenv("NECTAR_TORTURE_CLOCK"); path != "" {
		return settable{path: path}
	}
	return system{}
}

// often is how often the file is looked at.
const often = 20 * time.Millisecond

type settable struct {
	system

	path string
}

func (s settable) set() time.Duration {
	text, _ := os.ReadFile(s.path)
	seconds, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return time.Duration(seconds) * time.Second
}

// Now implements Clock.
func (s settable) Now() time.Time { return time.Now().Round(0).Add(s.set()) }

// NewAlarm implements Clock.
func (s settable) NewAlarm() Alarm {
	a := &settableAlarm{Alarm: newAlarm(), clock: s, rings: make(chan struct{}, 1), done: make(chan struct{})}
	was := s.set() // at once: what is set later is to be rung for
	a.watching.Go(func() { a.watch(was) })
	return a
}

// settableAlarm also rings when the file has another number.
type settableAlarm struct {
	Alarm

	clock    settable
	rings    chan struct{}
	done     chan struct{}
	watching sync.WaitGroup
}

// Rings implements Alarm.
func (a *settableAlarm) Rings() <-chan struct{} { return a.rings }

// Stop implements Alarm.
func (a *settableAlarm) Stop() {
	close(a.done)
	a.watching.Wait()
	a.Alarm.Stop()
}

func (a *settableAlarm) watch(was time.Duration) {
	look := time.NewTicker(often)
	defer look.Stop()
	for {
		ring := false
		select {
		case <-a.done:
			return
		case <-a.Alarm.Rings():
			ring = true
		case <-look.C:
			now := a.clock.set()
			ring, was = now != was, now
		}
		if !ring {
			continue
		}
		select {
		case a.rings <- struct{}{}:
		default:
		}
	}
}
