package engine_test

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// do does the action to one job and answers it.
func (w *world) do(action task.Action, id task.ID) task.Job {
	w.t.Helper()
	return one(w.t, func(ctx context.Context, ids []task.ID) ([]task.Job, error) { return w.Do(ctx, action, ids...) }, id)
}

// refuse expects that the action is not possible.
func (w *world) refuse(action task.Action, id task.ID, want fault.Code) {
	w.t.Helper()
	before := w.read(id)
	if _, err := w.Do(w.t.Context(), action, id); fault.CodeOf(err) != want {
		w.t.Errorf("%s of a job %v: %v, want %s", action, before.State, err, want)
	}
	if diff := cmp.Diff(before, w.read(id)); diff != "" {
		w.t.Errorf("a refused %s changed the job (-before +after):\n%s", action, diff)
	}
}

func every(d time.Duration, repeat int64) task.When {
	return task.When{In: d, Schedule: task.Schedule{Repeat: repeat, Interval: d, CatchUp: task.CatchUpOnce}}
}

func TestRunNow(t *testing.T) {
	t.Parallel()

	t.Run("a job that was to run once runs now, and once", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{In: time.Hour})
			pass(time.Minute)
			w.do(task.RunNow, j.ID)
			w.expect(j.ID, task.Completed)
			pass(2 * time.Hour)
			if diff := cmp.Diff([]int{1}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	for _, c := range []struct {
		name string
		when task.When
		want []int // minutes
	}{
		{"the run of a repeating job is one more: its planned times and their number stay", every(time.Hour, 2), []int{1, 60, 120, 180}},
		{"so does the rule of a cron job", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 0 * * * *", CatchUp: task.CatchUpOnce}}, []int{1, 60, 120, 180, 240}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				w := started(t, work)
				j := w.enqueue(work, args{}, c.when)
				pass(time.Minute)
				w.do(task.RunNow, j.ID)
				now := w.expect(j.ID, task.Scheduled)
				if !now.Due.Equal(j.Due) || !now.Planned.Equal(j.Planned) || now.Schedule.Repeat != j.Schedule.Repeat || now.Extra {
					t.Errorf("after it the job is %+v, before it was %+v", now, j)
				}
				pass(4 * time.Hour)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}

	t.Run("a failed run that was asked for is retried, and the planned time stays", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, fail))
			w := started(t, work)
			when := every(time.Hour, 1)
			interval, most := 5*time.Minute, int64(1)
			when.Schedule.RetryInterval, when.Schedule.MaxRetries = &interval, &most
			j := w.enqueue(work, args{}, when)
			w.do(task.RunNow, j.ID)
			pass(4 * time.Hour)
			if diff := cmp.Diff([]int{0, 5, 60, 65, 120, 125}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a planned time that comes while the job runs is merged into that run", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
				<-time.After(70 * time.Minute)
				return nil, nil
			}))
			w := started(t, work)
			j := w.enqueue(work, args{}, every(time.Hour, 2))
			pass(50 * time.Minute)
			w.do(task.RunNow, j.ID)
			pass(70 * time.Minute)
			if j := w.read(j.ID); j.Schedule.Repeat != 1 || j.Extra {
				t.Errorf("the job is %+v", j)
			}
			pass(8 * time.Hour)
			if diff := cmp.Diff([]int{50, 120, 190}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("one that was asked for and is cancelled leaves the planned one", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := build(t, nil, work)
			j := w.enqueue(work, args{}, every(time.Hour, 1))
			w.do(task.RunNow, j.ID)
			if now := w.do(task.Cancel, j.ID); now.State != task.Scheduled || !now.Due.Equal(j.Due) || now.Schedule.Repeat != 1 {
				t.Errorf("the job is %+v", now)
			}
			w.do(task.RunNow, j.ID)
			if now := w.do(task.CancelSeries, j.ID); now.State != task.Canceled {
				t.Errorf("with the series the job is %v", now.State)
			}
		})
	})

	t.Run("only a job that waits for its time", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := build(t, nil, work)
			due := w.enqueue(work, args{})
			if got := w.do(task.RunNow, due.ID); !cmp.Equal(got, due) {
				t.Errorf("a due job became %+v", got)
			}
			w.do(task.Pause, due.ID)
			w.refuse(task.RunNow, due.ID, fault.IllegalMove)
			w.do(task.Cancel, due.ID)
			w.refuse(task.RunNow, due.ID, fault.IllegalMove)
		})
	})
}

func TestFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		work := define("test.work", func(_ context.Context, _ *task.Run, a args) (any, error) {
			d.write(a.Name)
			return nil, nil
		})
		w := build(t, func(c *engine.Config) { c.Regular, c.High = 1, 1 }, work)
		for i := range 4 {
			w.enqueue(work, args{Name: "r" + strconv.Itoa(i+1)})
		}
		w.enqueue(work, args{Name: "low"}, task.When{Priority: task.Low})
		later := w.enqueue(work, args{}, task.When{In: time.Hour})
		for _, id := range []task.ID{"5", "3", "4"} {
			w.do(task.First, id)
		}
		w.refuse(task.First, later.ID, fault.IllegalMove)
		w.start()
		pass(time.Minute)
		// The last one put first is first, also within one tick of the clock; the
		// low one stays behind the regular ones.
		if diff := cmp.Diff([]string{"r4", "r3", "r1", "r2", "low"}, d.read()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRetryProblems(t *testing.T) {
	t.Parallel()
	broken := func(names ...string) function {
		return func(ctx context.Context, run *task.Run, _ args) (any, error) {
			items, alone, err := run.Problems()
			if err != nil {
				return nil, err
			}
			todo := []string{"a", "b", "c"}
			if alone {
				todo = nil
				for _, p := range items {
					todo = append(todo, p.Item)
				}
			}
			for _, item := range todo {
				if slices.Contains(names, item) {
					run.Problem(task.Problem{Code: fault.FileMissing, Item: item})
				}
			}
			names = names[:max(len(names)-1, 0)] // the last one is mended
			return todo, ctx.Err()
		}
	}
	retries := func(s *task.Spec[args]) { s.RetriesProblems = true }
	did := func(t *testing.T, j task.Job) (items []string) {
		t.Helper()
		if err := json.Unmarshal(j.Result, &items); err != nil {
			t.Fatal(err)
		}
		return items
	}

	t.Run("each attempt is for the items alone that failed in the last", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", broken("b", "c"), retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			if j := w.expect(j.ID, task.Completed); len(did(t, j)) != 3 || j.Problems != 2 {
				t.Fatalf("first %+v", j)
			}
			w.do(task.RetryProblems, j.ID)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"b", "c"}) || j.Problems != 1 || j.ProblemsOf != 0 {
				t.Errorf("second %+v", j)
			}
			w.do(task.RetryProblems, j.ID)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"b"}) || j.Problems != 0 || j.Attempts != 3 {
				t.Errorf("third %+v", j)
			}
			w.refuse(task.RetryProblems, j.ID, fault.IllegalMove)
			w.do(task.Restart, j.ID)
			if j := w.expect(j.ID, task.Completed); len(did(t, j)) != 3 {
				t.Errorf("a restart is for %s", j.Result)
			}
		})
	})

	t.Run("those of one cause are tried alone, and the others stay problems", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			stops := false
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				items, alone, err := run.Problems()
				if err != nil {
					return nil, err
				}
				if !alone {
					run.Problem(task.Problem{Code: fault.FileMissing, Item: "a"})
					run.Problem(task.Problem{Code: fault.FileDamaged, Item: "b"})
					run.Problem(task.Problem{Code: fault.FileMissing, Item: "c"})
				}
				if stops {
					<-ctx.Done()
				}
				todo := []string{}
				for _, p := range items {
					todo = append(todo, p.Item)
				}
				return todo, ctx.Err()
			}, retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Completed)
			retry := func(code fault.Code) {
				t.Helper()
				if _, err := w.RetryCause(t.Context(), code, j.ID); err != nil {
					t.Fatal(err)
				}
			}
			stops = true
			retry(fault.FileMissing)
			w.expect(j.ID, task.Running)
			w.do(task.Cancel, j.ID)
			w.expect(j.ID, task.Canceled)
			stops = false
			w.do(task.RetryProblems, j.ID)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"a", "b", "c"}) || j.Problems != 0 {
				t.Errorf("after one that was stopped: %+v for %s", j, j.Result)
			}
			w.do(task.Restart, j.ID)
			w.expect(j.ID, task.Completed)
			retry(fault.FileMissing)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"a", "c"}) || j.Problems != 1 {
				t.Fatalf("missing: %+v for %s", j, j.Result)
			}
			retry(fault.FileDamaged)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"b"}) || j.Problems != 0 {
				t.Errorf("damaged: %+v for %s", j, j.Result)
			}
			if _, err := w.RetryCause(t.Context(), fault.FileDamaged, j.ID); fault.CodeOf(err) != fault.IllegalMove {
				t.Errorf("with no problem left: %v", err)
			}
		})
	})

	t.Run("one that was stopped is asked for again, for the same items", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			hangs := true
			items := broken("b", "c")
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				if run.Job().Attempts == 2 && hangs {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				return items(ctx, run, a)
			}, retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Completed)
			w.do(task.RetryProblems, j.ID)
			w.expect(j.ID, task.Running)
			w.do(task.Cancel, j.ID)
			w.expect(j.ID, task.Canceled)
			w.do(task.RetryProblems, j.ID)
			if j := w.expect(j.ID, task.Completed); !slices.Equal(did(t, j), []string{"b", "c"}) {
				t.Errorf("it is for %s", j.Result)
			}
		})
	})

	stopped := func(err error) function {
		return func(ctx context.Context, run *task.Run, _ args) (any, error) {
			items, alone, failed := run.Problems()
			if failed != nil {
				return nil, failed
			}
			if alone {
				return len(items), nil
			}
			run.Problem(task.Problem{Code: fault.FileMissing, Item: "a"})
			run.Problem(task.Problem{Code: fault.FileMissing, Item: "b"})
			if err == nil { // until somebody stops it
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return nil, err
		}
	}
	refusesBoth := func(t *testing.T, w *world, id task.ID) {
		t.Helper()
		w.refuse(task.RetryProblems, id, fault.IllegalMove)
		if _, err := w.RetryCause(t.Context(), fault.FileMissing, id); fault.CodeOf(err) != fault.IllegalMove {
			t.Errorf("those of one cause: %v", err)
		}
	}

	t.Run("one that something else stopped lacks more than its problems, so they are not tried alone", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", stopped(fault.New(fault.SourceGone)), retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Failed)
			refusesBoth(t, w, j.ID)
			planned := w.enqueue(work, args{}, every(time.Hour, 2))
			w.expect(planned.ID, task.Scheduled)
			refusesBoth(t, w, planned.ID)
		})
	})

	t.Run("one that was cancelled lacks more than its problems as well", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", stopped(nil), retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			w.do(task.Cancel, j.ID)
			w.expect(j.ID, task.Canceled)
			refusesBoth(t, w, j.ID)
		})
	})

	t.Run("one that failed because of its problems went through all items, and tries those alone", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", stopped(fault.New(fault.ItemsFailed, "count", 2)), retries)
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Failed)
			w.do(task.RetryProblems, j.ID)
			if j := w.expect(j.ID, task.Completed); string(j.Result) != "2" {
				t.Errorf("it is for %s items", j.Result)
			}
		})
	})

	t.Run("of a repeating job it is a run besides the planned ones", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", broken("b", "c"), retries)
			w := started(t, work)
			j := w.enqueue(work, args{}, every(time.Hour, 2))
			pass(time.Hour)
			before := w.expect(j.ID, task.Scheduled)
			w.do(task.RetryProblems, j.ID)
			after := w.expect(j.ID, task.Scheduled)
			if !slices.Equal(did(t, after), []string{"b", "c"}) || !after.Due.Equal(before.Due) || after.Schedule.Repeat != before.Schedule.Repeat {
				t.Errorf("it was %+v and is %+v", before, after)
			}
			pass(time.Hour)
			if j := w.read(j.ID); len(did(t, j)) != 3 {
				t.Errorf("the planned run is for %s", j.Result)
			}
		})
	})

	t.Run("a task that cannot tell the items apart is not asked", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", broken("b"))
			w := started(t, work)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Completed)
			w.refuse(task.RetryProblems, j.ID, fault.IllegalMove)
		})
	})
}

