package engine_test

import (
	"testing"
	"testing/synctest"

	"nectar/backend/task"
)

// What was noted of a job that ran ahead of the storage when the program died makes its
// attempt an interrupted one. A note that says less than the storage says nothing.
func TestAJobThatRanAheadWhenTheProgramDiedWasInterrupted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := define("test.work", succeed)
		w := build(t, nil, work)
		died, again, other := w.enqueue(work, args{}), w.enqueue(work, args{}), w.enqueue(work, args{})
		for place, begun := range []task.Begun{{Number: died.Number}, {Number: again.Number, Attempts: 2}, {Number: other.Number + 100}} {
			if err := w.store.NoteBegun(place, begun); err != nil {
				t.Fatal(err)
			}
		}
		w.start()
		synctest.Wait()
		got := w.expect(died.ID, task.Completed)
		if history := w.attempts(got); got.Attempts != 2 || len(history) != 2 || history[0].Outcome != task.OutcomeInterrupted || history[1].Outcome != task.OutcomeCompleted {
			t.Errorf("the job that ran has %d attempts, %+v", got.Attempts, history)
		}
		for _, j := range []task.Job{again, other} {
			if got := w.expect(j.ID, task.Completed); got.Attempts != 1 || len(w.attempts(got)) != 1 {
				t.Errorf("job %s has %d attempts", j.ID, got.Attempts)
			}
		}
		if left, err := w.store.Begun(); err != nil || len(left) != 0 {
			t.Errorf("still noted: %v, %v", left, err)
		}
	})
}
