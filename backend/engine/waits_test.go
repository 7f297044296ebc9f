package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// things is a world of which a test decides what is there.
type things struct {
	mu      sync.Mutex
	away    map[string]bool // guarded by mu, by key
	watched map[string]func()
	asked   int           // guarded by mu: how often a need was looked at
	slow    chan struct{} // a thing called "slow" answers when it is closed
}

func newThings(away ...string) *things {
	w := &things{away: map[string]bool{}, watched: map[string]func(){}, slow: make(chan struct{})}
	for _, key := range away {
		w.away[key] = true
	}
	return w
}

func (w *things) Met(ctx context.Context, need task.Need) bool {
	if need.Key == "slow" {
		select {
		case <-w.slow:
		case <-ctx.Done():
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	return !w.away[need.Key]
}

func (w *things) Watch(ctx context.Context, code string, changed func()) {
	w.mu.Lock()
	if w.watched[code] != nil {
		panic("watched twice")
	}
	w.watched[code] = changed
	w.mu.Unlock()
	changed()
	<-ctx.Done()
	w.mu.Lock()
	delete(w.watched, code)
	w.mu.Unlock()
}

// take takes a thing away.
func (w *things) take(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.away[key] = true
}

// bring brings a thing back, and says so to whoever watches.
func (w *things) bring(key string) {
	w.mu.Lock()
	delete(w.away, key)
	told := make([]func(), 0, len(w.watched))
	for _, changed := range w.watched {
		told = append(told, changed)
	}
	w.mu.Unlock()
	for _, changed := range told {
		changed()
	}
}

func (w *things) watches() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.watched)
}

func (w *things) looks() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func stick(key string) task.Need {
	return task.Need{Code: task.NeedDrive, Item: "the stick " + key, Key: key}
}

// needing declares that a job needs the sticks.
func needing(keys ...string) option {
	return func(s *task.Spec[args]) {
		s.Needs = func(task.Described[args]) []task.Need {
			var needs []task.Need
			for _, key := range keys {
				needs = append(needs, stick(key))
			}
			return needs
		}
	}
}

func in(world engine.World) func(*engine.Config) {
	return func(c *engine.Config) { c.World, c.Regular = world, 1 }
}

// waitsFor checks that the job waits in the queue for the stick.
func (w *world) waitsFor(id task.ID, key string) task.Job {
	w.t.Helper()
	j := w.expect(id, task.Queued)
	if j.Waiting == nil || j.Waiting.Need != stick(key) {
		w.t.Fatalf("job %s waits for %+v, want the stick %s", id, j.Waiting, key)
	}
	return j
}

