package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// nobody is a permission that allows nothing.
var nobody = task.AllOf()

// TestATaskEnqueuesItself proves what a declared task carries, on the real
// engine and its store.
func TestATaskEnqueuesItself(t *testing.T) {
	t.Parallel()

	t.Run("Enqueue runs it now, with its arguments, as the program", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(_ context.Context, _ *task.Run, a args) (any, error) { return a.Name, nil })
			w := started(t, work)
			j, err := work.Enqueue(t.Context(), w.Engine, args{Name: "a"})
			if err != nil {
				t.Fatal(err)
			}
			done := w.expect(j.ID, task.Completed)
			if string(done.Result) != `"a"` || done.StartedBy != auth.Program().ID || done.Queue != "test" {
				t.Errorf("done as %+v", done)
			}
		})
	})

	t.Run("EnqueueAt and EnqueueIn run it then and not before", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			at, err := work.EnqueueAt(t.Context(), w.Engine, epoch().Add(5*time.Minute), args{})
			in, err2 := work.EnqueueIn(t.Context(), w.Engine, 9*time.Minute, args{})
			if err := errors.Join(err, err2); err != nil || at.State != task.Scheduled || in.State != task.Scheduled {
				t.Fatal(at.State, in.State, err)
			}
			pass(time.Hour)
			if diff := cmp.Diff([]int{5, 9}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("EnqueueCron runs it again and again by its rule", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			j, err := work.EnqueueCron(t.Context(), w.Engine, "CRON_TZ=UTC */20 * * * *", args{})
			if err != nil || j.State != task.Scheduled {
				t.Fatal(j.State, err)
			}
			pass(time.Hour + time.Minute)
			if diff := cmp.Diff([]int{20, 40, 60}, times); diff != "" {
				t.Error(diff)
			}
			if _, err := work.EnqueueCron(t.Context(), w.Engine, "every day", args{}); err == nil {
				t.Error("a rule that is none was stored")
			}
		})
	})

	t.Run("EnqueueLIFO runs it before everything due in its priority, not before a higher one", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var d diary
			noted := func(_ context.Context, _ *task.Run, a args) (any, error) {
				d.write(a.Name)
				return nil, nil
			}
			work := define("test.work", noted)
			urgent := define("test.urgent", noted, func(s *task.Spec[args]) { s.Priority = task.High })
			w := build(t, func(c *engine.Config) { c.Regular = 1 }, work, urgent)
			enqueues := []func(context.Context, task.Queue, args) (task.Job, error){work.Enqueue, work.Enqueue, work.EnqueueLIFO, work.EnqueueLIFO, urgent.Enqueue}
			for i, enqueue := range enqueues {
				if _, err := enqueue(t.Context(), w.Engine, args{Name: string(rune('a' + i))}); err != nil {
					t.Fatal(err)
				}
				pass(time.Second)
			}
			w.start()
			pass(time.Minute)
			if diff := cmp.Diff([]string{"e", "d", "c", "a", "b"}, d.read()); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("EnqueueIfNot makes no second job of equal arguments while one waits or runs", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			other := define("test.other", hold)
			w := started(t, work, other)
			ask := func(of task.Task[args], a args) task.ID {
				t.Helper()
				j, err := of.EnqueueIfNot(t.Context(), w.Engine, a)
				if err != nil {
					t.Fatal(err)
				}
				return j.ID
			}
			first := ask(work, args{Name: "a"})
			w.expect(first, task.Running)
			if again := ask(work, args{Name: "a"}); again != first {
				t.Errorf("while job %s runs, job %s was made of the same arguments", first, again)
			}
			if different := ask(work, args{Name: "b"}); different == first {
				t.Error("a job of other arguments was taken for the same")
			}
			if different := ask(other, args{Name: "a"}); different == first {
				t.Error("a job of another task was taken for the same")
			}
			one(t, w.cancelRun, first)
			w.expect(first, task.Canceled)
			if again := ask(work, args{Name: "a"}); again == first {
				t.Error("a job that has ended was answered")
			}
		})
	})

	t.Run("CancelAll cancels what waits and what runs, and no other task's", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work, other := define("test.work", hold), define("test.other", hold)
			w := started(t, work, other)
			running, waiting := w.enqueue(work, args{}), w.enqueue(work, args{}, task.When{In: time.Hour})
			spared := w.enqueue(other, args{})
			w.expect(running.ID, task.Running)
			if n, err := work.CancelAll(t.Context(), w.Engine); n != 2 || err != nil {
				t.Errorf("cancelled %d, %v", n, err)
			}
			w.expect(running.ID, task.Canceled)
			w.expect(waiting.ID, task.Canceled)
			w.expect(spared.ID, task.Running)
		})
	})

	t.Run("a call from Go is trusted: no validator, no permission", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed, func(s *task.Spec[args]) {
				s.Permission = nobody
				s.Validate = func(context.Context, task.Request[args]) (task.Validated[args], error) {
					t.Error("the validator was asked")
					return task.Validated[args]{}, errBroken
				}
			})
			w := started(t, work)
			j, err := work.Enqueue(t.Context(), w.Engine, args{})
			if err != nil {
				t.Fatal(err)
			}
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("the queue is the one that is given", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			here, there := started(t, work), started(t, work)
			j, err := work.Enqueue(t.Context(), here.Engine, args{})
			if err != nil {
				t.Fatal(err)
			}
			here.expect(j.ID, task.Completed)
			if _, err := there.store.Job(t.Context(), j.ID); fault.CodeOf(err) != fault.NotFound {
				t.Errorf("the other queue has it too: %v", err)
			}
		})
	})
}

func TestAFixedIDIsOneJob(t *testing.T) {
	t.Parallel()
	only := func(s *task.Spec[args]) { s.FixedID = "only" }

	t.Run("enqueuing again replaces arguments and schedule", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed), only)
			w := started(t, work)
			w.enqueue(work, args{Name: "a"}, task.When{In: 10 * time.Minute})
			again := w.enqueue(work, args{Name: "b"}, task.When{In: 30 * time.Minute})
			pass(time.Hour)
			done := w.expect("only", task.Completed)
			if diff := cmp.Diff([]int{30}, times); diff != "" {
				t.Error(diff)
			}
			if again.ID != "only" || string(done.Args) != `{"name":"b"}` || done.Attempts != 1 {
				t.Errorf("done as %+v", done)
			}
		})
	})

	t.Run("while it runs another is refused", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold, only)
			w := started(t, work)
			j := w.enqueue(work, args{Name: "a"})
			w.expect(j.ID, task.Running)
			_, err := work.Enqueue(t.Context(), w.Engine, args{Name: "b"})
			if fault.CodeOf(err) != fault.AlreadyRunning {
				t.Errorf("got %v", err)
			}
			if still := w.expect(j.ID, task.Running); string(still.Args) != `{"name":"a"}` {
				t.Errorf("the running job has the arguments %s", still.Args)
			}
		})
	})
}
