package task

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/samber/lo"

	"nectar/backend/auth"
)

// Queue is where jobs are stored to be run: the engine.
type Queue interface {
	// Enqueue stores the jobs, all or none, and answers them as stored, in their
	// order. A job without a due time is due at once.
	Enqueue(ctx context.Context, jobs ...NewJob) (Stored, error)
	// CancelTask cancels every job of the task that can be cancelled and
	// answers how many.
	CancelTask(ctx context.Context, task string) (int, error)
}

// NewJob asks for a job to be stored. There may be a long list of them, so what most
// leave out takes no room.
type NewJob struct {
	Task      *Definition
	Args      json.RawMessage
	Metadata  map[string]any
	StartedBy *auth.Person // nil: nobody
	RequestID string
	When      *When // nil: once, now
	// Reads tells of which jobs may be answered in the place of a new one; nil
	// for all.
	Reads func(*Job) bool
}

// Draft answers the job that is asked for, as far as it is known before it is
// stored: without a state, an id and a due time.
func (n NewJob) Draft() (Job, error) {
	exclusive, resource, err := n.Task.Keys(n.Args)
	if err != nil {
		return Job{}, err
	}
	var metadata json.RawMessage
	if n.Metadata != nil {
		if metadata, err = json.Marshal(n.Metadata); err != nil {
			return Job{}, fmt.Errorf("encode metadata: %w", err)
		}
	}
	by := lo.FromPtr(n.StartedBy)
	return Job{
		ID:            ID(n.Task.FixedID),
		Task:          n.Task.Name,
		Queue:         n.Task.Queue,
		Priority:      n.Task.Priority,
		Args:          n.Args,
		Metadata:      metadata,
		Unit:          n.Task.Unit,
		Cancellable:   n.Task.Cancellable,
		ExclusiveKey:  exclusive,
		Resource:      resource,
		StartedBy:     by.ID,
		StartedByName: by.Name,
		RequestID:     n.RequestID,
	}, nil
}

// Like reports whether the other, asked for at the same moment, makes the same job. It
// may say no of two that do.
func (n *NewJob) Like(other *NewJob) bool {
	return n.Task == other.Task && same(n.When, other.When) && same(n.StartedBy, other.StartedBy) && n.RequestID == other.RequestID &&
		n.Metadata == nil && other.Metadata == nil && bytes.Equal(n.Args, other.Args)
}

// same reports whether both are left out, or say the same.
func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// OrNow answers the time that was asked for; once and now where none was.
func (w *When) OrNow() When { return lo.FromPtr(w) }

// Later reports whether the job is not to begin at once.
func (w When) Later(now time.Time) bool {
	at, _, comes := w.Begins(now)
	return !comes || at.After(now)
}

// KeptBy reports whether a job has every rule that is named: who asks for one with
// rules must not be answered by one that lacks them. When it is due, and how many of
// its repeats are left, is no matter of that.
func (w When) KeptBy(j *Job) bool {
	has, asked := j.Schedule, w.Schedule
	switch {
	case w.Priority != 0 && j.Priority != w.Priority,
		asked.Cron != "" && has.Cron != asked.Cron,
		asked.Repeat != 0 && (has.Repeat == 0 || has.Interval != asked.Interval),
		asked.CatchUp != "" && has.CatchUp != asked.CatchUp,
		asked.RetryInterval != nil && !same(has.RetryInterval, asked.RetryInterval):
		return false
	}
	// Without a limit there is none, and not that of another.
	return asked.RetryInterval == nil && asked.MaxRetries == nil || same(has.MaxRetries, asked.MaxRetries)
}

// When says when, and how often, a job runs. The zero When is once, now.
type When struct {
	At       time.Time     // due then; zero: now
	In       time.Duration // due so long after now
	Schedule Schedule
	Priority Priority // 0: that of the task
	First    bool     // before everything due in its priority
	IfNot    bool     // answer the job of equal task and arguments that waits or runs, if there is one
}

// Begins answers when a job that is asked for now is due first, and whether
// that is a moment of the wall clock rather than the end of a delay. It reports
// false for a rule that never comes due.
func (w When) Begins(now time.Time) (at time.Time, wall, comes bool) {
	switch {
	case !w.At.IsZero():
		return w.At, true, true
	case w.In > 0:
		return now.Add(w.In), false, true
	case w.Schedule.Cron != "":
		at, comes = w.Schedule.Next(now, now)
		return at, true, comes
	}
	return now, false, true
}

// NextRuns answers when a job that is asked for now would run, at most so many
// times.
func (w When) NextRuns(now time.Time, most int) []time.Time {
	at, _, comes := w.Begins(now)
	if !comes {
		return nil
	}
	j := Job{State: Scheduled, Due: later(at, now), Planned: later(at, now), Schedule: w.Schedule}
	return j.NextRuns(now, most)
}

// Enqueue stores a job that is due at once. A call from Go is trusted: there
// is no validator and no permission.
func (t Task[A]) Enqueue(ctx context.Context, queue Queue, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{})
}

// EnqueueAt stores a job that is due at the given time.
func (t Task[A]) EnqueueAt(ctx context.Context, queue Queue, at time.Time, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{At: at})
}

// EnqueueIn stores a job that is due after the delay.
func (t Task[A]) EnqueueIn(ctx context.Context, queue Queue, delay time.Duration, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{In: delay})
}

// EnqueueCron stores a job that is due again and again by a cron expression.
func (t Task[A]) EnqueueCron(ctx context.Context, queue Queue, expression string, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{Schedule: Schedule{Cron: expression, CatchUp: CatchUpOnce}})
}

// EnqueueLIFO stores a job that runs before everything due in its priority.
func (t Task[A]) EnqueueLIFO(ctx context.Context, queue Queue, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{First: true})
}

// EnqueueIfNot stores a job unless one of this task with equal arguments
// waits or runs, and answers that one then.
func (t Task[A]) EnqueueIfNot(ctx context.Context, queue Queue, args A) (Job, error) {
	return t.enqueue(ctx, queue, args, When{IfNot: true})
}

// CancelAll cancels every job of the task that can be cancelled and answers
// how many.
func (t Task[A]) CancelAll(ctx context.Context, queue Queue) (int, error) {
	return queue.CancelTask(ctx, t.Name)
}

func (t Task[A]) enqueue(ctx context.Context, queue Queue, args A, when When) (Job, error) {
	raw, err := json.Marshal(args)
	if err != nil {
		return Job{}, fmt.Errorf("encode arguments of %s: %w", t.Name, err)
	}
	stored, err := queue.Enqueue(ctx, NewJob{Task: t.Definition, Args: raw, StartedBy: lo.ToPtr(auth.Program()), When: &when})
	if err != nil {
		return Job{}, err
	}
	return stored.First(), nil
}

// Keys answers the exclusive key and the resource that the arguments name.
func (d *Definition) Keys(args json.RawMessage) (exclusive, resource string, err error) {
	return d.keys(args)
}
