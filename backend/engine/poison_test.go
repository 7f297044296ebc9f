package engine_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"nectar/backend/engine"
	"nectar/backend/store"
	"nectar/backend/task"
)

// poisonedFolder is set for a process whose jobs return at once, but for one that ends
// it.
const poisonedFolder = "NECTAR_TEST_POISONED"

// Of so many jobs one ends the process: its neighbours have long been run ahead of the
// storage.
const poisoned, poison = 2000, 1500

// poisonedProcess runs what is left of its jobs.
func poisonedProcess(folder string) error {
	engine.TrustAsEver()
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(folder, "app.sqlite3"), store.Options{Unsynced: true})
	if err != nil {
		return err
	}
	work := define("test.work", func(_ context.Context, _ *task.Run, a args) (any, error) {
		if a.Name == "poison" {
			os.Exit(7)
		}
		return nil, nil
	})
	registry, err := task.NewRegistry(work)
	if err != nil {
		return err
	}
	e := engine.New(engine.Config{Store: s, Registry: registry})
	counts, err := s.Counts(ctx, task.Filter{Readable: task.Readable{All: true}})
	if err != nil {
		return err
	}
	if len(counts) == 0 {
		jobs := make([]task.NewJob, poisoned)
		for i := range jobs {
			var draft drafted
			a := args{}
			if i == poison {
				a.Name = "poison"
			}
			if _, err := work.Enqueue(ctx, &draft, a); err != nil {
				return err
			}
			jobs[i] = draft.job
		}
		if _, err := e.Enqueue(ctx, jobs...); err != nil {
			return err
		}
	}
	watch := e.Subscribe()
	defer watch.Close()
	if err := e.Start(ctx); err != nil {
		return err
	}
	for {
		left, err := s.InStates(ctx, task.Queued, task.Running)
		if err != nil || len(left) == 0 {
			return errors.Join(err, e.Stop(ctx), s.Close())
		}
		<-watch.News()
		watch.Take()
	}
}

// A job that ends the program is given up, also where jobs are run ahead of the storage.
func TestAJobThatEndsTheProgramIsGivenUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	deaths := 0
	for ; deaths < 20; deaths++ {
		process := exec.CommandContext(t.Context(), os.Args[0])
		process.Env = append(os.Environ(), poisonedFolder+"="+folder)
		said, err := process.CombinedOutput()
		if err == nil {
			break
		}
		if process.ProcessState.ExitCode() != 7 {
			t.Fatalf("the process ends with %v: %s", err, said)
		}
		if tasks := runsAhead(t, folder); deaths == 0 && len(tasks) != 1 {
			t.Errorf("after the first death it is known that %v ran ahead", tasks)
		}
	}
	s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	counts, err := s.Counts(t.Context(), task.Filter{Readable: task.Readable{All: true}})
	const workers = 4 // who each had a job whenever it died
	if failed := counts[task.Failed]; err != nil || failed < 1 || failed > workers || failed+counts[task.Completed] != poisoned {
		t.Errorf("in the end there are %v, %v", counts, err)
	}
	if deaths != 5 {
		t.Errorf("the program died %d times of it", deaths)
	}
}

func runsAhead(t *testing.T, folder string) []string {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	tasks, err := s.RunsAhead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}
