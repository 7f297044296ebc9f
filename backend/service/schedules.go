package service

import (
	"context"
	"time"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// shownRuns is how many of its next runs a schedule shows.
const shownRuns = 3

// Schedule is a job that is due later or again.
type Schedule struct {
	engine.Live

	Next []time.Time // its next runs, at most three; none while it is paused
}

// Schedules answers a page of the jobs that are due later or again and that
// the person may read, the next one first.
func (j *Jobs) Schedules(ctx context.Context, person auth.Person, page task.Page) ([]Schedule, string, error) {
	page.Sort = "due"
	jobs, listed, err := j.List(ctx, person, task.Filter{Planned: true}, page)
	if err != nil {
		return nil, "", err
	}
	schedules := make([]Schedule, len(jobs))
	for i, live := range jobs {
		schedules[i] = Schedule{Live: live, Next: live.NextRuns(time.Now(), shownRuns)}
	}
	return schedules, listed.Next, nil
}

// NextRuns answers when a job of the task would run if the person asked for it
// now with these enqueue_args, at most three times. It stores nothing.
func (j *Jobs) NextRuns(person auth.Person, name string, enqueueArgs any) ([]time.Time, error) {
	definition, installed := j.registry.Lookup(name)
	if !installed {
		return nil, fault.New(fault.TaskMissing, "task", name)
	}
	if !definition.Permission.MayRun(person, &task.Job{Task: name, StartedBy: person.ID}) {
		return nil, fault.New(fault.Forbidden)
	}
	when, refused := parseWhen(enqueueArgs, definition, person)
	if err := fault.Invalid(refused...); err != nil {
		return nil, err
	}
	return when.NextRuns(time.Now(), shownRuns), nil
}
