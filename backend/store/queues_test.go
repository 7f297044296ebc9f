package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

func TestPausedQueues(t *testing.T) {
	t.Parallel()
	s, path := fresh(t)
	for i, queue := range []string{"content", "device", "content"} {
		if err := s.PauseQueue(t.Context(), queue, noon.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ResumeQueue(t.Context(), "device"); err != nil {
		t.Fatal(err)
	}
	if err := s.ResumeQueue(t.Context(), "unknown"); err != nil {
		t.Fatal(err)
	}
	beside, err := store.OpenToRead(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = beside.Close() }()
	paused, err := beside.PausedQueues(t.Context())
	if diff := cmp.Diff(map[string]time.Time{"content": noon}, paused); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestQueueCounts(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	insert(t, s, queued(), queued(), queued(func(j *task.Job) { j.State = task.Failed }),
		queued(func(j *task.Job) { j.Queue, j.Task, j.StartedBy = "words", "test.say", "o" }))
	for _, c := range []struct {
		readable task.Readable
		want     map[string]map[task.State]int64
	}{
		{task.Readable{}, map[string]map[task.State]int64{}},
		{task.Readable{All: true}, map[string]map[task.State]int64{"maths": {task.Queued: 2, task.Failed: 1}, "words": {task.Queued: 1}}},
		{task.Readable{All: true, Hidden: []string{"maths.add"}}, map[string]map[task.State]int64{"words": {task.Queued: 1}}},
		{task.Readable{All: true, Hidden: []string{"maths.add", "test.say"}, Own: []string{"test.say"}, Person: "t"}, map[string]map[task.State]int64{}},
		{task.Readable{Own: []string{"maths.add", "test.say"}, Person: "o"}, map[string]map[task.State]int64{"words": {task.Queued: 1}}},
	} {
		got, err := s.QueueCounts(t.Context(), c.readable)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%+v: %v (-want +got):\n%s", c.readable, err, diff)
		}
	}
}

func TestMatching(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for i := range 7 {
		insert(t, s, queued(func(j *task.Job) {
			if i == 3 {
				j.State = task.Failed
			}
		}))
	}
	filter := task.Filter{States: []task.State{task.Queued}, Readable: task.Readable{All: true}}
	var got [][]int64
	for after := int64(0); ; {
		jobs, err := s.Matching(t.Context(), filter, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		var part []int64
		for _, j := range jobs {
			part = append(part, j.Number)
		}
		got = append(got, part)
		if len(jobs) < 3 {
			break
		}
		after = jobs[2].Number
		insert(t, s, queued()) // what comes meanwhile comes later
		if len(got) == 2 {
			if err := s.Delete(t.Context(), []task.ID{"8", "9"}, func(*task.Job) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff([][]int64{{1, 2, 3}, {5, 6, 7}, nil}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if jobs, err := s.Matching(t.Context(), task.Filter{}, 0, 10); len(jobs) != 0 || err != nil {
		t.Errorf("who may read nothing gets %d, %v", len(jobs), err)
	}
}

func TestPlannedFilter(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	rule := task.Schedule{Cron: "@daily", CatchUp: task.CatchUpOnce}
	insert(t, s,
		queued(),
		queued(func(j *task.Job) { j.State = task.Scheduled }),
		queued(func(j *task.Job) { j.State, j.Schedule = task.Paused, rule }),
		queued(func(j *task.Job) { j.State, j.Schedule = task.Canceled, rule }),
		queued(func(j *task.Job) { j.Schedule = task.Schedule{Repeat: task.Forever, Interval: time.Hour} }),
		queued(func(j *task.Job) { j.State, j.Schedule, j.SeriesCanceled = task.Canceled, rule, true }),
		queued(func(j *task.Job) { j.State, j.Schedule, j.SeriesCanceled = task.Canceling, rule, true }),
	)
	listed, err := s.List(t.Context(), task.Filter{Planned: true, Readable: task.Readable{All: true}}, task.Page{Sort: "created", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var got []task.ID
	for _, j := range listed.Jobs {
		got = append(got, j.ID)
	}
	if !slices.Equal(got, []task.ID{"2", "3", "5"}) {
		t.Errorf("due later or again are %v", got)
	}
	counts, err := s.Counts(t.Context(), task.Filter{Repeating: true, Readable: task.Readable{All: true}})
	if diff := cmp.Diff(map[task.State]int64{task.Queued: 1, task.Paused: 1, task.Canceled: 1}, counts); diff != "" || err != nil {
		t.Errorf("repeating are (-want +got):\n%s%v", diff, err)
	}
}
