package task

import "slices"

// Action is something that people do to jobs.
type Action string

// The actions.
const (
	Restart       Action = "restart"        // a job at rest is due now, with its rules and its history
	Cancel        Action = "cancel"         // a waiting job ends, a running one is told to stop; of a repeating one this run
	CancelSeries  Action = "cancel_series"  // the same, and a repeating job repeats no more
	Pause         Action = "pause"          // a job is held, a running one once it has stopped
	Unpause       Action = "resume"         // a paused job goes on
	RunNow        Action = "run_now"        // a scheduled job is due now; its planned time stays
	First         Action = "first"          // a due job comes before the others of its priority
	RetryProblems Action = "retry_problems" // a new attempt for the items alone that failed
	Clear         Action = "clear"          // a job at rest is removed with its history
	Delete        Action = "delete"         // any job that no worker holds is removed with its history
)

// Actions answers all of them.
func Actions() []Action {
	return []Action{Restart, Cancel, CancelSeries, Pause, Unpause, RunNow, First, RetryProblems, Clear, Delete}
}

// ParseAction reads an action's name. It reports whether there is such a one.
func ParseAction(name string) (Action, bool) {
	action := Action(name)
	return action, slices.Contains(Actions(), action)
}

// Removes reports whether the jobs are gone afterwards.
func (a Action) Removes() bool { return a == Clear || a == Delete }

// States answers the states in which a job can be that the action is for. It
// narrows a search down: whether the action is possible for one job says the
// engine.
func (a Action) States() []State {
	switch a {
	case Restart, Clear:
		return []State{Canceled, Failed, Completed}
	case Cancel, CancelSeries:
		return []State{Scheduled, Queued, Selected, Running, Paused}
	case Pause:
		return []State{Scheduled, Queued, Selected, Running}
	case Unpause:
		return []State{Paused}
	case RunNow:
		return []State{Scheduled}
	case First:
		return []State{Queued}
	case RetryProblems:
		return []State{Scheduled, Canceled, Failed, Completed}
	case Delete:
		return []State{Scheduled, Queued, Paused, Canceled, Failed, Completed}
	}
	return nil
}
