package maths_test

import (
	"context"
	"fmt"
	"strings"

	"nectar/backend/auth"
	maths "nectar/backend/plugins/mathstest"
	"nectar/backend/task"
)

// Enqueued from Go, a task takes its arguments as a value. The queue is the
// engine; here it is one that only prints what it is asked for.
func Example() {
	ctx, queue := context.Background(), printer{}
	for _, err := range []error{
		second(maths.Add.Enqueue(ctx, queue, maths.AddArgs{X: 4, Y: 2})),
		second(maths.Primes.EnqueueCron(ctx, queue, "@daily", maths.PrimesArgs{From: 1, To: 1e6})),
		second(maths.Primes.EnqueueIfNot(ctx, queue, maths.PrimesArgs{From: 1, To: 1e6})),
	} {
		if err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// maths.add {"x":4,"y":2}
	// maths.primes {"from":1,"to":1000000} @daily
	// maths.primes {"from":1,"to":1000000} unless it waits or runs
}

// Asked for by a person, it is checked and completed by its declaration.
func Example_request() {
	args, _, err := maths.Primes.Validate(context.Background(), auth.Person{Name: "Ada"}, map[string]any{"to": 100})
	fmt.Println(string(args), err)
	_, _, err = maths.Primes.Validate(context.Background(), auth.Person{Name: "Ada"}, map[string]any{"from": 0, "until": 9})
	fmt.Println(err)
	// Output:
	// {"from":1,"to":100} <nil>
	// invalid_request count=3; from: range; to: required; until: unknown
}

// printer is a queue that prints what it is asked for.
type printer struct{}

func (printer) Enqueue(_ context.Context, jobs ...task.NewJob) (task.Stored, error) {
	for _, j := range jobs {
		fmt.Println(strings.TrimSpace(j.Task.Name + " " + string(j.Args) + " " + words(j.When.OrNow())))
	}
	return task.StoredJobs(make([]task.Job, len(jobs))...), nil
}

func (printer) CancelTask(context.Context, string) (int, error) { return 0, nil }

func words(when task.When) string {
	if when.IfNot {
		return "unless it waits or runs"
	}
	return when.Schedule.Cron
}

func second(_ task.Job, err error) error { return err }
