package engine

import (
	"context"
	"time"

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

// Foreteller is a World that looks at some things in steps of time, and knows
// when the next one is.
type Foreteller interface {
	// NextLook answers when the need is looked at next, the zero time when
	// nobody knows.
	NextLook(need task.Need) time.Time
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

// nextLook answers in how long what the job waits for is looked at next, 0
// when nobody knows.
func (e *Engine) nextLook(job *task.Job) time.Duration {
	foreteller, does := e.world.(Foreteller)
	if !does || job.Waiting == nil {
		return 0
	}
	next := foreteller.NextLook(job.Waiting.Need)
	if next.IsZero() {
		return 0
	}
	return max(time.Until(next), 0)
}

// tellNext tells those who watch the jobs when what they wait for is looked at
// next, if that is news.
func (e *Engine) tellNext(ctx context.Context, jobs []entry, need task.Need) {
	foreteller, does := e.world.(Foreteller)
	if !does || !e.lookout.isNews(need, foreteller.NextLook(need)) {
		return
	}
	for _, waits := range jobs {
		job, err := e.store.Job(ctx, waits.id)
		if err == nil && job.Waiting != nil && job.Waiting.Need == need {
			e.bus.publish(e.live(job))
		}
	}
}