func TestReschedule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(w *world, id task.ID)
	}{
		{"a scheduled job", func(*world, task.ID) {}},
		{"a due job", func(w *world, id task.ID) { w.do(task.RunNow, id) }},
		{"a paused job", func(w *world, id task.ID) { w.do(task.Pause, id) }},
		{"a cancelled job", func(w *world, id task.ID) { w.do(task.CancelSeries, id) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				w := build(t, nil, work)
				j := w.enqueue(work, args{}, every(time.Hour, 5))
				c.before(w, j.ID)
				changed, err := w.Reschedule(t.Context(), every(2*time.Hour, 1), j.ID)
				if err != nil || changed[0].State != task.Scheduled || !changed[0].Due.Equal(epoch().Add(2*time.Hour)) {
					t.Fatalf("%+v, %v", changed, err)
				}
				w.start()
				pass(10 * time.Hour)
				if diff := cmp.Diff([]int{120, 240}, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}

	t.Run("a running job answers that it runs, and none of several is changed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			w := started(t, work)
			waits, runs := w.enqueue(work, args{}, task.When{In: time.Hour}), w.enqueue(work, args{})
			w.expect(runs.ID, task.Running)
			_, err := w.Reschedule(t.Context(), task.When{In: 2 * time.Hour}, waits.ID, runs.ID)
			if fault.CodeOf(err) != fault.AlreadyRunning {
				t.Errorf("got %v", err)
			}
			if got := w.read(waits.ID); !got.Due.Equal(waits.Due) {
				t.Errorf("the waiting one is due at %v", got.Due)
			}
		})
	})

	t.Run("a rule that never comes is refused by its field", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := build(t, nil, work)
			j := w.enqueue(work, args{}, task.When{In: time.Hour})
			_, err := w.Reschedule(t.Context(), task.When{Schedule: task.Schedule{Cron: "0 0 30 2 *"}}, j.ID)
			if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "enqueue_args.cron" {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestDelete(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := define("test.work", hold)
		w := started(t, work)
		runs, waits := w.enqueue(work, args{Exclusive: "k"}), w.enqueue(work, args{Exclusive: "k"})
		later := w.enqueue(work, args{}, task.When{In: time.Hour})
		w.expect(runs.ID, task.Running)
		news := w.Subscribe()
		defer news.Close()
		if _, err := w.Do(t.Context(), task.Delete, waits.ID, runs.ID); fault.CodeOf(err) != fault.AlreadyRunning {
			t.Errorf("a running job: %v", err)
		}
		if _, err := w.Do(t.Context(), task.Delete, waits.ID, later.ID); err != nil {
			t.Fatal(err)
		}
		for _, told := range news.Take() {
			if !told.Removed {
				t.Errorf("told of %+v", told)
			}
		}
		w.do(task.Cancel, runs.ID)
		w.expect(runs.ID, task.Canceled)
		pass(2 * time.Hour)
		if _, err := w.store.Job(t.Context(), waits.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("the deleted job: %v", err)
		}
		w.do(task.Delete, runs.ID)
	})
}

