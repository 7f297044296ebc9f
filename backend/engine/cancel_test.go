package engine_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestCancel(t *testing.T) {
	t.Parallel()

	t.Run("a waiting job is cancelled at once and stays in the history", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work, long := define("test.work", succeed), define("test.long", hold)
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 1, 1 }, work, long)
			w.start()
			running := w.enqueue(long, args{})
			queued := w.enqueue(work, args{})
			scheduled := w.enqueue(work, args{}, task.When{In: time.Hour})
			paused := w.enqueue(work, args{}, task.When{In: time.Hour})
			one(t, w.Pause, paused.ID)
			for _, id := range []task.ID{queued.ID, scheduled.ID, paused.ID} {
				j := one(t, w.cancelRun, id)
				if j.State != task.Canceled || j.Outcome != task.OutcomeCanceled || j.Finished.IsZero() {
					t.Errorf("job %s is %+v", id, j)
				}
			}
			one(t, w.cancelRun, running.ID)
			pass(2 * time.Hour)
			for _, id := range []task.ID{queued.ID, scheduled.ID, paused.ID} {
				if j := w.expect(id, task.Canceled); j.Attempts != 0 {
					t.Errorf("job %s ran", id)
				}
			}
		})
	})

	t.Run("a running job stops within a tenth of a second, and what it did is kept", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				run.SetProgress(7, 9)
				return hold(ctx, run, a)
			})
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			pass(time.Minute)
			asked := time.Now()
			if got := one(t, w.cancelRun, j.ID); got.State != task.Canceling {
				t.Errorf("at once it is %v", got.State)
			}
			got := w.expect(j.ID, task.Canceled)
			if took := time.Since(asked); took >= 100*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if got.Outcome != task.OutcomeCanceled || got.Progress != 7 || !got.Finished.Equal(asked.UTC()) {
				t.Errorf("ended as %+v", got)
			}
			if a := w.attempts(got); len(a) != 1 || a[0].Outcome != task.OutcomeCanceled || a[0].Failure != nil {
				t.Errorf("attempts are %+v", a)
			}
		})
	})

	t.Run("a function that ignores it is still stopping, never stopped", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			end := make(chan struct{})
			deaf := define("test.deaf", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				<-end
				run.SetProgress(1, 1)
				return nil, ctx.Err()
			})
			w := started(t, deaf)
			j := w.enqueue(deaf, args{})
			w.expect(j.ID, task.Running)
			one(t, w.cancelRun, j.ID)
			pass(time.Hour)
			w.expect(j.ID, task.Canceling)
			if got := one(t, w.cancelRun, j.ID); got.State != task.Canceling {
				t.Errorf("cancelled twice it is %v", got.State)
			}
			close(end)
			w.expect(j.ID, task.Canceled)
		})
	})

	t.Run("a function that did all its work before it noticed has completed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, _ *task.Run, _ args) (any, error) {
				<-ctx.Done()
				return "all", nil
			})
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			one(t, w.cancelRun, j.ID)
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("what cannot be cancelled is refused and goes on", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			proceed := make(chan bool)
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				run.SetCancellable(<-proceed)
				return hold(ctx, run, a)
			}, func(s *task.Spec[args]) { s.Cancellable = false })
			done := define("test.done", succeed)
			w := started(t, work, done)
			refused := func(id task.ID, state string) {
				t.Helper()
				_, err := w.Cancel(t.Context(), []task.ID{id}, false)
				if f := fault.Of(err); f == nil || f.Code != fault.IllegalMove || f.Params["id"] != string(id) || f.Params["state"] != state {
					t.Errorf("got %v", err)
				}
			}
			j, ended := w.enqueue(work, args{}), w.enqueue(done, args{})
			w.expect(ended.ID, task.Completed)
			w.expect(j.ID, task.Running)
			refused(j.ID, "RUNNING")
			refused(ended.ID, "COMPLETED")
			proceed <- true // says so in the middle of the run
			w.expect(j.ID, task.Running)
			if got := one(t, w.cancelRun, j.ID); got.State != task.Canceling {
				t.Errorf("it is %v", got.State)
			}
			w.expect(j.ID, task.Canceled)
		})
	})

	t.Run("several are cancelled all or none", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			long, done := define("test.long", hold), define("test.done", succeed)
			w := started(t, long, done)
			a, b := w.enqueue(long, args{}), w.enqueue(done, args{})
			w.expect(b.ID, task.Completed)
			if _, err := w.Cancel(t.Context(), []task.ID{a.ID, b.ID}, false); err == nil {
				t.Error("a completed job was cancelled")
			}
			w.expect(a.ID, task.Running)
			c := w.enqueue(long, args{})
			if _, err := w.Cancel(t.Context(), []task.ID{a.ID, c.ID, a.ID}, false); err != nil {
				t.Error(err)
			}
			w.expect(a.ID, task.Canceled)
			w.expect(c.ID, task.Canceled)
		})
	})

	t.Run("all of a task are cancelled that can be", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			long, other := define("test.long", hold), define("test.other", hold)
			stubborn := define("test.stubborn", hold, func(s *task.Spec[args]) { s.Cancellable = false })
			w := started(t, long, other, stubborn)
			a, b := w.enqueue(long, args{}), w.enqueue(long, args{}, task.When{Schedule: task.Schedule{Cron: "@daily"}})
			c, d := w.enqueue(other, args{}), w.enqueue(stubborn, args{})
			w.expect(d.ID, task.Running)
			if n, err := long.CancelAll(t.Context(), w); n != 2 || err != nil {
				t.Errorf("cancelled %d, %v", n, err)
			}
			if n, err := stubborn.CancelAll(t.Context(), w); n != 0 || err != nil {
				t.Errorf("cancelled %d stubborn ones, %v", n, err)
			}
			w.expect(a.ID, task.Canceled)
			w.expect(b.ID, task.Canceled)
			w.expect(c.ID, task.Running)
			w.expect(d.ID, task.Running)
		})
	})

	t.Run("of a repeating job this run is cancelled, or the series", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				if run.Job().Attempts == 1 {
					return hold(ctx, run, a)
				}
				return nil, nil
			})
			w := started(t, work)
			hourly := task.When{Schedule: task.Schedule{Repeat: 5, Interval: time.Hour}}
			j, series := w.enqueue(work, args{}, hourly), w.enqueue(work, args{}, hourly)
			w.expect(j.ID, task.Running)
			one(t, w.cancelRun, j.ID)
			got := w.expect(j.ID, task.Scheduled)
			if want := epoch().Add(time.Hour); got.Outcome != task.OutcomeCanceled || !got.Due.Equal(want) || got.Schedule.Repeat != 4 {
				t.Errorf("the next run is due %v of %+v", got.Due, got)
			}
			// The run that waits is left out, and the one after stays planned.
			got = one(t, w.cancelRun, j.ID)
			if want := epoch().Add(2 * time.Hour); got.State != task.Scheduled || !got.Due.Equal(want) || got.Schedule.Repeat != 3 {
				t.Errorf("the run after is due %v, want %v: %+v", got.Due, want, got)
			}
			pass(119 * time.Minute)
			w.expect(j.ID, task.Scheduled)
			pass(2 * time.Minute)
			if got := w.expect(j.ID, task.Scheduled); got.Attempts != 2 {
				t.Errorf("it ran %d times", got.Attempts)
			}
			if _, err := w.Cancel(t.Context(), []task.ID{series.ID}, true); err != nil {
				t.Fatal(err)
			}
			w.expect(series.ID, task.Canceled)
		})
	})

	t.Run("a waiting run that stands for several missed ones is left out with them", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work, long := define("test.work", succeed), define("test.long", hold)
			w := started(t, work, long)
			w.Resize(1, 0)
			w.enqueue(long, args{})
			j := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 9, Interval: time.Hour}})
			pass(150 * time.Minute)
			w.expect(j.ID, task.Queued)
			got := one(t, w.cancelRun, j.ID)
			if want := epoch().Add(3 * time.Hour); got.State != task.Scheduled || !got.Due.Equal(want) {
				t.Errorf("it is %v, due %v; want %v", got.State, got.Due, want)
			}
		})
	})
}

