package task_test

import (
	"slices"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestMoves(t *testing.T) {
	t.Parallel()
	// A row for each state, a column for each state in the order of their
	// numbers: P S Q s R p x C F D, where s is SELECTED, p PAUSED, x CANCELING
	// and D COMPLETED. An x allows the move.
	legal := []string{
		"Pending   .xx.......",
		"Scheduled .xx..x.x..",
		"Queued    .xxx.x.x..",
		"Selected  .xx.xx.xx.",
		"Running   .xx..xxxxx",
		"Paused    .xx....x..",
		"Canceling .xx....xxx",
		"Canceled  .xx.......",
		"Failed    .xx.......",
		"Completed .xx.......",
	}
	for from, line := range legal {
		for to, mark := range line[len("Scheduled "):] {
			from, to := task.State(from), task.State(to)
			want := mark == 'x'
			if got := task.CanMove(from, to); got != want {
				t.Errorf("CanMove(%v, %v) = %v, want %v", from, to, got, want)
			}
			j := task.Job{ID: "7", State: from}
			err := j.Move(to)
			switch {
			case want && (err != nil || j.State != to):
				t.Errorf("Move from %v to %v: %v, state %v", from, to, err, j.State)
			case !want && (fault.CodeOf(err) != fault.IllegalMove || j.State != from):
				t.Errorf("Move from %v to %v: %v, state %v; want a refusal that changes nothing", from, to, err, j.State)
			}
		}
	}
	if task.CanMove(task.State(10), task.Queued) || task.CanMove(task.Queued, task.State(10)) {
		t.Error("an unknown state can move")
	}
}

func TestStates(t *testing.T) {
	t.Parallel()

	t.Run("a state is read back from its name", func(t *testing.T) {
		t.Parallel()
		for _, s := range append(task.States(), task.Pending) {
			if got, ok := task.ParseState(s.String()); !ok || got != s {
				t.Errorf("ParseState(%q) = %v, %v", s.String(), got, ok)
			}
		}
		if got, ok := task.ParseState("running"); ok {
			t.Errorf("ParseState(running) = %v: names are in capitals", got)
		}
		if got := task.State(99).String(); got != "State(99)" {
			t.Errorf("an unknown state is called %q", got)
		}
	})

	t.Run("a job at rest can only be made due again", func(t *testing.T) {
		t.Parallel()
		for _, s := range task.States() {
			rests := slices.Contains([]task.State{task.Canceled, task.Failed, task.Completed}, s)
			if s.Resting() != rests {
				t.Errorf("%v.Resting() = %v", s, s.Resting())
			}
			holds := slices.Contains([]task.State{task.Selected, task.Running, task.Canceling}, s)
			if s.Active() != holds {
				t.Errorf("%v.Active() = %v", s, s.Active())
			}
		}
	})
}

func TestPriorities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		priority task.Priority
		name     string
		raised   task.Priority
	}{
		{task.High, "high", task.High},
		{task.Regular, "regular", task.High},
		{task.Low, "low", task.Regular},
	} {
		if got := c.priority.String(); got != c.name {
			t.Errorf("%d is called %q, want %q", c.priority, got, c.name)
		}
		if got, ok := task.ParsePriority(c.name); !ok || got != c.priority || !got.Valid() {
			t.Errorf("ParsePriority(%q) = %v, %v", c.name, got, ok)
		}
		if got := c.priority.Raised(); got != c.raised {
			t.Errorf("%v raised is %v, want %v", c.priority, got, c.raised)
		}
	}
	if _, ok := task.ParsePriority("unknown"); ok || task.Priority(7).Valid() {
		t.Error("an unknown priority is taken for a known one")
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[task.ID]int64{
		"7": 7, "9223372036854775807": 9223372036854775807,
		"": 0, "0": 0, "-3": 0, "7 ": 0, "library.scan": 0, "9223372036854775808": 0,
	} {
		n, ok := id.Number()
		if ok != (want > 0) || ok && n != want {
			t.Errorf("%q has the number %d, %v; want %d", id, n, ok, want)
		}
	}
}
