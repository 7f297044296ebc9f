package engine_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// flood is a world with many jobs that do next to nothing, whose storage can be
// held once some of them ran.
type flood struct {
	*world

	storage *shaky
	jobs    []task.Job
	ran     atomic.Int64
	seen    sync.Map     // the numbers of the jobs that ran
	last    atomic.Value // the id of the job that ran last
	twice   atomic.Int64
	closed  atomic.Bool
	open    chan struct{}
}

const (
	manyQuick = 220 // jobs of the flood
	heldAfter = 100 // runs after which its storage answers no more
)

// newFlood makes a flood that is not started. The function, if any, is called
// in each job, with how many ran before it.
func newFlood(t *testing.T, each func(f *flood, run *task.Run, before int64), options ...option) *flood {
	t.Helper()
	return newFloodOf(t, manyQuick, each, options...)
}

// newFloodOf makes one of so many jobs.
func newFloodOf(t *testing.T, n int, each func(f *flood, run *task.Run, before int64), options ...option) *flood {
	t.Helper()
	f := &flood{open: make(chan struct{})}
	work := define("test.quick", func(_ context.Context, run *task.Run, _ args) (any, error) {
		if _, again := f.seen.LoadOrStore(run.Job().Number, true); again {
			f.twice.Add(1)
		}
		f.last.Store(run.Job().ID)
		n := f.ran.Add(1)
		if each != nil {
			each(f, run, n-1)
		}
		if n == heldAfter {
			f.closed.Store(true)
		}
		return nil, nil
	}, options...)
	f.world, f.storage = shaken(t, work)
	f.storage.before = func([]*task.Step) {
		if f.closed.Load() {
			<-f.open
		}
	}
	t.Cleanup(f.letGo)
	var draft drafted
	if _, err := work.Enqueue(t.Context(), &draft, args{}); err != nil {
		t.Fatal(err)
	}
	jobs := make([]task.NewJob, n)
	for i := range jobs {
		jobs[i] = draft.job
	}
	stored, err := f.Enqueue(t.Context(), jobs...)
	if f.jobs = stored.Jobs(); err != nil {
		t.Fatal(err)
	}
	return f
}

// letGo lets the storage answer.
func (f *flood) letGo() {
	if f.closed.Swap(false) {
		close(f.open)
	}
}

// expectAll checks that each job ran once and has completed in its first attempt.
func (f *flood) expectAll() {
	f.t.Helper()
	synctest.Wait()
	for i := range f.jobs {
		if got := f.expect(f.jobs[i].ID, task.Completed); got.Attempts != 1 || got.Outcome != task.OutcomeCompleted || len(f.attempts(got)) != 1 {
			f.t.Fatalf("job %s ended as %+v", got.ID, got)
		}
	}
	if ran, twice := f.ran.Load(), f.twice.Load(); ran != manyQuick || twice != 0 {
		f.t.Errorf("of %d jobs %d ran, %d of them twice", manyQuick, ran, twice)
	}
}

