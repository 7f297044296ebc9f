package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nectar/backend/auth"
	"nectar/backend/task"
)

// Jobs that are asked for together become what each becomes when it is asked for alone,
// whatever stands beside it in the list.
func TestAListMakesTheJobsThatEachOfItMakes(t *testing.T) {
	t.Parallel()
	work, other := define("test.work", succeed), define("test.other", succeed)
	together, apart := build(t, nil, work, other), build(t, nil, work, other)
	var asked []task.NewJob
	for i, change := range []func(*task.NewJob){
		func(*task.NewJob) {},
		func(n *task.NewJob) { n.Task = other.Definition },
		func(n *task.NewJob) { n.Args = json.RawMessage(`{"exclusive":"x","resource":"y"}`) },
		func(n *task.NewJob) { n.Metadata = map[string]any{"title": "a"} },
		func(n *task.NewJob) { n.StartedBy = &auth.Person{ID: "t", Name: "Tara"} },
		func(n *task.NewJob) { n.When = &task.When{At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)} },
		func(n *task.NewJob) {
			n.When = &task.When{Schedule: task.Schedule{Cron: "@daily", CatchUp: task.CatchUpOnce}}
		},
		func(n *task.NewJob) { n.When = &task.When{Priority: task.Low} },
	} {
		for k := range 40 {
			n := task.NewJob{Task: work.Definition, Args: fmt.Appendf(nil, `{"name":"%d"}`, k/30)} // most are the same
			change(&n)
			asked = append(asked, n)
			if i == 0 && k == 7 {
				n.RequestID = "r"
				asked = append(asked, n, n)
			}
		}
	}
	list, err := together.Enqueue(t.Context(), asked...)
	if err != nil {
		t.Fatal(err)
	}
	got := list.Jobs()
	moments := cmpopts.EquateApproxTime(time.Hour) // both are asked for now
	for i, n := range asked {
		want, err := apart.Enqueue(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.First(), got[i], moments); diff != "" {
			t.Fatalf("job %d (-alone +in the list):\n%s", i, diff)
		}
		stored, err := together.store.Job(t.Context(), got[i].ID)
		if diff := cmp.Diff(got[i], stored); diff != "" || err != nil {
			t.Fatalf("job %d (-answered +stored):\n%s%v", i, diff, err)
		}
	}
}

// Of jobs that are to come first, each comes before those that were asked for before
// it, also in one list.
func TestTheLastOfAListComesFirst(t *testing.T) {
	t.Parallel()
	work := define("test.work", succeed)
	w := build(t, nil, work)
	stored, err := w.Enqueue(t.Context(), slices.Repeat([]task.NewJob{{Task: work.Definition, Args: json.RawMessage("{}"), When: &task.When{First: true}}}, 300)...)
	if err != nil {
		t.Fatal(err)
	}
	jobs := stored.Jobs()
	for i := range jobs[1:] {
		if jobs[i+1].Rank >= jobs[i].Rank {
			t.Fatalf("the ranks of two that follow each other are %d and %d", jobs[i].Rank, jobs[i+1].Rank)
		}
	}
}

// Of jobs that are alike each runs once, and each is told of, also where far more are asked
// for than are held in memory.
func TestEachOfManyJobsThatAreAlikeRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var runs sync.Map
		work := define("test.work", counting(&runs))
		w := build(t, nil, work)
		watch, told := w.Subscribe(), map[int64]bool{}
		defer watch.Close()
		w.start()
		batch := slices.Repeat([]task.NewJob{{Task: work.Definition, Args: json.RawMessage("{}")}}, 2*many)
		for range 2 {
			if _, err := w.Enqueue(t.Context(), batch...); err != nil {
				t.Fatal(err)
			}
		}
		w.ends(2*len(batch), &runs)
		for _, live := range watch.Take() {
			told[live.Number] = true
		}
		if len(told) != 2*len(batch) {
			t.Errorf("%d were told of", len(told))
		}
	})
}
