package backend

import (
	"context"
	"time"

	"nectar/backend/engine"
)

// quiet waits for a moment of leisure after the start. It reports false when the
// context ended first.
func (b *Backend) quiet(ctx context.Context) bool {
	jobs := b.engine.Subscribe()
	defer jobs.Close()
	return whenQuiet(ctx, leisure, jobs, b.Running)
}

// newsOfJobs is an engine.Subscription.
type newsOfJobs interface {
	News() <-chan struct{}
	Take() []engine.Live
}

// whenQuiet waits until the time has passed and no job runs, so that what can
// wait takes nothing from what cannot. It reports false when the context ended
// first.
func whenQuiet(ctx context.Context, after time.Duration, jobs newsOfJobs, running func() int) bool {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for wait := after; rest(ctx, pause, wait); wait = awakePause {
		jobs.Take()
		if running() == 0 {
			return true
		}
		select {
		case <-jobs.News():
		case <-ctx.Done():
			return false
		}
	}
	return false
}
