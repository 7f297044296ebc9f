package engine

import (
	"time"

	"nectar/backend/task"
)

// patience is how long a job may be due before it counts as one priority
// higher, so that low-priority jobs run in the end.
const patience = 10 * time.Minute

// pool is the rule of how many jobs run at once.
type pool struct {
	regular int // workers for any job
	high    int // further workers for high-priority jobs
}

// load is what runs now.
type load struct {
	all  int
	high int // of all, those that were taken as high-priority jobs
}

// admits reports whether a job of this priority may start now. regularDue
// says that a job of regular priority is due and could start.
//
//   - Fewer jobs run than there are regular workers: any job.
//   - All regular workers are busy: only a high-priority job.
//   - All workers are busy: none.
//
// While a regular job is due, high-priority jobs hold at most all workers but
// one; when they hold that many, the last worker is for the regular job. With
// a single worker there is no such guard: patience alone helps.
func (p pool) admits(priority task.Priority, now load, regularDue bool) bool {
	total := p.regular + p.high
	if now.all >= total {
		return false
	}
	if priority == task.High {
		return !regularDue || now.high < total-1 || total == 1
	}
	return now.all < p.regular || priority == task.Regular && now.high >= total-1
}

// effective answers the priority that a job counts as at the given time.
func effective(priority task.Priority, due, now time.Time) task.Priority {
	if now.Sub(due) >= patience {
		return priority.Raised()
	}
	return priority
}
