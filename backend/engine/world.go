package engine

import (
	"context"

	"nectar/backend/task"
)

// World knows the things that jobs wait for. Its methods may be called
// concurrently.
type World interface {
	// Met reports whether the need is met now. It answers within seconds,
	// whatever state the thing is in.
	Met(ctx context.Context, need task.Need) bool
	// Watch calls changed as soon as it watches, and again each time that a
	// need of the code may have come to be met since, until the context ends.
	// It is called while a job waits for such a thing, and only then.
	Watch(ctx context.Context, code string, changed func())
}

// nothingAway is a world in which every need is met.
type nothingAway struct{}

func (nothingAway) Met(context.Context, task.Need) bool { return true }

func (nothingAway) Watch(ctx context.Context, _ string, _ func()) { <-ctx.Done() }

// unmet answers the first need of the job that is not met now. It reports
// whether there is one.
func (e *Engine) unmet(ctx context.Context, job task.Job) (task.Need, bool) {
	definition, installed := e.registry.Lookup(job.Task)
	if !installed {
		return task.Need{}, false
	}
	for _, need := range definition.Needs(job) {
		if !e.world.Met(ctx, need) {
			return need, true
		}
	}
	return task.Need{}, false
}