func TestPause(t *testing.T) {
	t.Parallel()

	t.Run("a running job keeps what it did, and goes on from there", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				if run.Job().Progress == 4 {
					return "rest", nil
				}
				run.SetProgress(4, 9)
				return hold(ctx, run, a)
			}, func(s *task.Spec[args]) { s.OnInterruption = task.Resume })
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			one(t, w.Pause, j.ID)
			got := w.expect(j.ID, task.Paused)
			if got.Progress != 4 || got.Outcome != task.OutcomePaused || w.Busy() != 0 {
				t.Errorf("paused as %+v", got)
			}
			pass(24 * time.Hour)
			if got := one(t, w.Pause, j.ID); got.State != task.Paused {
				t.Errorf("paused twice it is %v", got.State)
			}
			one(t, w.Resume, j.ID)
			got = w.expect(j.ID, task.Completed)
			var outcomes []task.Outcome
			for _, a := range w.attempts(got) {
				outcomes = append(outcomes, a.Outcome)
			}
			if diff := cmp.Diff([]task.Outcome{task.OutcomePaused, task.OutcomeCompleted}, outcomes); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a paused job that is cancelled while it stops is cancelled", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			slow := define("test.slow", func(ctx context.Context, _ *task.Run, _ args) (any, error) {
				<-ctx.Done()
				<-time.After(time.Second)
				return nil, ctx.Err()
			})
			w := started(t, slow)
			j := w.enqueue(slow, args{})
			w.expect(j.ID, task.Running)
			one(t, w.Pause, j.ID)
			w.expect(j.ID, task.Running)
			one(t, w.cancelRun, j.ID)
			pass(2 * time.Second)
			w.expect(j.ID, task.Canceled)
		})
	})

	t.Run("a scheduled job resumes to its time, or at once when that is over", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			a, b := w.enqueue(work, args{}, task.When{In: time.Hour}), w.enqueue(work, args{}, task.When{In: time.Minute})
			one(t, w.Pause, a.ID)
			one(t, w.Pause, b.ID)
			pass(30 * time.Minute)
			w.expect(b.ID, task.Paused)
			one(t, w.Resume, a.ID)
			one(t, w.Resume, b.ID)
			w.expect(a.ID, task.Scheduled)
			w.expect(b.ID, task.Completed)
			pass(30 * time.Minute)
			w.expect(a.ID, task.Completed)
		})
	})

	t.Run("what cannot pause or resume is refused", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold, func(s *task.Spec[args]) { s.Pausable = false })
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			for action, command := range map[string]func(context.Context, []task.ID) ([]task.Job, error){"pause": w.Pause, "resume": w.Resume, "restart": w.Restart} {
				_, err := command(t.Context(), []task.ID{j.ID})
				if f := fault.Of(err); f == nil || f.Code != fault.IllegalMove || f.Params["action"] != action {
					t.Errorf("%s: %v", action, err)
				}
			}
			w.expect(j.ID, task.Running)
		})
	})
}

