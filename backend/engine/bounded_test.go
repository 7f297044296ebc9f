package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"nectar/backend/engine"
	"nectar/backend/task"
)

// many is more than is held in memory of one priority.
var many = engine.HoldFew()

// few is how many quick jobs it takes until others are run ahead of the storage.
var few = engine.TrustSoon()

// enqueueMany stores so many jobs in one go, before the engine starts.
func (w *world) enqueueMany(of task.Task[args], n int, a func(i int) args) {
	w.t.Helper()
	jobs := make([]task.NewJob, n)
	for i := range jobs {
		var draft drafted
		if _, err := of.Enqueue(w.t.Context(), &draft, a(i)); err != nil {
			w.t.Fatal(err)
		}
		jobs[i] = draft.job
	}
	if _, err := w.Enqueue(w.t.Context(), jobs...); err != nil {
		w.t.Fatal(err)
	}
}

// ends waits until nothing moves and checks that all jobs have completed, and
// each ran once.
func (w *world) ends(jobs int, runs *sync.Map) {
	w.t.Helper()
	pass(time.Hour)
	counts, err := w.store.Counts(w.t.Context(), task.Filter{Readable: task.Readable{All: true}})
	if err != nil || counts[task.Completed] != int64(jobs) || len(counts) != 1 {
		w.t.Errorf("at the end there are %v, %v; want %d completed", counts, err, jobs)
	}
	runs.Range(func(number, times any) bool {
		if times != 1 {
			w.t.Errorf("job %v ran %v times", number, times)
		}
		return true
	})
}

// counting is a function that counts the runs of each job.
func counting(runs *sync.Map) function {
	return func(_ context.Context, run *task.Run, _ args) (any, error) {
		if before, twice := runs.Swap(run.Job().Number, 1); twice {
			runs.Store(run.Job().Number, before.(int)+1) //nolint:forcetypeassert // stored above
		}
		return nil, nil
	}
}

// With far more jobs waiting than are held in memory, none is lost, none runs
// twice and none starves.
func TestMoreJobsThanMemoryHolds(t *testing.T) {
	t.Parallel()

	t.Run("all that waited at the start run, in order", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var runs sync.Map
			var last int64
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				if run.Job().Number < last {
					t.Errorf("job %d runs after %d", run.Job().Number, last)
				}
				last = run.Job().Number
				return counting(&runs)(ctx, run, a)
			})
			w := build(t, func(c *engine.Config) { c.Regular = 1 }, work)
			w.enqueueMany(work, many, func(int) args { return args{} })
			w.start()
			w.Resize(1, 0)
			w.ends(many, &runs)
		})
	})

	t.Run("jobs that come while many wait run too, the urgent ones first", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var runs sync.Map
			var before int
			work := define("test.work", counting(&runs))
			urgent := define("test.urgent", func(ctx context.Context, run *task.Run, a args) (any, error) {
				runs.Range(func(any, any) bool { before++; return true })
				return counting(&runs)(ctx, run, a)
			}, func(s *task.Spec[args]) { s.Priority = task.High })
			hold := make(chan struct{})
			first := define("test.first", func(context.Context, *task.Run, args) (any, error) {
				<-hold
				return nil, nil
			})
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 1, 1 }, work, urgent, first)
			w.start()
			w.Resize(1, 0)
			w.expect(w.enqueue(first, args{}).ID, task.Running)
			w.enqueueMany(work, many, func(int) args { return args{} })
			w.enqueue(urgent, args{})
			close(hold)
			w.ends(many+2, &runs)
			if before > 1 {
				t.Errorf("%d others ran before the urgent job", before)
			}
		})
	})

	t.Run("a key that keeps thousands waiting keeps nobody else", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var runs sync.Map
			hold := make(chan struct{})
			holder := define("test.holder", func(context.Context, *task.Run, args) (any, error) {
				<-hold
				return nil, nil
			})
			work, other := define("test.work", counting(&runs)), define("test.other", counting(&runs))
			w := build(t, nil, work, holder, other)
			w.enqueue(holder, args{Exclusive: "channel"})
			w.enqueueMany(work, many, func(int) args { return args{Exclusive: "channel"} })
			free := w.enqueue(other, args{})
			w.start()
			w.expect(free.ID, task.Completed)
			w.enqueueMany(other, 3, func(int) args { return args{} })
			close(hold)
			w.ends(many+5, &runs)
		})
	})

	t.Run("with keys of their own, cancels and restarts in between", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var runs sync.Map
			work := define("test.work", counting(&runs))
			w := build(t, nil, work)
			w.enqueueMany(work, many, func(i int) args { return args{Exclusive: fmt.Sprint(i % 10), Resource: fmt.Sprint(i % 7)} })
			for _, id := range []task.ID{"5", "100", task.ID(fmt.Sprint(many))} {
				one(t, w.cancelRun, id)
				one(t, w.Restart, id)
			}
			w.start()
			w.ends(many, &runs)
		})
	})
}

// A job that is told to stop between being taken and being started is not
// run, and one that is taken while it changes is started as it is.
func TestStepsThatCameTooLate(t *testing.T) {
	t.Parallel()
	for action, want := range map[task.Action]task.State{task.Cancel: task.Canceled, task.Pause: task.Paused} {
		t.Run(string(action), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var runs sync.Map
				work := define("test.work", counting(&runs))
				w, storage := shaken(t, work)
				j := w.enqueue(work, args{})
				storage.before = func(steps []*task.Step) {
					if len(steps) == 1 && steps[0].After.State == task.Running {
						if _, err := w.store.Change(t.Context(), []task.ID{j.ID}, func(j *task.Job) error { return j.Move(want) }); err != nil {
							t.Error(err)
						}
					}
				}
				w.start()
				if got := w.expect(j.ID, want); got.Attempts != 0 || w.Busy() != 0 {
					t.Errorf("it is %+v", got)
				}
				if _, ran := runs.Load(j.Number); ran {
					t.Error("it ran")
				}
			})
		})
	}
}
