package engine_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"nectar/backend/engine"
	"nectar/backend/task"
)

// How many jobs are run ahead of the storage when the program dies is not known then. So it
// is more careful with their task afterwards, and only then.
func TestATaskIsTrustedSoonUnlessTheProgramDied(t *testing.T) {
	t.Parallel()
	const careful = 50 // runs, after a death

	t.Run("while its jobs are ahead it is marked, and no more after a stop", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(f *flood, run *task.Run, _ int64) {
				if f.read(run.Job().ID).State != task.Running && !f.marked() {
					t.Errorf("job %d is ahead, and its task is not marked", run.Job().Number)
				}
			})
			engine.Distrust(f.Engine, careful)
			f.start()
			synctest.Wait()
			if ran := f.ran.Load(); ran < manyQuick-8 || !f.marked() {
				t.Errorf("%d jobs ran; its task is marked: %t", ran, f.marked())
			}
			f.letGo()
			f.expectAll()
			f.stop()
			if f.marked() {
				t.Error("after the stop the task is marked")
			}
		})
	})

	t.Run("after a death more of them are stored before they begin", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFlood(t, func(f *flood, run *task.Run, before int64) {
				if before < careful && f.read(run.Job().ID).State != task.Running {
					t.Errorf("run %d begins while its job is stored as QUEUED", before+1)
				}
			})
			engine.Distrust(f.Engine, careful)
			f.mark()
			f.start()
			synctest.Wait()
			if ran := f.ran.Load(); ran < manyQuick-8 {
				t.Errorf("%d jobs ran", ran)
			}
			f.letGo()
			f.expectAll()
			f.stop()
			if f.marked() {
				t.Error("after so many runs and the stop the task is marked")
			}
		})
	})

	t.Run("and a stop before that leaves the care to the next start", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			f := newFloodOf(t, careful-10, nil)
			engine.Distrust(f.Engine, careful)
			f.mark()
			f.start()
			synctest.Wait()
			for i := range f.jobs {
				f.expect(f.jobs[i].ID, task.Completed)
			}
			f.stop()
			if !f.marked() {
				t.Error("it is forgotten that the program died")
			}
		})
	})

	for what, failing := range map[string]string{"what cannot be marked is not ahead": "RunAhead", "nor is what cannot be noted": "NoteBegun"} {
		t.Run(what, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				f := newFlood(t, func(f *flood, run *task.Run, before int64) {
					if f.read(run.Job().ID).State != task.Running {
						t.Errorf("run %d begins while its job is stored as QUEUED", before+1)
					}
				})
				f.storage.failing(func(method string) bool { return method == failing })
				f.start()
				synctest.Wait()
				f.letGo()
				f.expectAll()
				if f.storage.count(failing) == 0 {
					t.Error("nobody tried it")
				}
			})
		})
	}
}

// mark leaves the mark that a program which died has left.
func (f *flood) mark() {
	f.t.Helper()
	if err := f.store.RunAhead(f.t.Context(), "test.quick"); err != nil {
		f.t.Fatal(err)
	}
}

// marked reports whether the next start will find the mark.
func (f *flood) marked() bool {
	tasks, err := f.store.RunsAhead(f.t.Context())
	if err != nil {
		f.t.Error(err)
	}
	return slices.Equal(tasks, []string{"test.quick"})
}

func (f *flood) stop() {
	f.t.Helper()
	if err := f.Stop(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}
