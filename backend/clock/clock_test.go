package clock_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"nectar/backend/clock"
	"nectar/backend/clock/clocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSystemClock(t *testing.T) {
	t.Parallel()
	system := clock.System()

	t.Run("the elapsed time goes on and never back", func(t *testing.T) {
		t.Parallel()
		before := system.Elapsed()
		for range 1000 {
			now := system.Elapsed()
			if now < before {
				t.Fatalf("%v comes after %v", now, before)
			}
			before = now
		}
		for system.Elapsed() == before {
			runtime.Gosched()
		}
	})

	t.Run("an alarm rings when its time has come, and not before", func(t *testing.T) {
		t.Parallel()
		alarm := system.NewAlarm()
		defer alarm.Stop()
		at := system.Elapsed() + 50*time.Millisecond
		alarm.Set(at, false)
		<-alarm.Rings()
		if now := system.Elapsed(); now < at {
			t.Errorf("it rings %v early", at-now)
		}
	})

	t.Run("a time that has passed rings at once", func(t *testing.T) {
		t.Parallel()
		alarm := system.NewAlarm()
		defer alarm.Stop()
		for _, at := range []time.Duration{system.Elapsed(), 0, -time.Hour} {
			alarm.Set(at, true)
			<-alarm.Rings()
		}
	})

	t.Run("a later setting replaces the one before", func(t *testing.T) {
		t.Parallel()
		alarm, control := system.NewAlarm(), system.NewAlarm()
		defer alarm.Stop()
		defer control.Stop()
		alarm.Set(system.Elapsed()+time.Hour, false)
		alarm.Set(system.Elapsed()+10*time.Millisecond, false)
		<-alarm.Rings()
		alarm.Set(system.Elapsed()+20*time.Millisecond, false)
		alarm.Set(clock.Never, false)
		control.Set(system.Elapsed()+50*time.Millisecond, false)
		<-control.Rings()
		select {
		case <-alarm.Rings():
			t.Error("the replaced setting rings")
		default:
		}
	})
}

// The clock for tests keeps what Clock promises.
func TestClockForTests(t *testing.T) {
	t.Parallel()
	rings := func(a clock.Alarm) bool {
		synctest.Wait()
		select {
		case <-a.Rings():
			return true
		default:
			return false
		}
	}

	t.Run("it goes on, jumps and sleeps", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := &clocktest.Clock{}
			now, elapsed := c.Now(), c.Elapsed()
			check := func(wall, gone time.Duration) {
				t.Helper()
				if c.Now().Sub(now) != wall || c.Elapsed()-elapsed != gone {
					t.Errorf("the wall clock went on by %v, the elapsed time by %v", c.Now().Sub(now), c.Elapsed()-elapsed)
				}
			}
			<-time.After(time.Hour)
			check(time.Hour, time.Hour)
			c.Jump(-24 * time.Hour)
			check(-23*time.Hour, time.Hour)
			c.Sleep(2 * time.Hour)
			check(-21*time.Hour, 3*time.Hour)
			c.Set(now)
			check(0, 3*time.Hour)
		})
	})

	t.Run("an alarm rings across sleep, and tells of jumps when it is asked to", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := &clocktest.Clock{}
			a := c.NewAlarm()
			defer a.Stop()
			a.Set(c.Elapsed()+time.Hour, false)
			c.Jump(24 * time.Hour)
			<-time.After(59 * time.Minute)
			if rings(a) {
				t.Error("the jump rings")
			}
			c.Sleep(time.Minute)
			if !rings(a) {
				t.Error("the sleep does not end")
			}
			a.Set(clock.Never, true)
			<-time.After(24 * time.Hour)
			if rings(a) {
				t.Error("it rings for nothing")
			}
			c.Jump(time.Second)
			if !rings(a) || c.Rung() != 2 {
				t.Errorf("it rang %d times", c.Rung())
			}
		})
	})

	t.Run("a silent one has to be looked at", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := &clocktest.Clock{Silent: true}
			a := c.NewAlarm()
			defer a.Stop()
			a.Set(clock.Never, true)
			c.Jump(time.Second)
			if rings(a) {
				t.Error("the jump rings")
			}
			<-time.After(time.Minute)
			if !rings(a) {
				t.Error("nobody looks")
			}
		})
	})
}
