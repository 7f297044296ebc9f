package service

import (
	"context"

	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Reschedule replaces the schedule of the jobs, all or none, by what
// enqueue_args say. A running job is refused with fault.AlreadyRunning.
func (j *Jobs) Reschedule(ctx context.Context, person auth.Person, ids []task.ID, enqueueArgs any) ([]engine.Live, error) {
	ids = unique(ids)
	if err := j.mayRunAll(ctx, person, ids); err != nil {
		return nil, err
	}
	var when task.When
	for _, id := range ids {
		job, err := j.store.Job(ctx, id)
		if err != nil {
			return nil, err
		}
		definition, installed := j.registry.Lookup(job.Task)
		if !installed {
			return nil, fault.New(fault.TaskMissing, "task", job.Task)
		}
		if when, err = anotherTime(enqueueArgs, definition, person); err != nil {
			return nil, err
		}
	}
	jobs, err := j.engine.Reschedule(ctx, when, ids...)
	if err != nil {
		return nil, err
	}
	return j.live(ctx, jobs)
}

// anyTask takes every time that some task takes.
var anyTask = &task.Definition{HasStatus: true, Retry: task.Retry{Interval: 1}}

// waits are the states of the jobs that have yet to run.
var waits = []task.State{task.Scheduled, task.Queued, task.Paused}

// RescheduleAll replaces the schedule of every job that the filter chooses and
// that the person may run by what enqueue_args say, and answers how many those
// were; see DoAll. Jobs that have ended are taken only by a filter that names
// their state: whoever gives all another time means what has yet to run. Running
// jobs are left out, and those whose task does not take such a schedule. What no
// task takes is refused, and nothing is done.
func (j *Jobs) RescheduleAll(ctx context.Context, person auth.Person, filter task.Filter, enqueueArgs any, each func([]engine.Live) error) (int, error) {
	if !person.SignedIn() {
		return 0, fault.New(fault.Forbidden)
	}
	when, err := anotherTime(enqueueArgs, anyTask, person)
	if err != nil {
		return 0, err
	}
	if len(filter.States) == 0 {
		filter.States = waits
	}
	return j.doAll(ctx, person, deed{
		states: lo.Reject(task.States(), func(state task.State, _ int) bool { return state.Active() }),
		possible: func(job task.Job, d *task.Definition) bool {
			if d == nil || job.State.Active() {
				return false
			}
			_, refused := anotherTime(enqueueArgs, d, person)
			return refused == nil
		},
		do: func(ctx context.Context, ids ...task.ID) ([]task.Job, error) {
			return j.engine.Reschedule(ctx, when, ids...)
		},
	}, filter, each)
}

// anotherTime reads the enqueue_args of a job that is there already.
func anotherTime(enqueueArgs any, d *task.Definition, person auth.Person) (task.When, error) {
	when, refused := parseWhen(enqueueArgs, d, person)
	if len(refused) == 0 && when.IfNot {
		refused = []fault.Field{fault.At("enqueue_args.if_not", fault.FieldUnknown)}
	}
	return when, fault.Invalid(refused...)
}
