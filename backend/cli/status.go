package cli

import (
	"slices"

	"nectar/backend/task"
)

// The exit statuses.
const (
	statusDone        = 0
	statusFailed      = 1
	statusRefused     = 2
	statusPartly      = 3
	statusInterrupted = 130
)

// severity orders the statuses of several jobs, the worst first.
var severity = []int{statusRefused, statusFailed, statusPartly, statusDone}

// worse answers the status that stands for both.
func worse(a, b int) int {
	if slices.Index(severity, a) < slices.Index(severity, b) {
		return a
	}
	return b
}

// statusOf judges a job by its end. A job that repeats is judged by its last
// run; one that somebody paused is not done.
func statusOf(job task.Job) int {
	completed := job.State == task.Completed || !job.State.Resting() && job.Outcome == task.OutcomeCompleted
	switch {
	case !completed:
		return statusFailed
	case job.Problems > 0:
		return statusPartly
	}
	return statusDone
}
