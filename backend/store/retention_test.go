package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// rested stores a job that ended so many hours before noon, in the given state.
func rested(t *testing.T, s *store.Store, state task.State, hours int, change ...func(*task.Job)) task.ID {
	t.Helper()
	j := insert(t, s, queued(append(change, func(j *task.Job) {
		j.State, j.Finished = state, noon.Add(-time.Duration(hours)*time.Hour)
	})...))[0]
	return j.ID
}

func surplus(t *testing.T, s *store.Store, keep int64) time.Time {
	t.Helper()
	last, err := s.Surplus(t.Context(), keep)
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// left answers the ids of all stored jobs.
func left(t *testing.T, s *store.Store) []task.ID {
	t.Helper()
	jobs, err := s.InStates(t.Context(), task.States()...)
	if err != nil {
		t.Fatal(err)
	}
	var ids []task.ID
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}

func TestExpire(t *testing.T) {
	t.Parallel()

	t.Run("jobs that ended too long ago go, the others stay", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		var want []task.ID
		for _, state := range []task.State{task.Canceled, task.Failed, task.Completed} {
			rested(t, s, state, 25)
			want = append(want, rested(t, s, state, 24), rested(t, s, state, 1))
		}
		for _, state := range []task.State{task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused, task.Canceling} {
			want = append(want, rested(t, s, state, 1000))
		}
		want = append(want,
			rested(t, s, task.Failed, 1000, func(j *task.Job) { j.Schedule.Cron = "@daily" }),
			rested(t, s, task.Failed, 1000, func(j *task.Job) { j.Schedule.Repeat, j.Schedule.Interval = task.Forever, time.Hour }))
		gone, err := s.Expire(t.Context(), noon.Add(-24*time.Hour), time.Time{}, 100)
		if err != nil || len(gone) != 3 || gone[0].Task != "maths.add" || gone[0].StartedBy != "t" {
			t.Errorf("removed %+v, %v", gone, err)
		}
		if got := left(t, s); !slices.Equal(got, want) {
			t.Errorf("left %v, want %v", got, want)
		}
	})

	t.Run("of more than are kept the oldest go", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		oldest, newest := rested(t, s, task.Completed, 9), rested(t, s, task.Failed, 1)
		older := rested(t, s, task.Completed, 5)
		waiting := insert(t, s, queued())[0].ID
		gone, err := s.Expire(t.Context(), time.Time{}, surplus(t, s, 2), 100)
		if err != nil || len(gone) != 1 || gone[0].ID != oldest {
			t.Errorf("removed %+v, %v", gone, err)
		}
		if got, want := left(t, s), []task.ID{newest, older, waiting}; !slices.Equal(got, want) {
			t.Errorf("left %v, want %v", got, want)
		}
	})

	t.Run("a batch is no larger than its limit, the oldest first", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		for hours := range 5 {
			rested(t, s, task.Completed, 10+hours)
		}
		gone, err := s.Expire(t.Context(), noon, time.Time{}, 2)
		if err != nil || len(gone) != 2 || gone[0].ID != "5" || gone[1].ID != "4" {
			t.Errorf("removed %+v, %v", gone, err)
		}
		if got := left(t, s); len(got) != 3 {
			t.Errorf("left %v", got)
		}
	})

	t.Run("the oldest go first, of however many tasks", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		var oldest task.ID
		for i := range 70 {
			oldest = rested(t, s, task.Failed, 1+i, func(j *task.Job) { j.Task = fmt.Sprint("maths.", i) })
		}
		gone, err := s.Expire(t.Context(), noon, time.Time{}, 1)
		if err != nil || len(gone) != 1 || gone[0].ID != oldest {
			t.Errorf("removed %+v, %v", gone, err)
		}
	})

	t.Run("a job that ended before all time is not known to be old", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		rested(t, s, task.Completed, 0)
		if _, err := s.Change(t.Context(), left(t, s), func(j *task.Job) error { j.Finished = time.Unix(7, 0); return nil }); err != nil {
			t.Fatal(err)
		}
		rested(t, s, task.Completed, 1)
		if gone, err := s.Expire(t.Context(), noon, time.Time{}, 100); len(gone) != 1 || gone[0].ID != "2" || err != nil {
			t.Errorf("removed %+v, %v", gone, err)
		}
		rested(t, s, task.Completed, 1)
		if gone, err := s.Expire(t.Context(), time.Time{}, surplus(t, s, 1), 100); len(gone) != 1 || gone[0].ID != "1" || err != nil {
			t.Errorf("of too many: removed %+v, %v", gone, err)
		}
	})

	t.Run("without limits nothing goes", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		rested(t, s, task.Completed, 1_000_000)
		if gone, err := s.Expire(t.Context(), time.Time{}, time.Time{}, 100); len(gone) != 0 || err != nil {
			t.Errorf("removed %+v, %v", gone, err)
		}
	})

	t.Run("with a job goes all that is kept of it", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued())
		begin(t, s, "1")
		if err := s.SaveNotes(t.Context(), task.Notes{
			Job: 1, Attempt: 1, Problems: []task.Problem{{Code: "c", Item: "i"}}, Log: []task.LogLine{{Time: noon, Level: "info", Message: "m"}},
		}); err != nil {
			t.Fatal(err)
		}
		end(t, s, "1", task.Completed, task.OutcomeCompleted)
		if gone, err := s.Expire(t.Context(), noon.AddDate(100, 0, 0), time.Time{}, 100); len(gone) != 1 || err != nil {
			t.Fatalf("removed %+v, %v", gone, err)
		}
		attempts, err := s.Attempts(t.Context(), 1)
		problems, err2 := s.Problems(t.Context(), 1, 1, 10)
		lines, err3 := s.Log(t.Context(), 1, 10)
		if len(attempts)+len(problems)+len(lines) > 0 || err != nil || err2 != nil || err3 != nil {
			t.Errorf("left behind: %v %v %v", attempts, problems, lines)
		}
	})
}

func TestTheHistoryOfAJobIsBounded(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	insert(t, s, queued(), queued())
	for n := int64(1); n <= 130; n++ {
		begin(t, s, "1")
		if err := s.SaveNotes(t.Context(), task.Notes{Job: 1, Attempt: n, Problems: []task.Problem{{Code: "c", Item: fmt.Sprint(n)}}}); err != nil {
			t.Fatal(err)
		}
		end(t, s, "1", task.Queued, task.OutcomeInterrupted)
	}
	begin(t, s, "2")
	end(t, s, "2", task.Completed, task.OutcomeCompleted)
	attempts, err := s.Attempts(t.Context(), 1)
	if err != nil || len(attempts) != 100 || attempts[0].Number != 31 || attempts[99].Number != 130 {
		t.Errorf("%d attempts are kept, %v", len(attempts), err)
	}
	if other, err := s.Attempts(t.Context(), 2); len(other) != 1 || err != nil {
		t.Errorf("the other job has %d attempts, %v", len(other), err)
	}
	for attempt, want := range map[int64]int{130: 1, 125: 1, 119: 0, 1: 0} {
		if problems, err := s.Problems(t.Context(), 1, attempt, 10); len(problems) != want || err != nil {
			t.Errorf("%d problems of attempt %d are kept, %v", len(problems), attempt, err)
		}
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for range 2 {
		if err := s.RememberSeeds(t.Context(), "device.backup", "device.vacuum"); err != nil {
			t.Fatal(err)
		}
	}
	if seeds, err := s.Seeds(t.Context()); len(seeds) != 2 || !seeds["device.backup"] || err != nil {
		t.Errorf("seeds are %v, %v", seeds, err)
	}
}
