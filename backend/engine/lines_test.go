package engine_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"nectar/backend/engine"
	"nectar/backend/task"
)

// behind answers how many jobs go before each of the jobs.
func (w *world) behind(jobs ...task.Job) []int {
	w.t.Helper()
	synctest.Wait()
	counts := make([]int, len(jobs))
	for i, j := range jobs {
		counts[i] = w.Live(w.read(j.ID)).Behind
	}
	return counts
}

func TestLines(t *testing.T) {
	t.Parallel()
	stick := args{Resource: "stick"}

	t.Run("a job that a key or resource holds up says after how many it comes", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			w := started(t, work)
			running := w.enqueue(work, stick)
			second, third := w.enqueue(work, stick), w.enqueue(work, stick)
			other, twin := w.enqueue(work, args{Exclusive: "channel"}), w.enqueue(work, args{Exclusive: "channel", Resource: "disk"})
			both := w.enqueue(work, args{Exclusive: "channel", Resource: "stick"})
			if got := w.behind(running, second, third, other, twin, both); !slices.Equal(got, []int{0, 1, 2, 0, 1, 5}) {
				t.Errorf("they come after %v others", got)
			}
		})
	})

	t.Run("one that is placed first or is more urgent goes before", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			w := started(t, work)
			w.expect(w.enqueue(work, stick).ID, task.Running)
			patient := w.enqueue(work, stick)
			urgent := w.enqueue(work, stick, task.When{Priority: task.High})
			first := w.enqueue(work, stick, task.When{First: true})
			if got := w.behind(urgent, first, patient); !slices.Equal(got, []int{1, 2, 3}) {
				t.Errorf("they come after %v others", got)
			}
		})
	})

	t.Run("whoever watches hears how the line moves on", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", hold)
			w := started(t, work)
			watch := w.Subscribe()
			defer watch.Close()
			first, second, third := w.enqueue(work, stick), w.enqueue(work, stick), w.enqueue(work, stick)
			told := func() []int {
				synctest.Wait()
				counts := []int{-1, -1, -1}
				for _, j := range watch.Take() {
					counts[slices.IndexFunc([]task.Job{first, second, third}, func(of task.Job) bool { return of.ID == j.ID })] = j.Behind
				}
				return counts
			}
			if got := told(); !slices.Equal(got, []int{0, 1, 2}) {
				t.Errorf("at first they come after %v", got)
			}
			one(t, w.cancelRun, first.ID)
			if got := told(); !slices.Equal(got, []int{0, 0, 1}) {
				t.Errorf("after the first they come after %v", got)
			}
			one(t, w.cancelRun, third.ID)
			if got := told(); !slices.Equal(got, []int{-1, -1, 0}) {
				t.Errorf("without the third they come after %v", got)
			}
		})
	})

	t.Run("a job that waits for the world stands in no line", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			needs, work := define("test.needs", hold, needing("blue")), define("test.work", hold)
			w := build(t, func(c *engine.Config) { c.World = scene }, needs, work)
			w.start()
			absent := w.enqueue(needs, stick)
			w.waitsFor(absent.ID, "blue")
			running := w.enqueue(work, stick)
			w.expect(running.ID, task.Running)
			if got := w.behind(absent, running); !slices.Equal(got, []int{0, 0}) {
				t.Errorf("they come after %v others", got)
			}
			scene.bring("blue")
			if got := w.behind(absent); !slices.Equal(got, []int{1}) {
				t.Errorf("once its thing is there it comes after %v", got)
			}
		})
	})
}