// TestCan compares what is said to be possible with what is.
func TestCan(t *testing.T) {
	t.Parallel()
	work := define("test.work", hold, func(s *task.Spec[args]) { s.RetriesProblems = true })
	held := define("test.held", hold, func(s *task.Spec[args]) { s.Cancellable, s.Pausable = false, false })
	w := build(t, nil, work, held)
	for _, of := range []string{"test.work", "test.held", "test.gone"} {
		for _, problems := range []int64{0, 1} {
			for _, state := range task.States() {
				for _, action := range task.Actions() {
					inserted, err := w.store.Insert(t.Context(), []task.Draft{{Job: &task.Job{
						Task: of, State: state, Queue: "test", Priority: task.Regular, Args: json.RawMessage(`{}`), Attempts: 1,
						Due: time.Now(), Created: time.Now(), Problems: problems, Cancellable: of != "test.held", Outcome: task.OutcomeCompleted,
					}}})
					if err != nil {
						t.Fatal(err)
					}
					job := *inserted[0].Job
					d := map[string]*task.Definition{"test.work": work.Definition, "test.held": held.Definition}[of]
					said := engine.Can(action, job, d, time.Now())
					_, err = w.Do(t.Context(), action, job.ID)
					if said && err != nil {
						t.Errorf("%s of a job %v of %s is said to be possible: %v", action, state, of, err)
					}
					if after, gone := w.store.Job(t.Context(), job.ID); !said && (gone != nil || err == nil && !cmp.Equal(after, job)) {
						t.Errorf("%s of a job %v of %s is said to be impossible, and made it %v", action, state, of, after.State)
					}
				}
			}
		}
	}
}

