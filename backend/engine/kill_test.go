package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// victimFolder is set when the test binary is started as the process that is
// to be killed.
const victimFolder = "NECTAR_TEST_VICTIM"

func TestMain(m *testing.M) {
	if folder := os.Getenv(victimFolder); folder != "" {
		if err := victim(folder); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if err := setRapid(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// mortal are tasks whose first attempt stores a checkpoint and never ends,
// and whose second one answers that checkpoint.
func mortal(ready chan<- struct{}) (tasks []task.Task[args]) {
	for _, on := range []task.Interruption{task.Rerun, task.Resume, task.FailInterrupted} {
		tasks = append(tasks, define("test."+string(on), func(ctx context.Context, run *task.Run, a args) (any, error) {
			var at int64
			if found, err := run.LoadCheckpoint(&at); err != nil || found {
				return at, err
			}
			run.SetProgress(5, 9)
			if err := run.Checkpoint(run.Job().Number); err != nil {
				return nil, err
			}
			ready <- struct{}{}
			return hold(ctx, run, a)
		}, func(s *task.Spec[args]) { s.OnInterruption = on }))
	}
	return tasks
}

// victim runs a job of each kind, leaves some waiting, says so, and waits for
// its end.
func victim(folder string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		return err
	}
	ready := make(chan struct{})
	tasks := mortal(ready)
	registry, err := task.NewRegistry(tasks[0], tasks[1], tasks[2])
	if err != nil {
		return err
	}
	e := engine.New(engine.Config{Store: s, Registry: registry, Regular: 3, High: 1})
	if err := e.Start(ctx); err != nil {
		return err
	}
	for _, of := range tasks {
		if _, err := of.Enqueue(ctx, e, args{}); err != nil {
			return err
		}
		<-ready
	}
	if _, err := tasks[0].Enqueue(ctx, e, args{Name: "queued"}); err != nil {
		return err
	}
	if _, err := tasks[0].EnqueueIn(ctx, e, time.Hour, args{Name: "scheduled"}); err != nil {
		return err
	}
	fmt.Println("ready")
	select {}
}

func TestKilled(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), victimFolder+"="+folder)
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Errorf("the process says %q", lines.Text())
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // it was killed

	s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	tasks := mortal(make(chan struct{}, 2))
	registry, err := task.NewRegistry(tasks[0], tasks[1], tasks[2])
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: s, Registry: registry})
	watch := e.Subscribe()
	defer watch.Close()
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	// The jobs 1 and 2 end, and 4 runs its first attempt.
	for ended := map[int64]bool{}; len(ended) < 3; {
		<-watch.News()
		for _, j := range watch.Take() {
			if j.State == task.Completed || j.State == task.Running && j.Number == 4 {
				ended[j.Number] = true
			}
		}
	}
	for id, want := range map[task.ID]struct {
		state    task.State
		attempts int64
		result   string
		failure  fault.Code
	}{
		"1": {task.Completed, 2, "1", ""},
		"2": {task.Completed, 2, "2", ""},
		"3": {task.Failed, 1, "", fault.Interrupted},
		"4": {task.Running, 1, "", ""},
		"5": {task.Scheduled, 0, "", ""},
	} {
		j, err := s.Job(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if j.State != want.state || j.Attempts != want.attempts || string(j.Result) != want.result || j.Interruptions != 0 && id != "3" {
			t.Errorf("job %s is %+v", id, j)
		}
		if want.failure != "" && (j.Failure == nil || j.Failure.Code != want.failure || string(j.Checkpoint) != "3") {
			t.Errorf("job %s failed for %+v", id, j.Failure)
		}
	}
}
