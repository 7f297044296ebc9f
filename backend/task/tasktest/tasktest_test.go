package tasktest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/task/tasktest"
)

type args struct {
	Name string `json:"name"`
}

var errGivenUp = errors.New("given up")

// talk says everything that a function can say.
var talk = task.Define(task.Spec[args]{
	Name: "test.talk", Summary: "Talk", Permission: task.SignedIn, RetriesProblems: true,
	Run: func(_ context.Context, run *task.Run, a args) (any, error) {
		before, alone, err := run.Problems()
		if err != nil {
			return nil, err
		}
		var place int
		if _, err := run.LoadCheckpoint(&place); err != nil {
			return nil, err
		}
		run.SetProgress(int64(place)+1, 9)
		run.SetMetadata("name", a.Name)
		run.SetCancellable(false)
		run.Info("hello %s", a.Name)
		run.Problem(task.Problem{Code: fault.FileMissing, Item: a.Name})
		run.RetryIn(time.Minute, task.Overrides{})
		if err := run.Checkpoint(place + 1); err != nil {
			return nil, err
		}
		if a.Name == "" {
			return nil, errGivenUp
		}
		return map[string]any{"before": len(before), "alone": alone}, nil
	},
})

func TestAnAttemptKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	var first tasktest.Attempt
	result, err := tasktest.Run(t.Context(), &first, talk, args{"a"})
	if err != nil {
		t.Fatal(err)
	}
	minute := time.Minute
	want := tasktest.Attempt{
		Done: 1, Total: 9, Metadata: map[string]any{"name": "a"}, Fixed: true, Log: []string{"hello a"},
		Problems: []task.Problem{{Code: fault.FileMissing, Item: "a"}}, Checkpoint: []byte("1"), Retry: &minute,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("attempt (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"before": 0.0, "alone": false}, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}

	second := tasktest.Attempt{Earlier: &first, ProblemsAlone: true}
	result, err = tasktest.Run(t.Context(), &second, talk, args{"a"})
	if err != nil || string(second.Checkpoint) != "2" {
		t.Errorf("the second attempt keeps %s, %v", second.Checkpoint, err)
	}
	if diff := cmp.Diff(map[string]any{"before": 1.0, "alone": true}, result); diff != "" {
		t.Errorf("result of the second (-want +got):\n%s", diff)
	}

	if _, err := tasktest.Run(t.Context(), &tasktest.Attempt{}, talk, args{}); !errors.Is(err, errGivenUp) {
		t.Errorf("an error arrives as %v", err)
	}
}
