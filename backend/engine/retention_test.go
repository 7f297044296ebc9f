package engine_test

import (
	"testing"
	"time"

	"nectar/backend/clock/clocktest"
	"nectar/backend/engine"
	"nectar/backend/task"
)

// A clock that is years ahead does not take the history, and may be put right
// again; one that goes as it should does.
func TestAClockThatRanAwayDoesNotTakeTheHistory(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work, today := define("test.work", succeed), &clocktest.Clock{}
		w := build(t, func(c *engine.Config) {
			today.Jump(26 * year)
			c.Clock = today
		}, work)
		w.start()
		expire := func(want int) {
			t.Helper()
			if count, err := w.Expire(t.Context(), task.Retention{Days: 90}); count != want || err != nil {
				t.Errorf("%d jobs were removed, want %d, %v", count, want, err)
			}
		}
		j := w.enqueue(work, args{}, task.When{})
		pass(time.Minute)
		w.expect(j.ID, task.Completed)
		expire(0)
		today.Jump(5 * year)
		expire(0)
		expire(0)
		today.Jump(-5 * year)
		expire(0)
		for range 2 {
			pass(31 * 24 * time.Hour)
			expire(0)
		}
		pass(31 * 24 * time.Hour)
		expire(1)
	})
}

func TestExpire(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work, held := define("test.work", succeed), define("test.hold", hold)
		w := build(t, func(c *engine.Config) {
			today := &clocktest.Clock{}
			today.Jump(26 * year) // the bubble begins before any job can
			c.Clock = today
		}, work, held)
		w.start()
		running := w.enqueue(held, args{})
		repeating := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: task.Forever, Interval: 24 * time.Hour}})
		const many = 250 // more than one transaction takes
		for range many {
			w.enqueue(work, args{})
		}
		pass(10 * 24 * time.Hour)
		young := w.enqueue(work, args{})
		w.expect(young.ID, task.Completed)
		news := w.Subscribe()
		defer news.Close()

		count, err := w.Expire(t.Context(), task.Retention{Days: 9})
		if count != many || err != nil {
			t.Errorf("%d jobs expired, want %d; %v", count, many, err)
		}
		told := 0
		for _, live := range news.Take() {
			if live.Removed && live.Task == "test.work" {
				told++
			}
		}
		if told != many {
			t.Errorf("those who watch were told of %d", told)
		}
		w.expect(running.ID, task.Running)
		w.expect(repeating.ID, task.Scheduled)
		w.expect(young.ID, task.Completed)
		if count, err := w.Expire(t.Context(), task.Retention{Days: 9}); count != 0 || err != nil {
			t.Errorf("%d more expired, %v", count, err)
		}
	})
}
