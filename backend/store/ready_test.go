package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// Of a job that was never run less is read than of others, and of all as much as
// there is.
func TestReadyAnswersWholeJobs(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, has := range []func(*task.Job){
		func(*task.Job) {},
		func(j *task.Job) { j.ID = "fixed" },
		func(j *task.Job) { j.Rank = -3 },
		func(j *task.Job) { j.Metadata, j.Unit, j.Cancellable = json.RawMessage(`{"a":1}`), task.Bytes, false },
		func(j *task.Job) { j.Result = json.RawMessage("5") },
		func(j *task.Job) { j.Checkpoint = json.RawMessage("[1]") },
		func(j *task.Job) { j.Progress = 4 },
		func(j *task.Job) { j.Total = 4 },
		func(j *task.Job) { j.Waiting = &task.Waiting{Need: task.Need{Code: "drive"}, Since: noon} },
		func(j *task.Job) { j.Problems = 2 },
		func(j *task.Job) { j.Planned = noon.Add(time.Hour) },
		func(j *task.Job) { j.Since = noon.Add(-time.Hour) },
		func(j *task.Job) { j.Schedule.Repeat, j.Schedule.Interval = task.Forever, time.Hour },
		func(j *task.Job) { j.Schedule.Cron = "@daily" },
		func(j *task.Job) { j.Schedule.CatchUp = task.CatchUpSkip },
		func(j *task.Job) { j.Schedule.RetryInterval = duration(0) },
		func(j *task.Job) { j.Schedule.MaxRetries = number(0) },
		func(j *task.Job) {
			j.Attempts, j.Outcome, j.Started, j.Finished = 1, task.OutcomeInterrupted, noon, noon.Add(time.Second)
		},
		func(j *task.Job) { j.Retries = 1 },
		func(j *task.Job) { j.Interruptions = 1 },
		func(j *task.Job) { j.Failure = &task.Failure{Code: fault.DiskFull, Detail: "no room"} },
		func(j *task.Job) { j.ExclusiveKey, j.Resource = "channel:1", "drive:2" },
		func(j *task.Job) { j.RequestID = "r1" },
		func(j *task.Job) { j.Extra = true },
		func(j *task.Job) { j.ProblemsOf = 1 },
		func(j *task.Job) { j.ProblemsCode = "damaged" },
		func(j *task.Job) { j.Wall = true },
		func(j *task.Job) { j.Schedule.Cron, j.SeriesCanceled = "@daily", true },
		func(j *task.Job) { j.Args, j.StartedByName = json.RawMessage("{}"), "" },
		func(j *task.Job) { j.Created = noon.Add(-time.Hour) },
	} {
		insert(t, s, queued(has))
	}
	expectWhole(t, s, 30) // all of one kind
	for _, has := range []func(*task.Job){
		func(j *task.Job) { j.Task = "maths.sub" },
		func(j *task.Job) { j.Queue = "others" },
		func(j *task.Job) { j.StartedBy = "a" },
	} {
		insert(t, s, queued(has))
	}
	expectWhole(t, s, 33)
}

// expectWhole checks that so many jobs are ready, each as it is.
func expectWhole(t *testing.T, s *store.Store, n int) {
	t.Helper()
	ready, err := s.Ready(t.Context(), task.Regular, nil, 100)
	if err != nil || len(ready) != n {
		t.Fatalf("%d jobs are ready, %v", len(ready), err)
	}
	for i := range ready {
		if diff := cmp.Diff(read(t, s, ready[i].ID), ready[i]); diff != "" {
			t.Errorf("job %s (-as it is +as it is ready):\n%s", ready[i].ID, diff)
		}
	}
}
