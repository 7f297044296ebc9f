package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// ran is the step of a queued job that was run at that time.
func ran(j task.Job, at time.Time) *task.Step {
	step := &task.Step{Before: &j, Through: [2]task.State{task.Selected, task.Running}, After: j}
	step.After.State, step.After.Outcome, step.After.Attempts = task.Completed, task.OutcomeCompleted, j.Attempts+1
	step.After.Started, step.After.Finished = at, at.Add(time.Second)
	return step
}

// many stores jobs that are alike, and answers them.
func many(t *testing.T, s *store.Store, n int) []task.Job {
	t.Helper()
	jobs := make([]task.Job, n)
	for i, inserted := range insert(t, s, alikes(n)...) {
		jobs[i] = *inserted.Job
	}
	return jobs
}

// Whether jobs that change alike stand side by side or not, each becomes what
// its step says, has its attempt, and is counted.
func TestAdvanceStoresEachStep(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	jobs := many(t, s, 60)
	var steps []*task.Step
	for i, job := range slices.Backward(jobs) { // in an order that is not theirs
		if i%10 != 3 {
			steps = append(steps, ran(job, noon.Add(time.Duration(i/20)*time.Minute)))
		}
	}
	if err := s.Advance(t.Context(), steps...); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		got := read(t, s, step.Before.ID)
		if diff := cmp.Diff(step.After, got); diff != "" || !step.Done {
			t.Errorf("job %s, stored: %v (-as answered +as stored):\n%s", got.ID, step.Done, diff)
		}
		if attempts, err := s.Attempts(t.Context(), got.Number); err != nil || len(attempts) != 1 || !attempts[0].Started.Equal(step.After.Started) {
			t.Errorf("job %s has the attempts %v, %v", got.ID, attempts, err)
		}
	}
	counts, err := s.Counts(t.Context(), task.Filter{Readable: everything})
	if err != nil || counts[task.Completed] != 54 || counts[task.Queued] != 6 {
		t.Errorf("there are %v, %v", counts, err)
	}
}

// A job that changed meanwhile keeps what it is. Those beside it do not suffer.
func TestAdvanceLeavesOutWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	jobs := many(t, s, 9)
	change(t, s, jobs[4].ID, func(j *task.Job) { j.State = task.Canceled })
	steps := make([]*task.Step, len(jobs))
	for i := range jobs {
		steps[i] = ran(jobs[i], noon)
	}
	if err := s.Advance(t.Context(), steps...); err != nil {
		t.Fatal(err)
	}
	for i := range jobs {
		want := task.Completed
		if i == 4 {
			want = task.Canceled
		}
		if got := read(t, s, jobs[i].ID); got.State != want || steps[i].Done != (i != 4) {
			t.Errorf("job %s is %v, and its step stored: %v", got.ID, got.State, steps[i].Done)
		}
	}
	counts, err := s.Counts(t.Context(), task.Filter{Readable: everything})
	if err != nil || counts[task.Completed] != 8 || counts[task.Canceled] != 1 {
		t.Errorf("there are %v, %v", counts, err)
	}
}

func TestAdvanceRefusesAnIllegalMoveAndStoresNothing(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	jobs := many(t, s, 2)
	leap := ran(jobs[1], noon)
	leap.Through = [2]task.State{task.Selected} // and was never RUNNING
	err := s.Advance(t.Context(), ran(jobs[0], noon), leap)
	if fault.CodeOf(err) != fault.IllegalMove || read(t, s, jobs[0].ID).State != task.Queued {
		t.Errorf("it answers %v, and the job beside is %v", err, read(t, s, jobs[0].ID).State)
	}
}
