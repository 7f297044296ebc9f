package engine

import (
	"context"
	"time"

	"nectar/backend/task"
)

// QueuePaused is what a due job of a paused queue waits for.
const QueuePaused = "queue_paused"

// queueStep is how many jobs are read at once when a queue is seen to.
const queueStep = 500

// PauseQueue holds a queue, also over restarts: its due jobs stay QUEUED, and
// none starts after PauseQueue answered. Running ones go on.
func (e *Engine) PauseQueue(ctx context.Context, queue string) error {
	e.queueing.Lock()
	defer e.queueing.Unlock()
	if err := e.store.PauseQueue(ctx, queue, e.now()); err != nil {
		return err
	}
	held, err := e.store.PausedQueues(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.held = held
	e.mu.Unlock()
	return e.placeAll(ctx, queue)
}

// ResumeQueue lets a queue go on.
func (e *Engine) ResumeQueue(ctx context.Context, queue string) error {
	e.queueing.Lock()
	defer e.queueing.Unlock()
	if err := e.store.ResumeQueue(ctx, queue); err != nil {
		return err
	}
	e.mu.Lock()
	delete(e.held, queue)
	e.mu.Unlock()
	return e.placeAll(ctx, queue)
}

// placeAll shows the due jobs of a queue anew, to whoever watches and to the
// dispatcher, a part at a time.
func (e *Engine) placeAll(ctx context.Context, queue string) error {
	filter := task.Filter{States: []task.State{task.Queued}, Queue: queue, Readable: task.Readable{All: true}}
	for after := int64(0); ; {
		last, err := e.placePart(ctx, filter, after)
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// placePart answers the number of the last job of a part; 0 at the end. It holds
// all turns, so that nobody hears of an older state after a newer one.
func (e *Engine) placePart(ctx context.Context, filter task.Filter, after int64) (int64, error) {
	defer e.turns.takeAll()()
	jobs, err := e.store.Matching(ctx, filter, after, queueStep)
	if err != nil {
		return 0, err
	}
	e.took(jobs...)
	if len(jobs) < queueStep {
		return 0, nil
	}
	return jobs[len(jobs)-1].Number, nil
}

func (e *Engine) queueHeld(queue string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, held := e.held[queue]
	return held
}

// WaitForQueue says of a due job that it waits for its queue, unless it waits
// for something else besides.
func WaitForQueue(job *task.Job, paused map[string]time.Time) {
	if since, held := paused[job.Queue]; held && job.State == task.Queued && job.Waiting == nil {
		job.Waiting = &task.Waiting{Need: task.Need{Code: QueuePaused, Item: job.Queue}, Since: since}
	}
}
