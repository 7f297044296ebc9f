package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

func TestRun(t *testing.T) {
	t.Parallel()

	t.Run("a job runs at once and its result is stored", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			greet := define("test.greet", func(_ context.Context, _ *task.Run, a args) (any, error) {
				return map[string]string{"said": "hello " + a.Name}, nil
			})
			w := started(t, greet)
			began := time.Now()
			stored := w.enqueue(greet, args{Name: "Ada"})
			if stored.State != task.Queued || stored.StartedBy != "system" {
				t.Errorf("stored as %+v", stored)
			}
			j := w.expect(stored.ID, task.Completed)
			if string(j.Result) != `{"said":"hello Ada"}` || j.Outcome != task.OutcomeCompleted || j.Failure != nil || j.Attempts != 1 {
				t.Errorf("ended as %+v", j)
			}
			if took := time.Since(began); took != 0 {
				t.Errorf("it took %v of fake time", took)
			}
			if got := w.attempts(j); len(got) != 1 || got[0].Outcome != task.OutcomeCompleted {
				t.Errorf("attempts are %+v", got)
			}
		})
	})

	t.Run("jobs enqueued before the start run after it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := build(t, nil, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Queued)
			w.start()
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("an error fails the job with its code, or as internal", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			broken := define("test.broken", fail)
			full := define("test.full", func(context.Context, *task.Run, args) (any, error) {
				return nil, fmt.Errorf("write: %w", fault.New(fault.DiskFull, "path", "/x"))
			})
			w := started(t, broken, full)
			a, b := w.enqueue(broken, args{}), w.enqueue(full, args{})
			if got := w.expect(a.ID, task.Failed).Failure; got.Code != fault.Internal || !strings.Contains(got.Detail, "broken") {
				t.Errorf("failure is %+v", got)
			}
			if got := w.expect(b.ID, task.Failed).Failure; got.Code != fault.DiskFull || got.Params["path"] != "/x" {
				t.Errorf("failure is %+v", got)
			}
		})
	})

	t.Run("a panic fails its job with the stack and harms nothing else", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var nothing map[string]int
			stumble := define("test.stumble", func(context.Context, *task.Run, args) (any, error) {
				nothing["x"] = 1
				return nil, nil
			})
			work := define("test.work", succeed)
			w := started(t, stumble, work)
			a, b := w.enqueue(stumble, args{}), w.enqueue(work, args{})
			got := w.expect(a.ID, task.Failed).Failure
			if got.Code != fault.Panicked || !strings.Contains(got.Detail, "nil map") || !strings.Contains(got.Detail, "run_test.go") {
				t.Errorf("failure is %+v", got)
			}
			w.expect(b.ID, task.Completed)
			if n := w.Busy(); n != 0 {
				t.Errorf("%d workers are busy", n)
			}
		})
	})

	t.Run("a result that is no JSON fails the job", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			odd := define("test.odd", func(context.Context, *task.Run, args) (any, error) { return make(chan int), nil })
			w := started(t, odd)
			if got := w.expect(w.enqueue(odd, args{}).ID, task.Failed).Failure; !strings.Contains(got.Detail, "encode result") {
				t.Errorf("failure is %+v", got)
			}
		})
	})

	t.Run("a job of a task that is not installed fails and says so", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work, gone := define("test.work", succeed), define("gone.task", succeed)
			w := build(t, nil, work)
			j := enqueue(t, w.another(nil, gone), gone, args{})
			w.start()
			if got := w.expect(j.ID, task.Failed); got.Failure.Code != fault.TaskMissing || got.Failure.Params["task"] != "gone.task" || got.Attempts != 0 {
				t.Errorf("ended as %+v", got)
			}
			if _, err := w.Restart(t.Context(), []task.ID{j.ID}); fault.CodeOf(err) != fault.TaskMissing {
				t.Errorf("restart: %v", err)
			}
			w.expect(w.enqueue(work, args{}).ID, task.Completed)
		})
	})

	t.Run("an engine that is limited to some jobs leaves the others, until it looks again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			allowed := false
			w := build(t, func(c *engine.Config) { c.Eligible = func(*task.Job) bool { return allowed } }, work)
			w.start()
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Queued)
			allowed = true
			pass(time.Hour)
			w.expect(j.ID, task.Queued)
			if err := w.Reconsider(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.expect(j.ID, task.Completed)
		})
	})
}

