package service

import (
	"context"
	"time"

	"nectar/backend/auth"
	"nectar/backend/engine"
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