// Workers do not wait for the disk between jobs that return at once. What they
// did is told, and found by commands, when it is stored and not before.
func TestQuickJobsRunAheadOfTheStorage(t *testing.T) {
	t.Parallel()
	t.Run("and nobody hears of it before it is stored", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, nil)
			watch := f.Subscribe()
			defer watch.Close()
			f.start()
			synctest.Wait()
			if ran := f.ran.Load(); ran < manyQuick-8 { // each worker may wait with the job that it had then
				t.Fatalf("%d jobs ran, of which %d before the storage did not answer any more", ran, heldAfter)
			}
			told := 0
			for _, j := range watch.Take() {
				if stored := f.read(j.ID); stored.State != j.State {
					t.Errorf("job %s is told to be %v, and stored as %v", j.ID, j.State, stored.State)
				}
				told++
			}
			if told >= manyQuick {
				t.Errorf("all %d jobs are told of", told)
			}
			f.letGo()
			f.expectAll()
			if n := f.Busy(); n != 0 {
				t.Errorf("%d workers are busy", n)
			}
		})
	})

	t.Run("and a command waits until it is known what became of them", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, nil)
			f.start()
			synctest.Wait()
			answered := make(chan error, 1)
			go func() {
				jobs, err := f.Cancel(t.Context(), []task.ID{f.last.Load().(task.ID)}, false)
				if err == nil && jobs[0].State == task.Canceling { // its start was stored: it is told to stop, too late
					err = fault.New(fault.IllegalMove)
				}
				answered <- err
			}()
			for range 100 {
				runtime.Gosched() // it waits for a lock, which is not to wait for synctest
			}
			f.letGo()
			if err := <-answered; fault.CodeOf(err) != fault.IllegalMove {
				t.Errorf("the cancel of a job that had ended answers %v", err)
			}
			f.expectAll()
		})
	})

	t.Run("but not of a task that must not be run again", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, nil, func(s *task.Spec[args]) { s.OnInterruption = task.FailInterrupted })
			f.start()
			synctest.Wait()
			if regular, _ := f.Workers(); f.ran.Load() > int64(heldAfter+regular) {
				t.Errorf("%d ran while the storage did not answer", f.ran.Load())
			}
			f.letGo()
			f.expectAll()
		})
	})

	t.Run("but not before the task has shown that it is quick", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(f *flood, run *task.Run, before int64) {
				if before < int64(few) {
					if got := f.read(run.Job().ID); got.State != task.Running || got.Attempts != 1 {
						t.Errorf("run %d begins while its job is stored as %v", before+1, got.State)
					}
				}
			})
			f.start()
			synctest.Wait()
			f.letGo()
			f.expectAll()
		})
	})

	t.Run("also when one of them took longer than the others", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(_ *flood, _ *task.Run, before int64) {
				if before == heldAfter+10 {
					<-time.After(time.Second)
				}
			})
			f.Resize(1, 0)
			f.start()
			synctest.Wait()
			pass(time.Minute)
			if ran := f.ran.Load(); ran < manyQuick-8 {
				t.Errorf("%d jobs ran", ran)
			}
			f.letGo()
			f.expectAll()
		})
	})

	t.Run("and no more when many of them take longer", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(_ *flood, _ *task.Run, before int64) {
				if before > heldAfter-30 {
					<-time.After(time.Second)
				}
			})
			f.Resize(1, 0)
			f.start()
			pass(time.Hour)
			if regular, _ := f.Workers(); f.ran.Load() > int64(heldAfter+regular) {
				t.Errorf("%d ran while the storage did not answer", f.ran.Load())
			}
			f.letGo()
			pass(time.Hour)
			f.expectAll()
		})
	})

	t.Run("and what a job says is stored with its attempt", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var speaker atomic.Int64
			f := newFlood(t, func(_ *flood, run *task.Run, before int64) {
				if before == heldAfter+10 {
					speaker.Store(run.Job().Number)
					run.Info("here I am")
					run.SetProgress(3, 3)
				}
			})
			f.start()
			synctest.Wait()
			f.letGo()
			f.expectAll()
			lines, err := f.store.Log(t.Context(), speaker.Load(), 10)
			if err != nil || len(lines) != 1 {
				t.Errorf("the log of the job that spoke is %v, %v", lines, err)
			}
		})
	})

	t.Run("and wait for a storage that fails", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(f *flood, _ *task.Run, before int64) {
				if before == heldAfter {
					f.storage.full(true)
				}
			})
			watch := f.Subscribe()
			defer watch.Close()
			f.start()
			pass(time.Second)
			f.letGo()
			pass(time.Hour)
			if waiting := f.Unstored(); len(waiting) < 10 || waiting[0].Waiting.Code != "disk_full" {
				t.Errorf("of the jobs are said to wait for the disk: %v", waiting)
			}
			f.storage.full(false)
			pass(time.Hour)
			f.expectAll()
			told := watch.Take()
			for _, j := range told {
				if j.State != task.Completed || j.Waiting != nil {
					t.Errorf("in the end job %s is told to be %v, and to wait for %v", j.ID, j.State, j.Waiting)
				}
			}
			if len(told) != manyQuick {
				t.Errorf("%d jobs are told of", len(told))
			}
			if n := len(f.Unstored()); n != 0 {
				t.Errorf("%d jobs still wait for the disk", n)
			}
		})
	})

	t.Run("and run again when the program ended before it was stored", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(f *flood, _ *task.Run, before int64) {
				if before == heldAfter-1 {
					f.storage.full(true)
				}
			})
			f.start()
			synctest.Wait()
			f.letGo()
			if err := f.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			var again atomic.Int64
			next := f.another(nil, define("test.quick", func(context.Context, *task.Run, args) (any, error) {
				again.Add(1)
				return nil, nil
			}))
			if err := next.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			for i := range f.jobs {
				f.expect(f.jobs[i].ID, task.Completed)
			}
			if n := again.Load(); n == 0 || n > manyQuick {
				t.Errorf("%d jobs ran again", n)
			}
		})
	})
}

