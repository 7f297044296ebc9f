package maths

import (
	"context"
	"math/big"
	"time"

	"nectar/backend/task"
)

// PrimesArgs are the arguments of maths.primes.
type PrimesArgs struct {
	From int64 `json:"from" jsonschema:"title=From,minimum=1,maximum=1000000000,default=1"`
	To   int64 `json:"to" jsonschema:"title=To,description=The last number that is looked at,minimum=1,maximum=1000000000"`
}

// PrimesResult is what maths.primes found.
type PrimesResult struct {
	Count   int64 `json:"count"`
	Largest int64 `json:"largest"`
}

// Primes counts the primes among the numbers from one to another.
var Primes = task.Define(task.Spec[PrimesArgs]{
	Name:           "maths.primes",
	Summary:        "Count the primes of a range",
	Permission:     task.AnyOf(task.CoordinatorOnly, task.OwnJobs),
	Priority:       task.Low,
	Cancellable:    true,
	Pausable:       true,
	LongRunning:    true,
	Unit:           task.Items,
	OnInterruption: task.Resume,
	Retry:          task.Retry{Interval: time.Minute, Max: 3},
	Validate:       checkPrimes,
	Status:         primesStatus,
	Run:            countPrimes,
})

// found is what a later attempt needs to go on.
type found struct {
	Next   int64        `json:"next"` // the first number that was not looked at
	Result PrimesResult `json:"result"`
}

// step is how many numbers are looked at between two looks at the clock.
const step = 1000

// countPrimes looks at a thousand numbers at a time. After each thousand it
// stops if it is told to, and keeps what it has found.
func countPrimes(ctx context.Context, run *task.Run, args PrimesArgs) (any, error) {
	at := found{Next: args.From}
	if resumed, err := run.LoadCheckpoint(&at); err != nil {
		return nil, err
	} else if resumed {
		run.Info("going on at %d", at.Next)
	}
	total := args.To - args.From + 1
	for at.Next <= args.To {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for last := min(at.Next+step-1, args.To); at.Next <= last; at.Next++ {
			if big.NewInt(at.Next).ProbablyPrime(0) { // certain below 2⁶⁴
				at.Result.Count++
				at.Result.Largest = at.Next
			}
		}
		if err := run.Checkpoint(at); err != nil {
			return nil, err
		}
		run.SetProgress(at.Next-args.From, total)
	}
	return at.Result, nil
}