func TestNeeds(t *testing.T) {
	t.Parallel()

	t.Run("a job whose thing is away waits in the queue, holds no worker, counts nothing, and goes on by itself", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work := define("test.work", succeed, needing("blue"))
			other := define("test.other", succeed)
			w := build(t, in(scene), work, other)
			w.start()
			began := time.Now().UTC()
			stored := w.enqueue(work, args{})
			j := w.waitsFor(stored.ID, "blue")
			if !j.Waiting.Since.Equal(began) || j.Attempts != 0 || j.Retries != 0 || j.Interruptions != 0 || w.Busy() != 0 {
				t.Errorf("%d workers are busy while it waits as %+v", w.Busy(), j)
			}
			w.expect(w.enqueue(other, args{}).ID, task.Completed)
			pass(time.Hour)
			if j := w.waitsFor(stored.ID, "blue"); !j.Waiting.Since.Equal(began) {
				t.Errorf("it waits since %v, want %v", j.Waiting.Since, began)
			}
			scene.bring("blue")
			j = w.expect(stored.ID, task.Completed)
			if j.Waiting != nil || j.Attempts != 1 {
				t.Errorf("it ended as %+v", j)
			}
		})
	})

	t.Run("a waiting job holds no key and blocks nobody", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work, other := define("test.work", succeed, needing("blue")), define("test.other", succeed)
			w := build(t, in(scene), work, other)
			w.start()
			first := w.enqueue(work, args{Exclusive: "channel", Resource: "disk"})
			w.waitsFor(first.ID, "blue")
			w.expect(w.enqueue(other, args{Exclusive: "channel", Resource: "disk"}).ID, task.Completed)
			w.waitsFor(first.ID, "blue")
		})
	})

	t.Run("a job that needs two things waits for the one and then for the other", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue", "red")
			work := define("test.work", succeed, needing("blue", "red"))
			w := build(t, in(scene), work)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			scene.bring("blue")
			w.waitsFor(j.ID, "red")
			scene.bring("red")
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("a thing that is taken away while the job waits for a worker is noticed before it gets one", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings()
			work := define("test.work", succeed, needing("blue"))
			busy := define("test.busy", hold)
			w := build(t, in(scene), work, busy)
			w.start()
			holder := w.enqueue(busy, args{})
			w.expect(holder.ID, task.Running)
			j := w.enqueue(work, args{})
			w.expect(j.ID, task.Queued)
			scene.take("blue")
			one(t, w.cancelRun, holder.ID)
			if j := w.waitsFor(j.ID, "blue"); j.Attempts != 0 {
				t.Errorf("it has %d attempts", j.Attempts)
			}
		})
	})

	t.Run("a thing that is slow to answer holds up no other job's thing", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue", "slow")
			asleep := define("test.asleep", succeed, needing("slow"))
			work := define("test.work", succeed, needing("blue"))
			w := build(t, func(c *engine.Config) { c.World = scene }, asleep, work)
			w.start()
			first, second := w.enqueue(asleep, args{}), w.enqueue(work, args{})
			w.waitsFor(second.ID, "blue")
			scene.bring("blue")
			w.expect(second.ID, task.Completed)
			close(scene.slow)
			w.waitsFor(first.ID, "slow")
		})
	})

	t.Run("the world is watched while a job waits, once for each kind of thing, and only then", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue", "red")
			blue, red := define("test.blue", succeed, needing("blue")), define("test.red", succeed, needing("red"))
			w := build(t, in(scene), blue, red)
			w.start()
			first, second := w.enqueue(blue, args{}), w.enqueue(red, args{})
			w.waitsFor(second.ID, "red")
			if n := scene.watches(); n != 1 {
				t.Errorf("%d watches", n)
			}
			one(t, w.cancelRun, first.ID)
			scene.bring("red")
			w.expect(second.ID, task.Completed)
			if n := scene.watches(); n != 0 {
				t.Errorf("%d watches go on", n)
			}
		})
	})

	t.Run("a wait costs nothing: in a year nothing is looked at and nothing is stored", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work := define("test.work", succeed, needing("blue"))
			w, storage := shaken(t, work)
			w.Engine = w.another(func(c *engine.Config) { c.Store, c.World = storage, scene }, work)
			w.start()
			w.waitsFor(w.enqueue(work, args{}).ID, "blue")
			calls, looks := storage.count(), scene.looks()
			pass(365 * 24 * time.Hour)
			if c, l := storage.count()-calls, scene.looks()-looks; c != 0 || l != 0 {
				t.Errorf("the storage was called %d times, the thing looked at %d times", c, l)
			}
		})
	})

	t.Run("after a restart of the program waits are looked at again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue", "red")
			blue, red := define("test.blue", succeed, needing("blue")), define("test.red", succeed, needing("red"))
			w := build(t, in(scene), blue, red)
			w.start()
			first, second := w.enqueue(blue, args{}), w.enqueue(red, args{})
			w.waitsFor(first.ID, "blue")
			since := w.waitsFor(second.ID, "red").Waiting.Since
			if err := w.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			scene.bring("blue")
			w.Engine = w.another(in(scene), blue, red)
			w.start()
			w.expect(first.ID, task.Completed)
			if got := w.waitsFor(second.ID, "red").Waiting.Since; !got.Equal(since) {
				t.Errorf("it waits since %v, want %v", got, since)
			}
			scene.bring("red")
			w.expect(second.ID, task.Completed)
		})
	})

	t.Run("a person ends a wait: cancel", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work := define("test.work", succeed, needing("blue"))
			w := build(t, in(scene), work)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			one(t, w.cancelRun, j.ID)
			scene.bring("blue")
			if j := w.expect(j.ID, task.Canceled); j.Waiting != nil || j.Attempts != 0 {
				t.Errorf("it ended as %+v", j)
			}
		})
	})

	t.Run("a person ends a wait: run now starts it whatever is away, and once only", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				if scene.Met(ctx, stick("blue")) {
					return nil, nil
				}
				return nil, run.WaitFor(stick("blue"))
			}, needing("blue"))
			w := build(t, in(scene), work)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			if _, err := w.Do(t.Context(), task.RunNow, j.ID); err != nil {
				t.Fatal(err)
			}
			if j := w.waitsFor(j.ID, "blue"); j.Attempts != 1 || j.Outcome != task.OutcomeWaiting {
				t.Errorf("after %d attempts it ended %q", j.Attempts, j.Outcome)
			}
			pass(time.Hour)
			if j := w.waitsFor(j.ID, "blue"); j.Attempts != 1 {
				t.Errorf("it was run %d times", j.Attempts)
			}
			scene.bring("blue")
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("run now that is refused for one job lets none start without what it needs", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work, rest := define("test.work", succeed, needing("blue")), define("test.rest", succeed)
			w := build(t, in(newThings("blue")), work, rest)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			done := w.expect(w.enqueue(rest, args{}).ID, task.Completed)
			if _, err := w.Do(t.Context(), task.RunNow, j.ID, done.ID); fault.CodeOf(err) != fault.IllegalMove {
				t.Fatalf("it ended with %v", err)
			}
			one(t, w.Pause, j.ID)
			one(t, w.Resume, j.ID)
			if j := w.waitsFor(j.ID, "blue"); j.Attempts != 0 {
				t.Errorf("it was run %d times", j.Attempts)
			}
		})
	})

	t.Run("a person ends a wait: pause, and resume looks again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			work := define("test.work", succeed, needing("blue"))
			w := build(t, in(scene), work)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			if j := one(t, w.Pause, j.ID); j.Waiting != nil {
				t.Errorf("the paused job still waits for %+v", j.Waiting)
			}
			one(t, w.Resume, j.ID)
			w.waitsFor(j.ID, "blue")
			one(t, w.Pause, j.ID)
			scene.bring("blue")
			w.expect(j.ID, task.Paused)
			one(t, w.Resume, j.ID)
			w.expect(j.ID, task.Completed)
		})
	})
}

