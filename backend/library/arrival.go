package library

import (
	"context"
	"strconv"
	"time"

	"nectar/backend/channel"
	"nectar/backend/store"
	"nectar/backend/task"
)

// Arrived remembers that a job brought resources to a channel; what none came
// to stays as it was.
func (l *Library) Arrived(ctx context.Context, id channel.ID, resources int, by task.Job) error {
	if resources <= 0 {
		return nil
	}
	run := string(by.ID) + " " + strconv.FormatInt(by.Planned.UnixMilli(), 10)
	return l.store.AddArrival(ctx, store.Arrival{Channel: id, Run: run, Resources: resources, At: time.Now()})
}

// Arrivals answers what came to each channel since a time, the latest first.
func (l *Library) Arrivals(ctx context.Context, since time.Time) ([]store.Arrival, error) {
	return l.store.Arrivals(ctx, since)
}
