package clock

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

const everybody = 0xffff // HWND_BROADCAST

// broadcast tells all windows something, as the system does.
func broadcast(t *testing.T, kind, word uintptr) {
	t.Helper()
	if ok, _, err := postMessage.Call(everybody, kind, word, 0); ok == 0 {
		t.Fatal(err)
	}
}

func TestAlarmRingsWhenTheSystemSaysThatTheClockIsSet(t *testing.T) {
	for range 2 { // the window comes and goes
		one, other := newListener(&systemBroadcasts), newListener(&systemBroadcasts)
		one.Set(Never, true)
		other.Set(sinceBoot()+time.Hour, false)
		if !one.told || !other.told || systemBroadcasts.window == 0 {
			t.Fatal("no window can be made to be told of the clock")
		}
		<-one.Rings() // the clock may have been set before
		if one.timer.timer.Stop() {
			t.Error("it looks at the clock all the same")
		}
		for _, said := range []struct{ kind, word uintptr }{{messageTimeChange, 0}, {messagePower, resumed}, {messagePower, resumedByPerson}} {
			broadcast(t, said.kind, said.word)
			<-one.Rings()
			<-other.Rings()
		}
		// Of the power alone, and to be closed or ended by somebody else: nothing comes of it.
		broadcast(t, messagePower, 0x000a)
		for _, kind := range []uintptr{messageClose, messageEnd} {
			if ok, _, err := postMessage.Call(systemBroadcasts.window, kind, 0, 0); ok == 0 {
				t.Fatal(err)
			}
		}
		one.Stop()
		if systemBroadcasts.window == 0 {
			t.Fatal("the window goes with the first who leaves")
		}
		broadcast(t, messageTimeChange, 0)
		<-other.Rings()
		select {
		case <-one.Rings():
			t.Error("whoever has stopped, or is told of the power, is rung")
		default:
		}
		other.Stop()
		if systemBroadcasts.window != 0 {
			t.Fatal("the window stays")
		}
	}
}

// Whoever waits for nothing has no window.
func TestNothingListensBeforeSomebodyWaits(t *testing.T) {
	alarm := newListener(&systemBroadcasts)
	defer alarm.Stop()
	alarm.Set(Never, false)
	if alarm.tried || systemBroadcasts.window != 0 {
		t.Error("there is a window")
	}
}

// Where no window can be made the alarm looks at the clock once a minute.
func TestAlarmLooksAtTheClockWithoutAWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		alarm := newListener(&broadcasts{create: func() (uintptr, error) { tries++; return 0, errors.New("no window station") }})
		defer alarm.Stop()
		for range 3 {
			before := time.Now()
			alarm.Set(Never, true)
			<-alarm.Rings()
			if waited := time.Since(before); waited != look {
				t.Errorf("it looks after %v", waited)
			}
		}
		if tries != 1 {
			t.Errorf("a window is tried to be made %d times", tries)
		}
	})
}
