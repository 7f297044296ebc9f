package task

import (
	"fmt"
	"slices"
)

// State is where a job is in its life. The numbers are stored; they never
// change their meaning.
type State uint8

// The states.
const (
	Pending   State = 0 // created, not stored
	Scheduled State = 1 // due later
	Queued    State = 2 // due
	Selected  State = 3 // given to a worker, not started
	Running   State = 4
	Paused    State = 5
	Canceling State = 6 // told to stop, still stopping
	Canceled  State = 7
	Failed    State = 8
	Completed State = 9
)

var stateNames = [...]string{
	Pending: "PENDING", Scheduled: "SCHEDULED", Queued: "QUEUED", Selected: "SELECTED", Running: "RUNNING",
	Paused: "PAUSED", Canceling: "CANCELING", Canceled: "CANCELED", Failed: "FAILED", Completed: "COMPLETED",
}

// States answers every state a stored job can have, in the order of its life.
func States() []State {
	return []State{Scheduled, Queued, Selected, Running, Paused, Canceling, Canceled, Failed, Completed}
}

// String answers the state's name in capitals, as scripts see it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// ParseState reads a state's name. It reports whether there is such a state.
func ParseState(name string) (State, bool) {
	i := slices.Index(stateNames[:], name)
	return State(max(i, 0)), i >= 0
}

// Resting reports whether the job has come to an end: nothing happens to it
// until somebody restarts, reschedules or clears it.
func (s State) Resting() bool { return s == Canceled || s == Failed || s == Completed }

// Active reports whether a worker holds the job.
func (s State) Active() bool { return s == Selected || s == Running || s == Canceling }

// moves lists, for each state, the states that may follow it.
var moves = map[State][]State{
	Pending:   {Scheduled, Queued},
	Scheduled: {Scheduled, Queued, Paused, Canceled},
	Queued:    {Queued, Scheduled, Selected, Paused, Canceled},
	Selected:  {Queued, Scheduled, Running, Paused, Canceled, Failed},
	Running:   {Queued, Scheduled, Paused, Canceling, Canceled, Failed, Completed},
	Paused:    {Queued, Scheduled, Canceled},
	Canceling: {Queued, Scheduled, Canceled, Failed, Completed},
	Canceled:  {Queued, Scheduled},
	Failed:    {Queued, Scheduled},
	Completed: {Queued, Scheduled},
}

// CanMove is the one place that decides which change of state is legal.
func CanMove(from, to State) bool { return slices.Contains(moves[from], to) }
