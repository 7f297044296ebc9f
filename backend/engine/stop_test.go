package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestStop(t *testing.T) {
	t.Parallel()

	t.Run("running jobs stop safely and go on at the next start", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
				var at int
				if found, err := run.LoadCheckpoint(&at); err != nil || found {
					return at, err
				}
				if err := run.Checkpoint(3); err != nil {
					return nil, err
				}
				run.Info("half-way")
				return hold(ctx, run, a)
			}, func(s *task.Spec[args]) { s.OnInterruption = task.FailInterrupted })
			w := build(t, func(c *engine.Config) { c.Regular = 1 }, work)
			w.Resize(1, 0)
			w.start()
			j, behind := w.enqueue(work, args{}), w.enqueue(work, args{})
			w.expect(j.ID, task.Running)
			if err := w.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := w.expect(j.ID, task.Queued)
			if got.Outcome != task.OutcomeInterrupted || got.Failure != nil || got.Interruptions != 0 || w.Busy() != 0 {
				t.Errorf("it waits as %+v", got)
			}
			w.expect(behind.ID, task.Queued)
			if lines, err := w.store.Log(t.Context(), j.Number, 10); len(lines) != 1 || err != nil {
				t.Errorf("its log is %v, %v", lines, err)
			}
			later := w.enqueue(work, args{})
			pass(time.Hour)
			w.expect(later.ID, task.Queued)

			if err := w.another(nil, work).Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.expect(j.ID, task.Completed); string(got.Result) != "3" || got.Attempts != 2 {
				t.Errorf("it ended as %+v", got)
			}
		})
	})

	t.Run("a function that does not stop is waited for as long as the caller wants", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			end := make(chan struct{})
			deaf := define("test.deaf", func(ctx context.Context, _ *task.Run, _ args) (any, error) {
				<-end
				return nil, ctx.Err()
			})
			w := started(t, deaf)
			j := w.enqueue(deaf, args{})
			w.expect(j.ID, task.Running)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := w.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			w.expect(j.ID, task.Running)
			close(end)
			if err := w.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			w.expect(j.ID, task.Queued)
		})
	})

	t.Run("an engine that never started stops too", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := build(t, nil)
			for range 2 {
				if err := w.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	})
}

