package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/samber/lo"
	"go.uber.org/goleak"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// victimFolder is set when the test binary is started as the process that is
// to be killed.
const victimFolder = "NECTAR_TEST_VICTIM"

// drainFolder is set instead for one that is killed while it drains its jobs.
const drainFolder = "NECTAR_TEST_DRAIN"

func TestMain(m *testing.M) {
	if folder := os.Getenv(victimFolder); folder != "" {
		be := victim
		if os.Getenv(victimIsBusy) != "" {
			be = busyVictim
		}
		if err := be(folder); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if folder := os.Getenv(drainFolder); folder != "" {
		if err := drainer(folder); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if folder := os.Getenv(poisonedFolder); folder != "" {
		if err := poisonedProcess(folder); err != nil {
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

// drained is how many jobs the process that drains has.
const drained = 1500

// drainer runs many jobs that end at once, says so when the first have, and
// goes on until its end.
func drainer(folder string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		return err
	}
	var ran atomic.Int64
	work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
		if ran.Add(1) == drained*3/5 {
			fmt.Println("ready")
		}
		return "done", nil
	})
	registry, err := task.NewRegistry(work)
	if err != nil {
		return err
	}
	e := engine.New(engine.Config{Store: s, Registry: registry, Regular: 6, High: 2})
	var draft drafted
	if _, err := work.Enqueue(ctx, &draft, args{}); err != nil {
		return err
	}
	if _, err := e.Enqueue(ctx, slices.Repeat([]task.NewJob{draft.job}, drained)...); err != nil {
		return err
	}
	if err := e.Start(ctx); err != nil {
		return err
	}
	select {}
}

// killed starts this program with the variable, waits until it says that it is
// ready, and kills it. It answers the database that it left behind.
func killed(t *testing.T, variable string) *store.Store {
	t.Helper()
	folder := t.TempDir()
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), variable+"="+folder)
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
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// After a kill in the middle of a drain every job is there once, the counts
// are those of the jobs, and what was not stored as ended runs again.
func TestKilledWhileDraining(t *testing.T) {
	t.Parallel()
	s := killed(t, drainFolder)
	everything := task.Filter{Readable: task.Readable{All: true}}
	jobs, err := s.InStates(t.Context(), task.States()...)
	if err != nil || len(jobs) != drained {
		t.Fatalf("%d jobs are there, %v; want %d", len(jobs), err, drained)
	}
	ahead, err := s.Begun() // of the storage
	if err != nil {
		t.Fatal(err)
	}
	want, again := map[task.State]int64{}, map[int64]bool{}
	for _, j := range jobs {
		want[j.State]++
		again[j.Number] = j.State == task.Running || j.State == task.Queued && slices.Contains(ahead, task.Begun{Number: j.Number, Attempts: j.Attempts})
	}
	counts, err := s.Counts(t.Context(), everything)
	if diff := cmp.Diff(want, counts); diff != "" || err != nil {
		t.Errorf("counts, %v (-jobs +counted):\n%s", err, diff)
	}
	const workers = 8 // each of which may have a job whose end is not stored yet, besides the one that it runs
	if want[task.Running] > 2*workers || want[task.Completed] == 0 {
		t.Errorf("it left %v", want)
	}

	var left sync.WaitGroup
	left.Add(drained - int(want[task.Completed]))
	work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
		left.Done()
		return "done", nil
	})
	registry, err := task.NewRegistry(work)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: s, Registry: registry})
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	left.Wait()
	if err := e.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if jobs, err = s.InStates(t.Context(), task.Completed); err != nil || len(jobs) != drained {
		t.Fatalf("%d jobs have completed, %v", len(jobs), err)
	}
	for _, j := range jobs {
		attempts, err := s.Attempts(t.Context(), j.Number)
		if wanted := 1 + lo.Ternary(again[j.Number], 1, 0); len(attempts) != wanted || j.Attempts != int64(wanted) || err != nil {
			t.Errorf("job %s had %d attempts of %d, %v; want %d", j.ID, len(attempts), j.Attempts, err, wanted)
		}
	}
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
	s := killed(t, victimFolder)
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
