package engine_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"nectar/backend/task"
)

// While the storage fails nothing is lost and nothing runs twice: whichever
// write is the first to fail, the job ends as if all had been well.
func TestStorageFailsForAWhile(t *testing.T) {
	t.Parallel()
	for first := range 6 {
		t.Run(fmt.Sprintf("from write %d on", first+1), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var runs atomic.Int64
				work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
					runs.Add(1)
					run.SetProgress(9, 9)
					run.Info("said")
					<-time.After(time.Second)
					return "done", nil
				})
				w, storage := shaken(t, work)
				w.start()
				var writes atomic.Int64
				var began time.Time
				j := w.enqueue(work, args{}, task.When{In: time.Minute})
				storage.failing(func(method string) bool {
					if method != "Change" && method != "Advance" && method != "SaveNotes" {
						return false
					}
					if writes.Add(1) == int64(first+1) {
						began = time.Now()
					}
					return !began.IsZero() && time.Since(began) < 10*time.Minute
				})
				pass(time.Hour)
				got := w.expect(j.ID, task.Completed)
				if runs.Load() != 1 || got.Attempts != 1 || got.Progress != 9 || string(got.Result) != `"done"` {
					t.Errorf("ran %d times and ended as %+v", runs.Load(), got)
				}
				if lines, err := w.store.Log(t.Context(), j.Number, 10); len(lines) != 1 || err != nil {
					t.Errorf("its log is %v, %v", lines, err)
				}
				if n := w.Busy(); n != 0 {
					t.Errorf("%d workers are busy", n)
				}
			})
		})
	}

	t.Run("while nothing can be read", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w, storage := shaken(t, work)
			w.start()
			j, next := w.enqueue(work, args{}, task.When{In: time.Minute}), w.enqueue(work, args{}, task.When{In: 2 * time.Hour})
			storage.failing(func(string) bool { return time.Since(epoch()) < time.Hour })
			pass(time.Hour)
			pass(time.Minute)
			w.expect(j.ID, task.Completed)
			pass(time.Hour)
			w.expect(next.ID, task.Completed)
		})
	})

	t.Run("while queued jobs cannot be read, they are asked for every few seconds", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w, storage := shaken(t, work)
			const often = 100
			var asked atomic.Int64
			storage.failing(func(method string) bool {
				return method == "Ready" && time.Since(epoch()) < time.Minute && asked.Add(1) <= often
			})
			w.start()
			j := w.enqueue(work, args{}, task.When{In: time.Second})
			pass(time.Minute)
			if n := asked.Load(); n == 0 || n > 20 {
				t.Errorf("they were asked for %d times within a minute", n)
			}
			pass(time.Minute)
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("when the program stops meanwhile the next start puts the job right", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				if run.Job().Attempts == 1 {
					return hold(ctx, run, a)
				}
				return "done", nil
			})
			w, storage := shaken(t, work)
			w.start()
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			storage.failing(func(string) bool { return true })
			asked := time.Now()
			if err := w.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(asked); took > 0 {
				t.Errorf("it took %v to stop", took)
			}
			w.expect(j.ID, task.Running)
			if err := w.another(nil, work).Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.expect(j.ID, task.Completed); got.Attempts != 2 {
				t.Errorf("it ended as %+v", got)
			}
		})
	})

	t.Run("an enqueue or a command that could not be stored says so and does nothing", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			w, storage := shaken(t, work)
			w.start()
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			storage.failing(func(string) bool { return true })
			if _, err := work.Enqueue(t.Context(), w, args{}); err == nil {
				t.Error("the enqueue claims to be stored")
			}
			if _, err := w.Cancel(t.Context(), []task.ID{j.ID}, false); err == nil {
				t.Error("the cancel claims to be stored")
			}
			storage.failing(nil)
			pass(time.Hour)
			w.expect(j.ID, task.Running)
		})
	})
}
