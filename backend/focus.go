package backend

import (
	"sync"

	"nectar/backend/task"
)

// focus names the jobs that a waiting command runs in its own process: its
// own, and those before it that hold its exclusive key.
type focus struct {
	mu   sync.Mutex
	jobs []task.Job // guarded by mu
}

func (f *focus) add(job task.Job) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.jobs = append(f.jobs, job)
}

func (f *focus) allows(job *task.Job) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.jobs {
		own := &f.jobs[i]
		if job.Number == own.Number || own.ExclusiveKey != "" && job.ExclusiveKey == own.ExclusiveKey && job.Number < own.Number {
			return true
		}
	}
	return false
}