// untilBack works as long as the stick is there, and then asks to wait for it.
func untilBack(scene *things, key string, visits *diary) function {
	return func(ctx context.Context, run *task.Run, _ args) (any, error) {
		var done int64
		if _, err := run.LoadCheckpoint(&done); err != nil {
			return nil, err
		}
		if !scene.Met(ctx, stick(key)) {
			visits.write("away")
			return nil, run.WaitFor(stick(key))
		}
		if done > 0 {
			visits.write("done")
			return done, nil
		}
		visits.write("half")
		run.SetProgress(1, 2)
		if err := run.Checkpoint(1); err != nil {
			return nil, err
		}
		scene.take(key)
		return nil, errors.Join(errBroken, run.WaitFor(stick(key)))
	}
}

func TestWaitFor(t *testing.T) {
	t.Parallel()

	t.Run("an attempt whose thing goes away ends waiting, keeps what was done, and the next goes on by itself", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings()
			var visits diary
			retrying := func(s *task.Spec[args]) {
				s.Retry = task.Retry{Interval: time.Second, Max: 1}
				s.OnInterruption = task.Resume
			}
			work, other := define("test.work", untilBack(scene, "blue", &visits), retrying), define("test.other", succeed)
			w := build(t, in(scene), work, other)
			w.start()
			stored := w.enqueue(work, args{Exclusive: "x"})
			j := w.waitsFor(stored.ID, "blue")
			if j.Outcome != task.OutcomeWaiting || j.Failure != nil || j.Retries != 0 || j.Interruptions != 0 || j.Progress != 1 || string(j.Checkpoint) != "1" || w.Busy() != 0 {
				t.Errorf("%d workers are busy while it waits as %+v", w.Busy(), j)
			}
			w.expect(w.enqueue(other, args{Exclusive: "x"}).ID, task.Completed)
			pass(24 * time.Hour)
			w.waitsFor(stored.ID, "blue")
			scene.bring("blue")
			j = w.expect(stored.ID, task.Completed)
			if string(j.Result) != "1" || j.Waiting != nil {
				t.Errorf("it ended as %+v", j)
			}
			var outcomes []task.Outcome
			for _, a := range w.attempts(j) {
				outcomes = append(outcomes, a.Outcome)
			}
			if !slices.Equal(outcomes, []task.Outcome{task.OutcomeWaiting, task.OutcomeCompleted}) || !slices.Equal(visits.read(), []string{"half", "done"}) {
				t.Errorf("attempts end %v, the function did %v", outcomes, visits.read())
			}
		})
	})

	t.Run("a wait of a function is looked at again after a restart", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings()
			var visits diary
			work := define("test.work", untilBack(scene, "blue", &visits))
			w := build(t, in(scene), work)
			w.start()
			j := w.enqueue(work, args{})
			w.waitsFor(j.ID, "blue")
			if err := w.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.Engine = w.another(in(scene), work)
			w.start()
			w.waitsFor(j.ID, "blue")
			scene.bring("blue")
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("what a person asked for goes before the wait", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", func(ctx context.Context, run *task.Run, _ args) (any, error) {
				<-ctx.Done()
				return nil, run.WaitFor(stick("blue"))
			})
			w := build(t, func(c *engine.Config) { c.World = newThings("blue") }, work)
			w.start()
			canceled, paused := w.enqueue(work, args{}), w.enqueue(work, args{})
			w.expect(canceled.ID, task.Running)
			w.expect(paused.ID, task.Running)
			one(t, w.cancelRun, canceled.ID)
			one(t, w.Pause, paused.ID)
			w.expect(canceled.ID, task.Canceled)
			if j := w.expect(paused.ID, task.Paused); j.Waiting != nil {
				t.Errorf("the paused job waits for %+v", j.Waiting)
			}
		})
	})

	t.Run("a function that asks for a thing that is there is run again after ever longer pauses", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			flaky := define("test.flaky", func(_ context.Context, run *task.Run, _ args) (any, error) {
				return nil, run.WaitFor(stick("blue"))
			})
			w := build(t, in(newThings()), flaky)
			w.start()
			j := w.enqueue(flaky, args{})
			synctest.Wait()
			if n := w.read(j.ID).Attempts; n != 2 {
				t.Errorf("at once it ran %d times, want 2: the thing may have come back between", n)
			}
			pass(time.Hour)
			if n := w.read(j.ID).Attempts; n < 60 || n > 70 {
				t.Errorf("within an hour it ran %d times, want about once a minute", n)
			}
		})
	})
}
