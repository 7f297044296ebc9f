package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/task"
)

// shelf is a queue that only keeps what it is given.
type shelf struct {
	asked    []task.NewJob
	canceled string
	err      error
}

func (s *shelf) Enqueue(_ context.Context, jobs ...task.NewJob) (task.Stored, error) {
	if s.err != nil {
		return task.Stored{}, s.err
	}
	s.asked = append(s.asked, jobs...)
	return task.StoredJobs(task.Job{ID: task.ID(strconv.Itoa(len(s.asked)))}), nil
}

func (s *shelf) CancelTask(_ context.Context, name string) (int, error) {
	s.canceled = name
	return 3, s.err
}

type addArgs struct {
	X int `json:"x"`
	Y int `json:"y"`
}

var add = task.Define(task.Spec[addArgs]{
	Name: "maths.add", Summary: "Add two numbers", Permission: task.SignedIn,
	ExclusiveKey: func(a addArgs) string { return strconv.Itoa(a.X) },
	Resource:     func(a addArgs) string { return strconv.Itoa(a.Y) },
	Run:          func(_ context.Context, _ *task.Run, a addArgs) (any, error) { return a.X + a.Y, nil },
})

func TestEnqueue(t *testing.T) {
	t.Parallel()
	args := addArgs{4, 2}
	noon := at(t, "2026-05-01 12:00")
	cases := []struct {
		name    string
		enqueue func(context.Context, task.Queue) (task.Job, error)
		want    task.When
	}{
		{"Enqueue asks for now", func(ctx context.Context, q task.Queue) (task.Job, error) { return add.Enqueue(ctx, q, args) }, task.When{}},
		{"EnqueueAt asks for a time", func(ctx context.Context, q task.Queue) (task.Job, error) { return add.EnqueueAt(ctx, q, noon, args) }, task.When{At: noon}},
		{"EnqueueIn asks for a delay", func(ctx context.Context, q task.Queue) (task.Job, error) {
			return add.EnqueueIn(ctx, q, time.Hour, args)
		}, task.When{In: time.Hour}},
		{"EnqueueCron asks for a rule", func(ctx context.Context, q task.Queue) (task.Job, error) {
			return add.EnqueueCron(ctx, q, "@daily", args)
		}, task.When{Schedule: task.Schedule{Cron: "@daily", CatchUp: task.CatchUpOnce}}},
		{"EnqueueLIFO asks to be first", func(ctx context.Context, q task.Queue) (task.Job, error) { return add.EnqueueLIFO(ctx, q, args) }, task.When{First: true}},
		{"EnqueueIfNot asks for no twin", func(ctx context.Context, q task.Queue) (task.Job, error) { return add.EnqueueIfNot(ctx, q, args) }, task.When{IfNot: true}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			queue := &shelf{}
			job, err := c.enqueue(t.Context(), queue)
			if err != nil || job.ID != "1" || len(queue.asked) != 1 {
				t.Fatal(job, err, queue.asked)
			}
			got := queue.asked[0]
			if diff := cmp.Diff(c.want, got.When.OrNow()); diff != "" {
				t.Errorf("when (-want +got):\n%s", diff)
			}
			if got.Task != add.Definition || string(got.Args) != `{"x":4,"y":2}` || *got.StartedBy != auth.Program() {
				t.Errorf("asked for %+v", got)
			}
		})
	}

	t.Run("an error of the queue is the answer", func(t *testing.T) {
		t.Parallel()
		full := errors.New("full")
		if _, err := add.Enqueue(t.Context(), &shelf{err: full}, args); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("arguments that do not encode are refused before the queue", func(t *testing.T) {
		t.Parallel()
		type odd struct {
			F float64 `json:"f"`
		}
		oddTask := task.Define(task.Spec[odd]{Name: "a.b"})
		queue := &shelf{}
		zero := 0.0
		if _, err := oddTask.Enqueue(t.Context(), queue, odd{1 / zero}); err == nil || len(queue.asked) > 0 {
			t.Errorf("got %v, queue %v", err, queue.asked)
		}
	})

	t.Run("CancelAll cancels by the task's name", func(t *testing.T) {
		t.Parallel()
		queue := &shelf{}
		if n, err := add.CancelAll(t.Context(), queue); n != 3 || err != nil || queue.canceled != "maths.add" {
			t.Errorf("cancelled %d of %q, %v", n, queue.canceled, err)
		}
	})
}

func TestDefinition(t *testing.T) {
	t.Parallel()

	t.Run("the arguments name the keys", func(t *testing.T) {
		t.Parallel()
		exclusive, resource, err := add.Keys(json.RawMessage(`{"x": 7, "y": 8}`))
		if exclusive != "7" || resource != "8" || err != nil {
			t.Errorf("keys are %q and %q, %v", exclusive, resource, err)
		}
		if _, _, err := add.Keys(json.RawMessage(`{"x": "seven"}`)); err == nil {
			t.Error("arguments of a wrong type have keys")
		}
	})

	t.Run("the function gets the stored arguments", func(t *testing.T) {
		t.Parallel()
		run := task.NewRun(&task.Job{Args: json.RawMessage(`{"x": 4, "y": 2, "gone": true}`)}, nil)
		if got, err := add.Call(t.Context(), run); got != 6 || err != nil {
			t.Errorf("4 + 2 = %v, %v", got, err)
		}
	})

	t.Run("arguments of another version fail the call, not the program", func(t *testing.T) {
		t.Parallel()
		run := task.NewRun(&task.Job{Args: json.RawMessage(`{"x": "four"}`)}, nil)
		if got, err := add.Call(t.Context(), run); err == nil {
			t.Errorf("got %v", got)
		}
	})

	t.Run("a status function sees arguments, metadata and result", func(t *testing.T) {
		t.Parallel()
		d := task.Define(task.Spec[addArgs]{Name: "a.b", Status: func(d task.Described[addArgs]) task.Status {
			return task.Status{Title: "t", Params: map[string]any{"x": d.Args.X, "m": d.Metadata["m"], "r": d.Result["r"]}}
		}})
		got := d.Describe(task.Job{Args: json.RawMessage(`{"x": 1}`), Metadata: json.RawMessage(`{"m": "n"}`), Result: json.RawMessage(`{"r": true}`)})
		if diff := cmp.Diff(task.Status{Title: "t", Params: map[string]any{"x": 1, "m": "n", "r": true}}, got); diff != "" {
			t.Error(diff)
		}
		if got := add.Describe(task.Job{}); got.Title != "" {
			t.Errorf("without a status function the status is %+v", got)
		}
	})
}

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	type place struct{ File int }

	t.Run("without one there is nothing to load", func(t *testing.T) {
		t.Parallel()
		var p place
		if found, err := task.NewRun(&task.Job{}, nil).LoadCheckpoint(&p); found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
	})
	t.Run("the last one is loaded", func(t *testing.T) {
		t.Parallel()
		var p place
		found, err := task.NewRun(&task.Job{Checkpoint: json.RawMessage(`{"File": 9}`)}, nil).LoadCheckpoint(&p)
		if !found || err != nil || p.File != 9 {
			t.Errorf("found %v %v, %v", p, found, err)
		}
	})
	t.Run("one of another shape is an error", func(t *testing.T) {
		t.Parallel()
		var p place
		if found, err := task.NewRun(&task.Job{Checkpoint: json.RawMessage(`[1]`)}, nil).LoadCheckpoint(&p); found || err == nil {
			t.Errorf("found %v, %v", p, found)
		}
	})
}