func TestRestart(t *testing.T) {
	t.Parallel()

	t.Run("a job at rest runs again: same id, arguments, rules; earlier attempts are kept", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			healthy := false
			work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
				if healthy {
					return "well", nil
				}
				return nil, errBroken
			})
			w := started(t, work)
			most := int64(1)
			pause := time.Minute
			rules := task.Schedule{RetryInterval: &pause, MaxRetries: &most}
			j := w.enqueue(work, args{Name: "a"}, task.When{Schedule: rules, Priority: task.Low})
			pass(time.Hour)
			w.expect(j.ID, task.Failed)
			one(t, w.Restart, j.ID)
			pass(time.Hour) // a restart may be retried anew
			if got := w.expect(j.ID, task.Failed); got.Attempts != 4 {
				t.Errorf("it ran %d times, want twice two", got.Attempts)
			}
			healthy = true
			one(t, w.Restart, j.ID)
			got := w.expect(j.ID, task.Completed)
			if got.Attempts != 5 || string(got.Args) != `{"name":"a"}` || got.Priority != task.Low || got.Failure != nil || len(w.attempts(got)) != 5 {
				t.Errorf("ended as %+v", got)
			}
			if diff := cmp.Diff(rules, got.Schedule); diff != "" {
				t.Error(diff)
			}
			one(t, w.Restart, j.ID)
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("a cancelled job that never ran runs now", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{In: time.Hour})
			one(t, w.cancelRun, j.ID)
			one(t, w.Restart, j.ID)
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("a job restarted the moment it ended runs again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w, storage := shaken(t, work)
			ended := make(chan task.ID, 1)
			storage.after = func(changed []task.Job) {
				if len(changed) == 1 && changed[0].State == task.Completed {
					ended <- changed[0].ID
					for range 100 {
						runtime.Gosched()
					}
				}
			}
			w.start()
			j := w.enqueue(work, args{})
			for range 30 {
				one(t, w.Restart, <-ended)
			}
			<-ended
			if got := w.expect(j.ID, task.Completed); got.Attempts != 31 {
				t.Errorf("it ran %d times", got.Attempts)
			}
		})
	})
}

func TestClear(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work, long := define("test.work", succeed), define("test.long", hold)
		w := started(t, work, long)
		a, b := w.enqueue(work, args{}), w.enqueue(long, args{})
		w.expect(a.ID, task.Completed)
		w.expect(b.ID, task.Running)
		if err := w.Clear(t.Context(), []task.ID{a.ID, b.ID}); fault.CodeOf(err) != fault.IllegalMove {
			t.Errorf("a running job was cleared: %v", err)
		}
		w.expect(a.ID, task.Completed)
		watch := w.Subscribe()
		defer watch.Close()
		if err := w.Clear(t.Context(), []task.ID{a.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.store.Job(t.Context(), a.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("it is still there: %v", err)
		}
		if got := watch.Take(); len(got) != 1 || got[0].ID != a.ID || !got[0].Removed {
			t.Errorf("who watches heard %+v", got)
		}
	})
}
