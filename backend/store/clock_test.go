package store_test

import (
	"testing"
	"time"

	"nectar/backend/task"
)

func TestTheClockMoves(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	stored := insert(t, s,
		queued(),
		queued(func(j *task.Job) { j.State, j.Schedule = task.Scheduled, task.Schedule{Repeat: 1, Interval: time.Hour} }),
		queued(func(j *task.Job) { j.State, j.Wall = task.Scheduled, true }),
		queued(func(j *task.Job) { j.State, j.Wall, j.Schedule.Cron = task.Paused, true, "@daily" }),
		queued(func(j *task.Job) { j.State, j.Schedule.Cron = task.Scheduled, "@daily" }), // a retry
		queued(func(j *task.Job) { j.State = task.Completed }),
	)
	if waits, err := s.AwaitsClock(t.Context()); !waits || err != nil {
		t.Errorf("a job waits for the clock: %v, %v", waits, err)
	}
	replanned := 0
	err := s.MoveClock(t.Context(), time.Minute, func(j *task.Job) {
		replanned++
		j.Due = noon.Add(time.Hour)
	})
	if err != nil || replanned != 1 {
		t.Fatalf("%d jobs were planned again; %v", replanned, err)
	}
	const minute = time.Minute
	for i, want := range []struct{ due, planned, since time.Duration }{
		{minute, minute, minute}, {minute, minute, minute}, {}, {due: time.Hour}, {minute, 0, minute}, {},
	} {
		j := read(t, s, stored[i].ID)
		if j.Due.Sub(noon) != want.due || j.Planned.Sub(noon) != want.planned || j.Since.Sub(noon) != want.since {
			t.Errorf("job %s is due %v, planned %v, since %v; want %v after noon", j.ID, j.Due, j.Planned, j.Since, want)
		}
	}
	for now, want := range map[time.Time]int{noon.Add(minute): 0, noon.Add(minute - time.Millisecond): 3} {
		if ahead, err := s.Ahead(t.Context(), now); len(ahead) != want || err != nil {
			t.Errorf("%d jobs are ahead of %v, want %d; %v", len(ahead), now, want, err)
		}
	}
	insert(t, s, queued(func(j *task.Job) { // after the last of those in turn
		j.State, j.Due, j.Since, j.Planned = task.Scheduled, noon.Add(time.Hour), noon.Add(2*minute), noon.Add(time.Hour)
	}))
	for now, want := range map[time.Time]int{noon.Add(minute): 1, noon.Add(2 * minute): 0} {
		if ahead, err := s.Ahead(t.Context(), now); len(ahead) != want || err != nil {
			t.Errorf("of those not in turn %d jobs are ahead of %v, want %d; %v", len(ahead), now, want, err)
		}
	}
	change(t, s, stored[2].ID, func(j *task.Job) { j.State = task.Canceled })
	if waits, err := s.AwaitsClock(t.Context()); waits || err != nil {
		t.Errorf("no job waits for the clock any more: %v, %v", waits, err)
	}
}