// orphan stores a job as a process that died has left it.
func (w *world) orphan(of task.Task[args], state task.State, change ...func(*task.Job)) task.Job {
	w.t.Helper()
	j := enqueue(w.t, w.another(nil, of), of, args{Exclusive: "of an orphan"})
	move := func(to task.State, also ...func(*task.Job)) {
		_, err := w.store.Change(w.t.Context(), []task.ID{j.ID}, func(j *task.Job) error {
			for _, c := range also {
				c(j)
			}
			return j.Move(to)
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	begin := func(j *task.Job) { j.Attempts, j.Started = 1, time.Now() }
	move(task.Selected, change...)
	switch state {
	case task.Running:
		move(task.Running, begin)
	case task.Canceling:
		move(task.Running, begin)
		move(task.Canceling)
	default:
	}
	return w.read(j.ID)
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	work := func(name string, on task.Interruption) task.Task[args] {
		return define(name, succeed, func(s *task.Spec[args]) { s.OnInterruption = on })
	}
	rerun, resume, failed := work("test.rerun", task.Rerun), work("test.resume", task.Resume), work("test.fail", task.FailInterrupted)

	cases := []struct {
		name     string
		of       task.Task[args]
		was      task.State
		change   func(*task.Job)
		want     task.State
		attempts []task.Outcome
		failure  fault.Code
	}{
		{"a selected job is queued again, with no attempt counted", rerun, task.Selected, nil, task.Completed, []task.Outcome{task.OutcomeCompleted}, ""},
		{"a running job is run again", rerun, task.Running, nil, task.Completed, []task.Outcome{task.OutcomeInterrupted, task.OutcomeCompleted}, ""},
		{"a running job is resumed", resume, task.Running, nil, task.Completed, []task.Outcome{task.OutcomeInterrupted, task.OutcomeCompleted}, ""},
		{"a running job whose task wants it fails", failed, task.Running, nil, task.Failed, []task.Outcome{task.OutcomeFailed}, fault.Interrupted},
		{"a job that was stopping is cancelled", rerun, task.Canceling, nil, task.Canceled, []task.Outcome{task.OutcomeCanceled}, ""},
		{"the fourth death in a row is still forgiven", rerun, task.Running, func(j *task.Job) { j.Interruptions = 3 }, task.Completed, []task.Outcome{task.OutcomeInterrupted, task.OutcomeCompleted}, ""},
		{"the fifth is not: the job is not run a sixth time", rerun, task.Running, func(j *task.Job) { j.Interruptions = 4 }, task.Failed, []task.Outcome{task.OutcomeFailed}, fault.Poisoned},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := build(t, nil, rerun, resume, failed)
				change := c.change
				if change == nil {
					change = func(*task.Job) {}
				}
				j := w.orphan(c.of, c.was, change)
				pass(time.Hour)
				w.start()
				got := w.expect(j.ID, c.want)
				var outcomes []task.Outcome
				for _, a := range w.attempts(got) {
					outcomes = append(outcomes, a.Outcome)
					if a.Finished.IsZero() {
						t.Errorf("attempt %d never ended", a.Number)
					}
				}
				if len(outcomes) != len(c.attempts) || outcomes[0] != c.attempts[0] || got.Outcome != c.attempts[len(c.attempts)-1] {
					t.Errorf("attempts ended %v, want %v", outcomes, c.attempts)
				}
				if c.failure == "" && got.Failure != nil || c.failure != "" && (got.Failure == nil || got.Failure.Code != c.failure) {
					t.Errorf("failure is %+v, want %q", got.Failure, c.failure)
				}
			})
		})
	}

	t.Run("a repeating job that is to fail goes on to its next run", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := build(t, nil, failed)
			j := w.orphan(failed, task.Running, func(j *task.Job) { j.Schedule = task.Schedule{Repeat: 1, Interval: 2 * time.Hour} })
			pass(time.Hour)
			w.start()
			if got := w.expect(j.ID, task.Scheduled); got.Outcome != task.OutcomeFailed || got.Failure.Code != fault.Interrupted {
				t.Errorf("it waits as %+v", got)
			}
			pass(time.Hour)
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("those behind the key of a job that is given up go on, and none of its deaths is theirs", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := build(t, nil, rerun)
			bad := w.orphan(rerun, task.Running, func(j *task.Job) { j.Interruptions = 4 })
			before := w.another(nil, rerun)
			waiting := []task.Job{enqueue(t, before, rerun, args{Exclusive: bad.ExclusiveKey}), enqueue(t, before, rerun, args{Exclusive: bad.ExclusiveKey})}
			w.start()
			w.expect(bad.ID, task.Failed)
			for _, j := range waiting {
				if got := w.expect(j.ID, task.Completed); got.Attempts != 1 || got.Interruptions != 0 {
					t.Errorf("one that waited behind it has %d attempts and %d deaths", got.Attempts, got.Interruptions)
				}
			}
		})
	})

	t.Run("a job of a task that is gone is put right too", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := build(t, nil)
			j := w.orphan(rerun, task.Running)
			w.start()
			if got := w.expect(j.ID, task.Failed); got.Failure.Code != fault.TaskMissing {
				t.Errorf("it ended as %+v", got)
			}
		})
	})
}

func TestDeathsAreForgottenByNewProgressAlone(t *testing.T) {
	t.Parallel()
	const deaths = 3
	cases := []struct {
		name string
		on   task.Interruption
		had  int64 // progress stored before
		say  func(run *task.Run)
		want int64
	}{
		{"nothing said", task.Resume, 0, func(*task.Run) {}, deaths},
		{"a line in the log", task.Resume, 0, func(run *task.Run) { run.Info("hello") }, deaths},
		{"progress of a job that goes on", task.Resume, 5, func(run *task.Run) { run.SetProgress(6, 9) }, 0},
		{"progress that was there before", task.Resume, 5, func(run *task.Run) { run.SetProgress(5, 9) }, deaths},
		{"progress of a job that begins anew each time", task.Rerun, 5, func(run *task.Run) { run.SetProgress(6, 9) }, deaths},
		{"a checkpoint", task.Rerun, 0, func(run *task.Run) { _ = run.Checkpoint(1) }, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				work := define("test.work", func(ctx context.Context, run *task.Run, a args) (any, error) {
					c.say(run)
					return hold(ctx, run, a)
				}, func(s *task.Spec[args]) { s.OnInterruption = c.on })
				w := build(t, nil, work)
				j := w.orphan(work, task.Selected, func(j *task.Job) { j.Interruptions, j.Progress = deaths, c.had })
				w.start()
				pass(time.Second)
				if got := w.expect(j.ID, task.Running); got.Interruptions != c.want {
					t.Errorf("%d deaths are remembered, want %d", got.Interruptions, c.want)
				}
			})
		})
	}
}
