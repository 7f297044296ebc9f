// Package tasktest runs a task's function alone, so that a plugin is tested
// without a database or an engine. It is for tests.
package tasktest

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"nectar/backend/task"
)

// Attempt is one execution of a job, with all that its function said. The
// zero Attempt is the first one of a job.
type Attempt struct {
	// Earlier is the attempt to go on from; nil for none.
	Earlier *Attempt
	// ProblemsAlone makes it an attempt for the items alone that failed in the
	// earlier one.
	ProblemsAlone bool
	// OnProgress, if set, hears of progress while the function runs, such as
	// to end its context there.
	OnProgress func(done, total int64)

	Done, Total int64
	Metadata    map[string]any
	Fixed       bool // the function said that it cannot be cancelled now
	Log         []string
	Problems    []task.Problem
	Checkpoint  json.RawMessage // the last one
	Retry       *time.Duration  // the delay, when it asked to be run again
}

// Run runs the function of the task on the arguments, as the engine would.
// The result is as it is read from storage: decoded JSON.
func Run[A any](ctx context.Context, attempt *Attempt, of task.Task[A], args A) (any, error) {
	encoded, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	job := task.Job{ID: "1", Number: 1, Task: of.Name, State: task.Running, Args: encoded, Attempts: 1}
	if attempt.Earlier != nil {
		job.Attempts, job.Checkpoint, job.Progress = 2, attempt.Earlier.Checkpoint, attempt.Earlier.Done
		attempt.Checkpoint = attempt.Earlier.Checkpoint
		if attempt.ProblemsAlone {
			job.ProblemsOf = 1
		}
	}
	result, err := of.Call(ctx, task.NewRun(&job, &sink{attempt: attempt}))
	if err != nil {
		return nil, err
	}
	if encoded, err = json.Marshal(result); err != nil {
		return nil, err
	}
	var stored any
	return stored, json.Unmarshal(encoded, &stored)
}

// sink writes down what the function says.
type sink struct {
	mu      sync.Mutex
	attempt *Attempt // guarded by mu
}

func (s *sink) say(change func(*Attempt)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.attempt)
}

// SetProgress implements task.Sink.
func (s *sink) SetProgress(done, total int64) {
	s.say(func(a *Attempt) { a.Done, a.Total = done, total })
	if hear := s.attempt.OnProgress; hear != nil {
		hear(done, total)
	}
}

// SetMetadata implements task.Sink.
func (s *sink) SetMetadata(key string, value any) {
	s.say(func(a *Attempt) {
		if a.Metadata == nil {
			a.Metadata = map[string]any{}
		}
		a.Metadata[key] = value
	})
}

// SetCancellable implements task.Sink.
func (s *sink) SetCancellable(yes bool) { s.say(func(a *Attempt) { a.Fixed = !yes }) }

// Log implements task.Sink.
func (s *sink) Log(_, message string) { s.say(func(a *Attempt) { a.Log = append(a.Log, message) }) }

// Problem implements task.Sink.
func (s *sink) Problem(p task.Problem) {
	s.say(func(a *Attempt) { a.Problems = append(a.Problems, p) })
}

// Checkpoint implements task.Sink.
func (s *sink) Checkpoint(data json.RawMessage) error {
	s.say(func(a *Attempt) { a.Checkpoint = data })
	return nil
}

// RetryIn implements task.Sink.
func (s *sink) RetryIn(delay time.Duration, _ task.Overrides) {
	s.say(func(a *Attempt) { a.Retry = &delay })
}

// ProblemsOf implements task.Sink.
func (s *sink) ProblemsOf(int64) ([]task.Problem, error) {
	if s.attempt.Earlier == nil {
		return nil, nil
	}
	return s.attempt.Earlier.Problems, nil
}
