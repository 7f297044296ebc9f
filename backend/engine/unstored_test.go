package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"nectar/backend/engine"
	"nectar/backend/task"
)

// A job whose end cannot be stored waits for the disk. Whoever looks at it is
// told so, and told when it is over.
func TestAJobThatCannotBeStoredSaysSo(t *testing.T) {
	t.Parallel()
	brief := func(context.Context, *task.Run, args) (any, error) {
		<-time.After(time.Minute)
		return "done", nil
	}

	t.Run("at its end", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", brief)
			w, storage := shaken(t, work)
			w.start()
			watch := w.Subscribe()
			defer watch.Close()
			j := w.enqueue(work, args{})
			pass(time.Second)
			storage.full(true)
			pass(time.Second)
			if got := w.Live(w.read(j.ID)); got.Waiting != nil || len(w.Unstored()) != 0 {
				t.Errorf("while its function runs it waits for %+v, with %d others", got.Waiting, len(w.Unstored()))
			}
			watch.Take()
			pass(time.Hour)

			stored := w.expect(j.ID, task.Running)
			since := epoch().Add(time.Minute)
			for name, got := range map[string]engine.Live{"to whoever asks": w.Live(stored), "to whoever watches": last(t, watch), "of all": w.Unstored()[0]} {
				if got.Number != j.Number || got.Waiting == nil || got.Waiting.Code != "disk_full" || got.Waiting.Since.Sub(since).Abs() > time.Second {
					t.Errorf("%s it is told as %+v, waiting for %+v", name, got.Job, got.Waiting)
				}
			}

			storage.full(false)
			pass(time.Minute)
			if got := last(t, watch); got.State != task.Completed || got.Waiting != nil {
				t.Errorf("then it is told as %+v", got)
			}
			if got := w.Live(w.expect(j.ID, task.Completed)); got.Waiting != nil || len(w.Unstored()) != 0 {
				t.Errorf("it still waits for %+v, with %d others", got.Waiting, len(w.Unstored()))
			}
		})
	})

	t.Run("at its start", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", brief)
			w, storage := shaken(t, work)
			w.start()
			j := w.enqueue(work, args{}, task.When{In: time.Minute})
			var tried atomic.Bool // that it is due is stored, and no more
			storage.failing(func(method string) bool {
				tried.CompareAndSwap(false, method == "Advance")
				return tried.Load() && (method == "Advance" || method == "Change")
			})
			pass(time.Hour)
			if got := w.Live(w.expect(j.ID, task.Queued)); got.Waiting == nil || got.Waiting.Code != "disk_trouble" {
				t.Errorf("it waits for %+v", got.Waiting)
			}
			storage.failing(nil)
			pass(time.Hour)
			if got := w.Live(w.expect(j.ID, task.Completed)); got.Waiting != nil || len(w.Unstored()) != 0 {
				t.Errorf("it still waits for %+v, with %d others", got.Waiting, len(w.Unstored()))
			}
		})
	})

	t.Run("of what a failing disk does not take", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", brief)
			w, storage := shaken(t, work)
			w.start()
			j := w.enqueue(work, args{})
			pass(time.Second)
			storage.failing(func(method string) bool { return method == "Change" || method == "Advance" })
			pass(time.Hour)
			if got := w.Live(w.expect(j.ID, task.Running)); got.Waiting == nil || got.Waiting.Code != "disk_trouble" {
				t.Errorf("it waits for %+v", got.Waiting)
			}
			storage.failing(nil)
			pass(time.Minute)
			w.expect(j.ID, task.Completed)
		})
	})
}

// last answers the job as it was told last.
func last(t *testing.T, watch *engine.Subscription) engine.Live {
	t.Helper()
	told := watch.Take()
	if len(told) != 1 {
		t.Fatalf("told of %d jobs", len(told))
	}
	return told[0]
}