func TestNotes(t *testing.T) {
	t.Parallel()

	t.Run("progress is stored at most four times a second, and the last value always", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			const seconds = 10
			count := define("test.count", func(_ context.Context, run *task.Run, _ args) (any, error) {
				for i := range int64(seconds * 100) {
					run.SetProgress(i+1, seconds*100)
					<-time.After(time.Second / 100)
				}
				return nil, nil
			}, func(s *task.Spec[args]) { s.Unit = task.Items })
			w, storage := shaken(t, count)
			w.start()
			j := w.enqueue(count, args{})
			pass(seconds * time.Second / 2)
			if got := w.read(j.ID).Progress; got < 474 || got > 501 {
				t.Errorf("half-way the stored progress is %d", got)
			}
			pass(seconds * time.Second)
			got := w.expect(j.ID, task.Completed)
			if got.Progress != seconds*100 || got.Total != seconds*100 || got.Unit != task.Items {
				t.Errorf("the last stored progress is %d of %d %s", got.Progress, got.Total, got.Unit)
			}
			if n := storage.count("SaveNotes"); n > 4*seconds+2 || n < 3*seconds {
				t.Errorf("stored %d times in %d seconds", n, seconds)
			}
		})
	})

	t.Run("what the function says is stored: metadata, problems and log lines", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			talk := define("test.talk", func(_ context.Context, run *task.Run, _ args) (any, error) {
				run.SetMetadata("channel", "Khan")
				run.SetMetadata("count", 3)
				run.SetMetadata("count", func() {}) // no JSON: the value before stays
				run.Info("found %d", 3)
				run.Warn("odd")
				run.Problem(task.Problem{Code: fault.FileMissing, Params: fault.Params{"file": "f"}, Item: "a"})
				return nil, nil
			})
			w := started(t, talk)
			j := w.expect(w.enqueue(talk, args{}).ID, task.Completed)
			if string(j.Metadata) != `{"channel":"Khan","count":3}` || j.Problems != 1 {
				t.Errorf("metadata %s, %d problems", j.Metadata, j.Problems)
			}
			problems, err := w.store.Problems(t.Context(), j.Number, 1, 10)
			if diff := cmp.Diff([]task.Problem{{Code: fault.FileMissing, Params: fault.Params{"file": "f"}, Item: "a"}}, problems); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			now := time.Now().UTC()
			lines, err := w.store.Log(t.Context(), j.Number, 10)
			if diff := cmp.Diff([]task.LogLine{{Time: now, Level: "info", Message: "found 3"}, {Time: now, Level: "warn", Message: "odd"}}, lines); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	})

	t.Run("problems of one attempt are stored up to a limit and counted beyond it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
				for range 10_050 {
					run.Problem(task.Problem{Code: fault.FileMissing})
				}
				return nil, nil
			})
			w := started(t, work)
			j := w.expect(w.enqueue(work, args{}).ID, task.Completed)
			problems, err := w.store.Problems(t.Context(), j.Number, 1, 20_000)
			if j.Problems != 10_050 || len(problems) != 10_000 || err != nil {
				t.Errorf("counted %d, stored %d, %v", j.Problems, len(problems), err)
			}
		})
	})

	t.Run("a checkpoint is durable when it answers, and the next attempt goes on from it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var path string
			var loaded []int
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				var at int
				if _, err := run.LoadCheckpoint(&at); err != nil {
					return nil, err
				}
				loaded = append(loaded, at)
				for range 5 {
					at++
					if err := run.Checkpoint(at); err != nil {
						return nil, err
					}
					other, err := store.OpenToRead(ctx, path, store.Options{})
					if err != nil {
						return nil, err
					}
					j, err := other.Job(ctx, run.Job().ID)
					_ = other.Close()
					if err != nil || string(j.Checkpoint) != fmt.Sprint(at) {
						return nil, fmt.Errorf("stored is %s, not %d: %w", j.Checkpoint, at, err)
					}
				}
				if at < 10 {
					return nil, errBroken
				}
				return at, nil
			})
			w := started(t, work)
			path = w.path
			j := w.enqueue(work, args{})
			if got := w.expect(j.ID, task.Failed); !strings.Contains(got.Failure.Detail, "broken") {
				t.Fatalf("failed for %s", got.Failure.Detail)
			}
			one(t, w.Restart, j.ID)
			got := w.expect(j.ID, task.Completed)
			if diff := cmp.Diff([]int{0, 5}, loaded); diff != "" || got.Checkpoint != nil {
				t.Errorf("a completed job keeps %s\n%s", got.Checkpoint, diff)
			}
		})
	})

	t.Run("a checkpoint that could not be stored says so, and is stored later", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var answer error
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				run.Info("before")
				answer = run.Checkpoint(1)
				return hold(ctx, run, a)
			})
			w, storage := shaken(t, work)
			storage.failing(func(method string) bool { return method == "SaveNotes" && time.Since(epoch()) < time.Second })
			w.start()
			j := w.enqueue(work, args{})
			pass(5 * time.Second)
			if answer == nil {
				t.Error("the checkpoint claims to be stored")
			}
			if got := w.read(j.ID); string(got.Checkpoint) != "1" {
				t.Errorf("the checkpoint is %q", got.Checkpoint)
			}
			if lines, err := w.store.Log(t.Context(), j.Number, 10); len(lines) != 1 || err != nil {
				t.Errorf("log %v, %v", lines, err)
			}
		})
	})

	t.Run("what is said after the function returned is not heard", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var kept *task.Run
			work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
				kept = run
				run.SetProgress(1, 2)
				return nil, nil
			})
			w := started(t, work)
			j := w.expect(w.enqueue(work, args{}).ID, task.Completed)
			kept.SetProgress(2, 2)
			kept.SetMetadata("late", true)
			kept.Info("late")
			pass(time.Second)
			if diff := cmp.Diff(j, w.read(j.ID)); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a task that begins anew starts its progress at nothing, one that resumes keeps it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			seen := map[string][]int64{}
			work := func(_ context.Context, run *task.Run, _ args) (any, error) {
				seen[run.Job().Task] = append(seen[run.Job().Task], run.Job().Progress)
				run.SetProgress(5, 9)
				return nil, errBroken
			}
			anew := define("test.anew", work)
			resume := define("test.resume", work, func(s *task.Spec[args]) { s.OnInterruption = task.Resume })
			w := started(t, anew, resume)
			for _, of := range []task.Task[args]{anew, resume} {
				j := w.enqueue(of, args{})
				w.expect(j.ID, task.Failed)
				one(t, w.Restart, j.ID)
				w.expect(j.ID, task.Failed)
			}
			if diff := cmp.Diff(map[string][]int64{"test.anew": {0, 0}, "test.resume": {0, 5}}, seen); diff != "" {
				t.Error(diff)
			}
		})
	})
}

// epoch is when fake time begins.
func epoch() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }

func TestIdleEngineWakesNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		work := define("test.work", succeed)
		w, storage := shaken(t, work)
		w.start()
		w.expect(w.enqueue(work, args{}).ID, task.Completed)
		one(t, w.Pause, w.enqueue(work, args{}, task.When{In: time.Hour}).ID)
		pass(2 * time.Hour) // the alarm of the paused job rings once more
		before := storage.count()
		pass(365 * 24 * time.Hour)
		if after := storage.count(); after != before {
			t.Errorf("in an idle year the storage was called %d times", after-before)
		}
	})
}
