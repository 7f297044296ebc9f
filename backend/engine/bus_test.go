package engine_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/task"
)

func TestSubscription(t *testing.T) {
	t.Parallel()

	t.Run("who takes at each news sees the life of a job in order", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
				<-time.After(time.Second)
				return nil, nil
			})
			w := started(t, work)
			watch := w.Subscribe()
			defer watch.Close()
			var seen []task.State
			over := make(chan struct{})
			go func() {
				defer close(over)
				for len(seen) == 0 || !seen[len(seen)-1].Resting() {
					<-watch.News()
					for _, j := range watch.Take() {
						seen = append(seen, j.State)
					}
				}
			}()
			w.enqueue(work, args{})
			<-over
			if !slices.IsSorted(seen) || !slices.Contains(seen, task.Running) {
				t.Errorf("seen: %v", seen)
			}
		})
	})

	t.Run("a slow subscriber gets the last value of each job once, and slows nobody down", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
				for i := range int64(100) {
					run.SetProgress(i+1, 100)
					<-time.After(time.Second)
				}
				return nil, nil
			})
			w := started(t, work)
			slow, none := w.Subscribe(), w.Subscribe()
			defer slow.Close()
			none.Close()
			none.Close()
			a, b := w.enqueue(work, args{}), w.enqueue(work, args{})
			pass(time.Hour)
			w.expect(a.ID, task.Completed)
			got := slow.Take()
			if len(got) != 2 || got[0].ID != a.ID || got[1].ID != b.ID {
				t.Fatalf("taken: %+v", got)
			}
			for _, j := range got {
				if diff := cmp.Diff(w.read(j.ID), j.Job); diff != "" {
					t.Errorf("not the last value (-stored +taken):\n%s", diff)
				}
			}
			if len(slow.Take()) != 0 || len(slow.News()) != 1 || len(none.Take()) != 0 {
				t.Error("there is more than was to be told")
			}
		})
	})

	t.Run("progress is shown at most ten times a second, and the last value even when silence follows", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				for i := range int64(1000) {
					run.SetProgress(i+1, 5000)
					<-time.After(time.Millisecond)
				}
				return hold(ctx, run, a)
			})
			w := started(t, work)
			watch := w.Subscribe()
			defer watch.Close()
			w.enqueue(work, args{})
			shown, last := 0, int64(0)
			end := time.After(time.Minute)
			for last >= 0 {
				select {
				case <-watch.News():
					for _, j := range watch.Take() {
						if j.Progress > 0 {
							shown++
						}
						last = j.Progress
					}
				case <-end:
					if last != 1000 {
						t.Errorf("the last value shown is %d", last)
					}
					last = -1
				}
			}
			if shown < 9 || shown > 16 { // ten by the function, four by the scribe
				t.Errorf("in a second it was shown %d times", shown)
			}
		})
	})

	t.Run("a job that is stopping is not shown as running again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				<-ctx.Done()
				for i := range int64(10) {
					run.SetProgress(i+1, 10)
					<-time.After(time.Second)
				}
				return nil, ctx.Err()
			})
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			one(t, w.cancelRun, j.ID)
			watch := w.Subscribe()
			defer watch.Close()
			for range 5 {
				pass(time.Second)
				for _, j := range watch.Take() {
					if j.State != task.Canceling {
						t.Errorf("it is shown as %v", j.State)
					}
				}
			}
		})
	})

	t.Run("a running job shows what is not stored yet, with its rate and the time left", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				for i := range int64(100) {
					run.SetProgress(i*1000, 100_000)
					<-time.After(time.Second)
				}
				return nil, nil
			})
			w := started(t, work)
			j := w.enqueue(work, args{})
			pass(20*time.Second + 100*time.Millisecond)
			live := w.Live(w.read(j.ID))
			if live.Progress != 20_000 || live.Rate < 900 || live.Rate > 1100 || live.Remaining == nil || *live.Remaining < 70 || *live.Remaining > 90 {
				t.Errorf("it is at %d, %v a second", live.Progress, live.Rate)
			}
			pass(time.Hour)
			if live := w.Live(w.read(j.ID)); live.Rate != 0 || live.Remaining != nil || live.Progress != 99_000 {
				t.Errorf("at rest it is %+v", live)
			}
		})
	})

	t.Run("a crowd of subscribers hears all", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			crowd := make([]*engine.Subscription, 50)
			for i := range crowd {
				crowd[i] = w.Subscribe()
			}
			w.expect(w.enqueue(work, args{}).ID, task.Completed)
			synctest.Wait()
			for _, s := range crowd {
				if got := s.Take(); len(got) != 1 || got[0].State != task.Completed {
					t.Errorf("heard %+v", got)
				}
				s.Close()
			}
		})
	})
}
