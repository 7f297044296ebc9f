package maths

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// primesStatus says what the job is about, and what came of it.
func primesStatus(job task.Described[PrimesArgs]) task.Status {
	count, _ := job.Result["count"].(float64) // of JSON
	status := task.Status{
		Title:  "maths.primes.title",
		Params: fault.Params{"from": job.Args.From, "to": job.Args.To, "count": int64(count)},
	}
	switch job.Job.State {
	case task.Running:
		status.Text = "maths.primes.looking"
	case task.Completed:
		status.Text = "maths.primes.found"
	default: // the general words of the state say it
	}
	return status
}
