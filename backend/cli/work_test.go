package cli_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/clock/clocktest"
	"nectar/backend/task"
)

func TestWorkDoesNotAwaitTheWorld(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	l := laptop{tasks: func(content string) []task.Declared {
		return append(plainTasks(content), task.Define(task.Spec[struct{}]{
			Name: "test.need", Summary: "Wait for a drive", Permission: task.SignedIn,
			Run: func(_ context.Context, run *task.Run, _ struct{}) (any, error) {
				return nil, run.WaitFor(task.Need{Code: task.NeedDrive, Item: "USB", Key: "/nowhere"})
			},
		}))
	}}
	for _, args := range [][]string{{"enqueue", "test.need"}, {"enqueue", "maths.add", `{"x": 1, "y": 1}`}} {
		if c := l.call(t, data, nil, args...); c.status != 0 {
			t.Fatalf("%q: %s", args, &c.stderr)
		}
	}
	c := l.call(t, data, nil, "work", "--until-idle", "--json")
	said := decode[struct {
		Ended  map[string]int64 `json:"ended"`
		Counts map[string]int64 `json:"counts"`
	}](t, c.stdout.String())
	if c.status != 0 || said.Ended["completed"] != 1 || said.Counts["QUEUED"] != 1 {
		t.Errorf("status %d, %+v", c.status, said)
	}
}

// A job whose time has come is due, whether the program has got round to it or
// not.
func TestWorkDoesWhatCameDueWhileNoProgramRan(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	l := laptop{tasks: plainTasks}
	later := &clocktest.Clock{}
	if c := l.call(t, data, nil, "enqueue", "maths.add", `{"x": 1, "y": 1, "enqueue_args": {"enqueue_in": 3600}}`); c.status != 0 {
		t.Fatal(&c.stderr)
	}
	later.Jump(2 * time.Hour)
	l.clock = later
	l.late = func(owes func() (bool, error), start func() error) (bool, error) {
		owed, err := owes()
		return owed, errors.Join(err, start())
	}
	c := l.call(t, data, nil, "work", "--until-idle", "--json")
	said := decode[struct {
		Ended map[string]int64 `json:"ended"`
	}](t, c.stdout.String())
	if c.status != 0 || said.Ended["completed"] != 1 {
		t.Errorf("status %d, %+v: %s", c.status, said, &c.stderr)
	}
}

// Between two questions a job goes from what is planned to what is due: it is in
// one of them.
func TestWorkIsNotIdleWhileAJobComesDue(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	began, signals, later := make(chan struct{}), make(chan os.Signal, 1), &clocktest.Clock{}
	l := laptop{tasks: func(content string) []task.Declared {
		return append(plainTasks(content), task.Define(task.Spec[struct{}]{
			Name: "test.hold", Summary: "Hold on", Permission: task.SignedIn,
			Run: func(ctx context.Context, _ *task.Run, _ struct{}) (any, error) {
				close(began)
				<-ctx.Done()
				return nil, context.Cause(ctx)
			},
		}))
	}}
	if c := l.call(t, data, nil, "enqueue", "test.hold", `{"enqueue_args": {"enqueue_in": 3600}}`); c.status != 0 {
		t.Fatal(&c.stderr)
	}
	later.Jump(2 * time.Hour)
	l.clock = later
	l.late = func(owes func() (bool, error), start func() error) (bool, error) {
		if err := start(); err != nil {
			return false, err
		}
		<-began // it is not planned any more
		signals <- os.Interrupt
		return owes()
	}
	if c := l.call(t, data, signals, "work", "--until-idle", "--json"); c.status != 130 {
		t.Errorf("status %d: it ended as if nothing were due: %s", c.status, &c.stdout)
	}
}
