package store_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// noon is when the tests take place.
var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func fresh(t testing.TB) (*store.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	s, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, path
}

// queued is a job that is due now.
func queued(change ...func(*task.Job)) task.Draft {
	j := task.Job{
		Task: "maths.add", State: task.Queued, Queue: "maths", Priority: task.Regular,
		Args: json.RawMessage(`{"x":4,"y":2}`), Cancellable: true,
		Due: noon, StartedBy: "t", StartedByName: "Tara", Created: noon,
	}
	for _, c := range change {
		c(&j)
	}
	return task.Draft{Job: &j}
}

func insert(t testing.TB, s *store.Store, drafts ...task.Draft) []task.Inserted {
	t.Helper()
	inserted, err := s.Insert(t.Context(), drafts)
	if err != nil {
		t.Fatal(err)
	}
	return inserted
}

func read(t testing.TB, s *store.Store, id task.ID) task.Job {
	t.Helper()
	j, err := s.Job(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// change stores a change of one job.
func change(t testing.TB, s *store.Store, id task.ID, decide func(*task.Job)) task.Job {
	t.Helper()
	changed, err := s.Change(t.Context(), []task.ID{id}, func(j *task.Job) error {
		decide(j)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed[0]
}

// begin lets the job run its next attempt.
func begin(t testing.TB, s *store.Store, id task.ID) task.Job {
	t.Helper()
	change(t, s, id, func(j *task.Job) { j.State = task.Selected })
	return change(t, s, id, func(j *task.Job) {
		j.State, j.Started = task.Running, noon
		j.Attempts++
	})
}

// end brings a running job to rest.
func end(t testing.TB, s *store.Store, id task.ID, state task.State, outcome task.Outcome) task.Job {
	t.Helper()
	return change(t, s, id, func(j *task.Job) {
		j.State, j.Outcome, j.Finished = state, outcome, noon.Add(time.Minute)
	})
}

func duration(d time.Duration) *time.Duration { return &d }
func number(n int64) *int64                   { return &n }