// Two jobs that are asked for are alike only when all is the same of which a job is made.
func TestAlike(t *testing.T) {
	t.Parallel()
	asked := func(change ...func(*task.NewJob)) *task.NewJob {
		n := task.NewJob{Task: add.Definition, Args: json.RawMessage(`{"x":4,"y":2}`), StartedBy: lo.ToPtr(auth.Program())}
		for _, c := range change {
			c(&n)
		}
		return &n
	}
	if !asked().Like(asked()) {
		t.Error("the same are not alike")
	}
	reads := func(n *task.NewJob) { n.Reads = func(*task.Job) bool { return true } }
	if !asked().Like(asked(reads)) {
		t.Error("what else may be answered makes another job")
	}
	for name, change := range map[string]func(*task.NewJob){
		"task":       func(n *task.NewJob) { n.Task = &task.Definition{} },
		"arguments":  func(n *task.NewJob) { n.Args = json.RawMessage(`{"x":4,"y":3}`) },
		"metadata":   func(n *task.NewJob) { n.Metadata = map[string]any{"a": 1} },
		"person":     func(n *task.NewJob) { n.StartedBy.Name = "Tara" },
		"request id": func(n *task.NewJob) { n.RequestID = "r" },
		"time":       func(n *task.NewJob) { n.When = &task.When{In: time.Hour} },
	} {
		if asked().Like(asked(change)) || asked(change).Like(asked()) {
			t.Errorf("jobs with another %s are alike", name)
		}
	}
}
