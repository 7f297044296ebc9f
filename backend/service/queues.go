package service

import (
	"context"
	"maps"
	"slices"
	"time"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Queue is a queue with the jobs on it that the person may read.
type Queue struct {
	Name   string
	Paused time.Time // since then; zero: it is not
	Counts map[task.State]int64
}

// Queues answers the queues of all tasks that the person may read, and those
// on which there are jobs that they may read, ordered by name.
func (j *Jobs) Queues(ctx context.Context, person auth.Person) ([]Queue, error) {
	if !person.SignedIn() {
		return nil, fault.New(fault.Forbidden)
	}
	counts, err := j.store.QueueCounts(ctx, j.readable(person))
	if err != nil {
		return nil, err
	}
	paused, err := j.store.PausedQueues(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range j.registry.All() {
		if _, known := counts[d.Queue]; !known && d.Permission.MayRead(person, nil) {
			counts[d.Queue] = map[task.State]int64{}
		}
	}
	queues := make([]Queue, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		queues = append(queues, Queue{Name: name, Paused: paused[name], Counts: counts[name]})
	}
	return queues, nil
}

// PauseQueue holds a queue, also over restarts: none of its jobs starts, and
// those that are due wait. Running ones go on. Since the jobs on a queue are
// everybody's, it takes a coordinator.
func (j *Jobs) PauseQueue(ctx context.Context, person auth.Person, name string) (Queue, error) {
	return j.changeQueue(ctx, person, name, j.engine.PauseQueue)
}

// ResumeQueue lets a paused queue go on.
func (j *Jobs) ResumeQueue(ctx context.Context, person auth.Person, name string) (Queue, error) {
	return j.changeQueue(ctx, person, name, j.engine.ResumeQueue)
}

func (j *Jobs) changeQueue(ctx context.Context, person auth.Person, name string, change func(context.Context, string) error) (Queue, error) {
	if !task.CoordinatorOnly.MayRun(person, nil) {
		return Queue{}, fault.New(fault.Forbidden)
	}
	if _, err := j.queue(ctx, person, name); err != nil {
		return Queue{}, err
	}
	if err := change(ctx, name); err != nil {
		return Queue{}, err
	}
	return j.queue(ctx, person, name)
}

func (j *Jobs) queue(ctx context.Context, person auth.Person, name string) (Queue, error) {
	queues, err := j.Queues(ctx, person)
	if err != nil {
		return Queue{}, err
	}
	i := slices.IndexFunc(queues, func(q Queue) bool { return q.Name == name })
	if i < 0 {
		return Queue{}, fault.New(fault.NotFound, "what", "queue", "id", name)
	}
	return queues[i], nil
}