func TestQueues(t *testing.T) {
	t.Parallel()
	onQueue := func(name string) option { return func(s *task.Spec[args]) { s.Queue = name } }

	t.Run("the jobs of a paused queue wait and hold up nobody; running ones go on", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			held, free := define("test.held", succeed, onQueue("held")), define("test.free", succeed, onQueue("free"))
			long := define("test.long", hold, onQueue("held"))
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 2, 0 }, held, free, long)
			w.start()
			runs := w.enqueue(long, args{})
			w.expect(runs.ID, task.Running)
			if err := w.PauseQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			waits, later := w.enqueue(held, args{}), w.enqueue(held, args{}, task.When{In: time.Hour})
			other := w.enqueue(free, args{})
			pass(2 * time.Hour)
			w.expect(other.ID, task.Completed)
			w.expect(runs.ID, task.Running)
			for _, id := range []task.ID{waits.ID, later.ID} {
				live := w.Live(w.expect(id, task.Queued))
				if live.Waiting == nil || live.Waiting.Code != engine.QueuePaused || live.Waiting.Item != "held" || !live.Waiting.Since.Equal(epoch()) {
					t.Errorf("job %s waits for %+v", id, live.Waiting)
				}
			}
			if err := w.ResumeQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			w.expect(waits.ID, task.Completed)
			w.expect(later.ID, task.Completed)
		})
	})

	t.Run("thousands of held jobs hold up nobody, and go on when the queue does", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			held, free := define("test.held", succeed, onQueue("held")), define("test.free", succeed, onQueue("free"))
			w := build(t, nil, held, free)
			if err := w.PauseQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			const many = 3000
			drafts := make([]task.NewJob, many)
			for i := range drafts {
				drafts[i] = task.NewJob{Task: held.Definition, Args: json.RawMessage(`{}`)}
			}
			if _, err := w.Enqueue(t.Context(), drafts...); err != nil {
				t.Fatal(err)
			}
			last := w.enqueue(free, args{})
			w.start()
			w.expect(last.ID, task.Completed)
			w.expect("1", task.Queued)
			if err := w.ResumeQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			w.expect("1", task.Completed)
			w.expect(task.ID(strconv.Itoa(many)), task.Completed)
		})
	})

	t.Run("a queue stays paused over a restart", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed, onQueue("held"))
			w := build(t, nil, work)
			j := w.enqueue(work, args{})
			if err := w.PauseQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			next := w.another(nil, work)
			if err := next.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			w.expect(j.ID, task.Queued)
			if err := next.ResumeQueue(t.Context(), "held"); err != nil {
				t.Fatal(err)
			}
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("whoever watches sees why the jobs wait, and that they wait no more", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed, onQueue("held"))
			w := build(t, func(c *engine.Config) { c.Eligible = func(*task.Job) bool { return false } }, work)
			w.start()
			w.enqueue(work, args{})
			news := w.Subscribe()
			defer news.Close()
			for _, c := range []struct {
				change func(context.Context, string) error
				want   bool
			}{{w.PauseQueue, true}, {w.ResumeQueue, false}} {
				if err := c.change(t.Context(), "held"); err != nil {
					t.Fatal(err)
				}
				told := news.Take()
				if len(told) != 1 || (told[0].Waiting != nil) != c.want {
					t.Errorf("told of %+v", told)
				}
			}
		})
	})
}

