package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestChange(t *testing.T) {
	t.Parallel()

	t.Run("several jobs change together", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued(), queued())
		changed, err := s.Change(t.Context(), []task.ID{"2", "1"}, func(j *task.Job) error { return j.Move(task.Paused) })
		if err != nil || len(changed) != 2 || changed[0].ID != "2" || changed[1].ID != "1" {
			t.Fatal(changed, err)
		}
		for _, j := range changed {
			if diff := cmp.Diff(read(t, s, j.ID), j); diff != "" || j.State != task.Paused {
				t.Errorf("(-read +answered):\n%s", diff)
			}
		}
	})

	t.Run("when one cannot change, none does", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued(), queued())
		no := errors.New("not this one")
		_, err := s.Change(t.Context(), []task.ID{"1", "2"}, func(j *task.Job) error {
			if j.ID == "2" {
				return no
			}
			return j.Move(task.Canceled)
		})
		if !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		_, err = s.Change(t.Context(), []task.ID{"1", "9"}, func(j *task.Job) error { return j.Move(task.Canceled) })
		if f := fault.Of(err); f == nil || f.Code != fault.NotFound || f.Params["id"] != "9" {
			t.Errorf("got %v", err)
		}
		if got := read(t, s, "1").State; got != task.Queued {
			t.Errorf("the first is %v", got)
		}
	})

	t.Run("a state that may not follow is refused whoever writes it", func(t *testing.T) {
		t.Parallel()
		for _, from := range task.States() {
			s, _ := fresh(t)
			insert(t, s, queued(func(j *task.Job) { j.State, j.Started, j.Attempts = from, noon, 1 }))
			for _, to := range task.States() {
				if from == to || task.CanMove(from, to) {
					continue
				}
				_, err := s.Change(t.Context(), []task.ID{"1"}, func(j *task.Job) error { j.State = to; return nil })
				if fault.CodeOf(err) != fault.IllegalMove {
					t.Errorf("from %v to %v: %v", from, to, err)
				}
			}
			if got := read(t, s, "1").State; got != from {
				t.Errorf("a job %v became %v", from, got)
			}
		}
	})
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	insert(t, s, queued())
	attempts := func() []task.Attempt {
		a, err := s.Attempts(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if got := attempts(); len(got) != 0 {
		t.Errorf("a job that never ran has %v", got)
	}
	begin(t, s, "1")
	if diff := cmp.Diff([]task.Attempt{{Number: 1, Started: noon}}, attempts()); diff != "" {
		t.Errorf("while the first runs (-want +got):\n%s", diff)
	}
	change(t, s, "1", func(j *task.Job) { j.State = task.Canceling })
	if diff := cmp.Diff([]task.Attempt{{Number: 1, Started: noon}}, attempts()); diff != "" {
		t.Errorf("while the first stops (-want +got):\n%s", diff)
	}
	failure := &task.Failure{Code: fault.SourceGone, Params: fault.Params{"path": "/media"}, Detail: "read: gone"}
	change(t, s, "1", func(j *task.Job) {
		j.State, j.Outcome, j.Failure, j.Finished = task.Failed, task.OutcomeFailed, failure, noon.Add(time.Minute)
	})
	first := task.Attempt{Number: 1, Started: noon, Finished: noon.Add(time.Minute), Outcome: task.OutcomeFailed, Failure: failure}
	if diff := cmp.Diff([]task.Attempt{first}, attempts()); diff != "" {
		t.Errorf("after the first (-want +got):\n%s", diff)
	}
	change(t, s, "1", func(j *task.Job) { j.State, j.Failure = task.Queued, nil })
	change(t, s, "1", func(j *task.Job) {
		j.State, j.Outcome, j.Finished = task.Canceled, task.OutcomeCanceled, noon.Add(time.Hour)
	})
	if diff := cmp.Diff([]task.Attempt{first}, attempts()); diff != "" {
		t.Errorf("after it was cancelled before the second (-want +got):\n%s", diff)
	}
	change(t, s, "1", func(j *task.Job) { j.State = task.Queued })
	begin(t, s, "1")
	end(t, s, "1", task.Completed, task.OutcomeCompleted)
	second := task.Attempt{Number: 2, Started: noon, Finished: noon.Add(time.Minute), Outcome: task.OutcomeCompleted}
	if diff := cmp.Diff([]task.Attempt{first, second}, attempts()); diff != "" {
		t.Errorf("after the second (-want +got):\n%s", diff)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	insert(t, s, queued(), queued())
	begin(t, s, "1")
	if err := s.SaveNotes(t.Context(), task.Notes{
		Job: 1, Attempt: 1, ProblemCount: 1,
		Problems: []task.Problem{{Code: fault.FileMissing, Item: "a"}}, Log: []task.LogLine{{Time: noon, Level: "info", Message: "m"}},
	}); err != nil {
		t.Fatal(err)
	}
	end(t, s, "1", task.Completed, task.OutcomeCompleted)
	no := errors.New("not this one")
	refuse := func(j *task.Job) error {
		if j.State != task.Completed {
			return no
		}
		return nil
	}
	if err := s.Delete(t.Context(), []task.ID{"1", "2"}, refuse); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	read(t, s, "1")
	if err := s.Delete(t.Context(), []task.ID{"1", "9"}, refuse); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
	read(t, s, "1")
	if err := s.Delete(t.Context(), []task.ID{"1"}, refuse); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Job(t.Context(), "1"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("it is still there: %v", err)
	}
	attempts, _ := s.Attempts(t.Context(), 1)
	problems, _ := s.Problems(t.Context(), 1, 1, 10)
	lines, err := s.Log(t.Context(), 1, 10)
	if len(attempts)+len(problems)+len(lines) > 0 || err != nil {
		t.Errorf("of its history there is left: %v %v %v, %v", attempts, problems, lines, err)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	if _, ok, err := s.NextDue(t.Context()); ok || err != nil {
		t.Errorf("without jobs something is due: %v, %v", ok, err)
	}
	scheduled := func(in time.Duration) task.Draft {
		return queued(func(j *task.Job) { j.State, j.Due = task.Scheduled, noon.Add(in) })
	}
	insert(t, s, scheduled(time.Hour), scheduled(time.Minute), scheduled(time.Minute), queued())
	ids := func(at time.Time) (ids []task.ID) {
		jobs, err := s.DueBy(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			ids = append(ids, j.ID)
		}
		return ids
	}
	if next, ok, err := s.NextDue(t.Context()); !ok || err != nil || !next.Equal(noon.Add(time.Minute)) {
		t.Errorf("the next is due at %v, %v, %v", next, ok, err)
	}
	if got := ids(noon.Add(time.Minute - time.Millisecond)); got != nil {
		t.Errorf("too early there are due %v", got)
	}
	if diff := cmp.Diff([]task.ID{"2", "3"}, ids(noon.Add(time.Minute))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]task.ID{"2", "3", "1"}, ids(noon.Add(time.Hour))); diff != "" {
		t.Error(diff)
	}
}