// A worker that waits until the storage has come nearer has taken its next job. One
// that is cancelled meanwhile does not run.
func TestAJobThatIsCanceledWhileItsWorkerWaitsForRoomDoesNotRun(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFloodOf(t, 1000, nil)
		f.start()
		synctest.Wait()
		var waiting []task.Job
		for _, j := range f.jobs {
			if _, ran := f.seen.Load(j.Number); !ran {
				waiting = append(waiting, j)
			}
		}
		if len(waiting) == 0 {
			t.Fatal("no worker waits for room")
		}
		var answered atomic.Int64
		canceled := make([]bool, len(waiting))
		for i, j := range waiting {
			go func() {
				defer answered.Add(1)
				got, err := f.Cancel(t.Context(), []task.ID{j.ID}, false)
				canceled[i] = err == nil && got[0].State == task.Canceled
			}()
		}
		regular, _ := f.Workers()
		for int(answered.Load()) < len(waiting)-regular { // a worker may be storing one that it took
			runtime.Gosched()
		}
		f.letGo()
		synctest.Wait()
		for i, j := range waiting {
			if !canceled[i] {
				continue
			}
			if _, ran := f.seen.Load(j.Number); ran {
				t.Errorf("job %s was canceled, and ran", j.ID)
			}
			f.expect(j.ID, task.Canceled)
		}
	})
}

// What is learned of a job while a page with it is being read is newer than the
// page.
func TestAJobThatIsCanceledWhileItIsReadDoesNotRun(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var canceled sync.Map
		f := newFlood(t, func(_ *flood, run *task.Run, _ int64) {
			if _, is := canceled.Load(run.Job().Number); is {
				t.Errorf("job %d ran although it was canceled", run.Job().Number)
			}
		})
		f.storage.readPage = func(page []task.Job) {
			if f.ran.Load() < heldAfter || len(page) == 0 {
				return
			}
			last := page[len(page)-1]
			if got, err := f.Cancel(t.Context(), []task.ID{last.ID}, false); err != nil || got[0].State != task.Canceled {
				t.Errorf("it is not canceled: %v", err)
			}
			canceled.Store(last.Number, true)
		}
		f.start()
		synctest.Wait()
		f.letGo()
		synctest.Wait()
		n := 0
		canceled.Range(func(number, _ any) bool {
			n++
			for i := range f.jobs {
				if f.jobs[i].Number == number {
					f.expect(f.jobs[i].ID, task.Canceled)
				}
			}
			return true
		})
		if n == 0 {
			t.Fatal("no page was read after the first runs")
		}
	})
}
