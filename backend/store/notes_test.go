package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestSaveNotes(t *testing.T) {
	t.Parallel()

	t.Run("what an attempt says is stored, and the rest of the job stays", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued(func(j *task.Job) { j.Interruptions = 3 }))
		want := begin(t, s, "1")
		note := task.Notes{
			Job: 1, Attempt: 1, Progress: 5, Total: 9, Cancellable: false, Metadata: json.RawMessage(`{"k":1}`), ProblemCount: 2,
			Problems: []task.Problem{{Code: fault.FileMissing, Params: fault.Params{"file": "f"}, Item: "one"}, {Code: fault.FileDamaged, Item: "two"}},
			Log:      []task.LogLine{{Time: noon, Level: "info", Message: "first"}, {Time: noon, Level: "warn", Message: "second"}},
		}
		save := func() {
			if err := s.SaveNotes(t.Context(), note); err != nil {
				t.Fatal(err)
			}
		}
		save()
		want.Progress, want.Total, want.Cancellable, want.Metadata, want.Problems = 5, 9, false, json.RawMessage(`{"k":1}`), 2
		if diff := cmp.Diff(want, read(t, s, "1")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		note.Problems, note.Log = []task.Problem{{Code: fault.FileMissing, Item: "three"}}, nil
		note.Checkpoint, note.Advanced, note.ProblemCount = json.RawMessage(`{"at":3}`), true, 3
		save()
		note.Problems, note.Checkpoint, note.Advanced = nil, nil, false
		save()
		want.Checkpoint, want.Interruptions, want.Problems = json.RawMessage(`{"at":3}`), 0, 3
		if diff := cmp.Diff(want, read(t, s, "1")); diff != "" {
			t.Errorf("a checkpoint stays until the next (-want +got):\n%s", diff)
		}
		problems, err := s.Problems(t.Context(), 1, 1, 2)
		if diff := cmp.Diff([]task.Problem{{Code: fault.FileMissing, Params: fault.Params{"file": "f"}, Item: "one"}, {Code: fault.FileDamaged, Item: "two"}}, problems); diff != "" || err != nil {
			t.Errorf("the first two problems: %v\n%s", err, diff)
		}
		lines, err := s.Log(t.Context(), 1, 1)
		if diff := cmp.Diff([]task.LogLine{{Time: noon, Level: "warn", Message: "second"}}, lines); diff != "" || err != nil {
			t.Errorf("the last line: %v\n%s", err, diff)
		}
	})

	t.Run("notes of an earlier attempt or of a job that is gone are dropped", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued())
		begin(t, s, "1")
		end(t, s, "1", task.Queued, task.OutcomeInterrupted)
		want := begin(t, s, "1")
		stale := task.Notes{Job: 1, Attempt: 1, Progress: 7, Log: []task.LogLine{{Time: noon, Level: "info", Message: "late"}}, Problems: []task.Problem{{Code: fault.FileMissing, Item: "late"}}}
		gone := stale
		gone.Job = 99
		if err := s.SaveNotes(t.Context(), stale, gone); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, read(t, s, "1")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for job := range int64(100) {
			lines, err := s.Log(t.Context(), job, 10)
			problems, err2 := s.Problems(t.Context(), job, 1, 10)
			if len(lines)+len(problems) > 0 || err != nil || err2 != nil {
				t.Errorf("job %d: %v %v, %v %v", job, lines, problems, err, err2)
			}
		}
	})

	t.Run("problems are those of the attempt that is asked for", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued())
		for attempt := range int64(2) {
			begin(t, s, "1")
			if err := s.SaveNotes(t.Context(), task.Notes{Job: 1, Attempt: attempt + 1, Problems: []task.Problem{{Code: "c", Item: fmt.Sprint(attempt + 1)}}}); err != nil {
				t.Fatal(err)
			}
			end(t, s, "1", task.Queued, task.OutcomeInterrupted)
		}
		for attempt := range int64(2) {
			got, err := s.Problems(t.Context(), 1, attempt+1, 10)
			if err != nil || len(got) != 1 || got[0].Item != fmt.Sprint(attempt+1) {
				t.Errorf("attempt %d: %v, %v", attempt+1, got, err)
			}
		}
	})

	t.Run("of a log that grows too long the oldest lines give way", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued(), queued())
		begin(t, s, "1")
		begin(t, s, "2")
		lines := make([]task.LogLine, 6000)
		save := func(job int64, from int) {
			for i := range lines {
				lines[i] = task.LogLine{Time: noon.Add(time.Duration(from+i) * time.Millisecond), Level: "info", Message: fmt.Sprint(from + i)}
			}
			if err := s.SaveNotes(t.Context(), task.Notes{Job: job, Attempt: 1, Log: lines}); err != nil {
				t.Fatal(err)
			}
		}
		save(2, 0)
		save(1, 0)
		save(1, 6000)
		got, err := s.Log(t.Context(), 1, 20_000)
		if err != nil || len(got) != 10_000 || got[0].Message != "2000" || got[9_999].Message != "11999" {
			t.Errorf("%d lines from %q to %q, %v", len(got), got[0].Message, got[len(got)-1].Message, err)
		}
		if other, err := s.Log(t.Context(), 2, 20_000); err != nil || len(other) != 6000 {
			t.Errorf("the other job has %d lines, %v", len(other), err)
		}
	})
}