func TestKeysAreFair(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var d diary
		minute := func(_ context.Context, _ *task.Run, a args) (any, error) {
			d.write(a.Name)
			<-time.After(time.Minute)
			return nil, nil
		}
		work := define("test.work", minute)
		w := build(t, func(c *engine.Config) { c.Regular, c.High = 2, 0 }, work)
		for i := range 3 {
			w.enqueue(work, args{Name: "key" + strconv.Itoa(i), Exclusive: "k"})
		}
		for i := range 3 {
			w.enqueue(work, args{Name: "drive" + strconv.Itoa(i), Resource: "d"})
		}
		w.enqueue(work, args{Name: "both", Exclusive: "k", Resource: "d"})
		w.start()
		for range 7 {
			pass(time.Minute)
			w.enqueue(work, args{Name: "new", Exclusive: "k"}) // whoever comes later comes later
		}
		pass(time.Hour)
		got := d.read()
		for _, prefix := range []string{"key", "drive"} {
			var line []string
			for _, name := range got {
				if len(name) > len(prefix) && name[:len(prefix)] == prefix {
					line = append(line, name)
				}
			}
			if want := []string{prefix + "0", prefix + "1", prefix + "2"}; !slices.Equal(line, want) {
				t.Errorf("they ran in the order %v", line)
			}
		}
		// The one that needs both may be passed over while only one of them is free,
		// and has its turn before the next that wants the same.
		if both := slices.Index(got, "both"); both < 0 || both > 7 || len(got) != 14 {
			t.Errorf("the one that needs both is kept waiting: %v", got)
		}
	})
}

func TestAJobThatWaitsAgainShowsNoProgress(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := define("test.work", func(_ context.Context, run *task.Run, _ args) (any, error) {
			run.SetProgress(9, 9)
			return nil, nil
		}, func(s *task.Spec[args]) { s.OnInterruption = task.Resume })
		w := started(t, work)
		once, again := w.enqueue(work, args{}), w.enqueue(work, args{}, every(time.Hour, 1))
		pass(time.Hour)
		if done := w.expect(once.ID, task.Completed); done.Progress != 9 {
			t.Errorf("done, it shows %d of %d", done.Progress, done.Total)
		}
		if err := w.PauseQueue(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		for _, waits := range []task.Job{w.expect(again.ID, task.Scheduled), w.do(task.Restart, once.ID)} {
			if waits.Progress != 0 || waits.Total != 0 {
				t.Errorf("job %s waits and shows %d of %d", waits.ID, waits.Progress, waits.Total)
			}
		}
	})
}
