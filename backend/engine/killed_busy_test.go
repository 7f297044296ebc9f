package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// victimIsBusy is set, to a seed, for a process that is to be killed while it
// does this and that.
const victimIsBusy = "NECTAR_TEST_VICTIM_IS_BUSY"

// busyVictim does this and that until it is killed. It says what it is about to
// do to a job, and, once that was answered, what was done.
func busyVictim(folder string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	say := func(words ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(words...)
	}
	var seed uint64
	if _, err := fmt.Sscan(os.Getenv(victimIsBusy), &seed); err != nil {
		return err
	}
	if !goesAhead(seed) {
		engine.TrustNobody()
	}
	work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
		say("ran", run.Job().ID)
		return nil, nil
	})
	registry, err := task.NewRegistry(work)
	if err != nil {
		return err
	}
	e := engine.New(engine.Config{Store: s, Registry: registry})
	if err := e.Start(ctx); err != nil {
		return err
	}
	failed := make(chan error)
	for who := range uint64(4) {
		go func() { failed <- keepBusy(ctx, e, work, rand.New(rand.NewPCG(seed, who)), say) }()
	}
	return <-failed
}

// goesAhead reports whether the process of that seed runs jobs ahead of the
// storage, so that of the last ones nothing may be stored.
func goesAhead(seed uint64) bool { return seed%2 == 0 }

// keepBusy does this and that to jobs of its own.
func keepBusy(ctx context.Context, e *engine.Engine, work task.Task[args], chance *rand.Rand, say func(...any)) error {
	var held []task.ID // jobs that wait for a day or are paused
	for {
		switch {
		case len(held) < 5 || chance.IntN(4) == 0:
			draft := drafted{}
			if _, err := work.Enqueue(ctx, &draft, args{}); err != nil {
				return err
			}
			jobs := make([]task.NewJob, 1+chance.IntN(5))
			for i := range jobs {
				jobs[i] = draft.job
				if chance.IntN(2) == 0 {
					jobs[i].When = &task.When{In: day}
				}
			}
			stored, err := e.Enqueue(ctx, jobs...)
			if err != nil {
				return err
			}
			for j := range stored.All() {
				say("there", j.ID)
				if j.State == task.Scheduled {
					held = append(held, j.ID)
				}
			}
		default:
			at := chance.IntN(len(held))
			id := held[at]
			held = append(held[:at], held[at+1:]...)
			for _, do := range [][]task.Action{
				{task.Pause}, {task.Cancel}, {task.RunNow}, {task.Pause, task.Unpause, task.Cancel, task.Clear}, {task.Delete},
			}[chance.IntN(5)] {
				say("trying", id)
				if _, err := e.Do(ctx, do, id); err != nil {
					return err
				}
				say(do, id)
			}
		}
	}
}

// Whatever instant the process dies at, everything that was answered is there
// afterwards, and every job whose function began has an attempt, unless it was
// run ahead of the storage.
func TestKilledWhileBusy(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	said, ran := map[task.ID]string{}, map[task.ID]int64{}
	chance := rand.New(rand.NewPCG(3, 1))
	for round := range 6 {
		process := exec.CommandContext(t.Context(), os.Args[0])
		process.Env = append(os.Environ(), victimFolder+"="+folder, fmt.Sprintf("%s=%d", victimIsBusy, round+1))
		output, err := process.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(output)
		for left := 20 + chance.IntN(400); lines.Scan(); left-- {
			words := strings.Fields(lines.Text())
			if len(words) != 2 { // the last line may be cut
				continue
			}
			id := task.ID(words[1])
			switch {
			case words[0] != "ran":
				said[id] = words[0]
			case !goesAhead(uint64(round + 1)):
				ran[id]++
			}
			if left == 0 {
				if err := process.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = process.Wait() // it was killed
		if len(said) < 10 {
			t.Fatal("the process did nothing")
		}
		checkAnswered(t, filepath.Join(folder, "app.sqlite3"), said, ran)
	}
}

func checkAnswered(t *testing.T, path string, said map[task.ID]string, ran map[task.ID]int64) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	states := map[string][]task.State{
		string(task.Pause): {task.Paused}, string(task.Cancel): {task.Canceled}, string(task.Unpause): {task.Scheduled},
		string(task.RunNow): {task.Queued, task.Selected, task.Running, task.Completed},
	}
	for id, last := range said {
		j, err := s.Job(t.Context(), id)
		gone := fault.CodeOf(err) == fault.NotFound
		if err != nil && !gone {
			t.Fatal(err)
		}
		switch last {
		case "trying": // it was not answered
			continue
		case string(task.Clear), string(task.Delete):
			if !gone {
				t.Errorf("job %s was removed, and is %v", id, j.State)
			}
			continue
		case "there":
			if gone {
				t.Errorf("job %s is lost", id)
			}
		default:
			if gone || !slices.Contains(states[last], j.State) {
				t.Errorf("job %s was answered as changed by %s, and is %v (gone: %v)", id, last, j.State, gone)
			}
		}
		if j.Attempts < ran[id] {
			t.Errorf("the function of job %s began %d times, and it has %d attempts", id, ran[id], j.Attempts)
		}
	}
	if found, err := s.InStates(t.Context(), task.States()...); err != nil || len(found) == 0 {
		t.Errorf("%d jobs are there; %v", len(found), err)
	}
}
