package engine

import (
	"context"

	"nectar/backend/task"
)

// expireAtOnce is how many jobs one transaction removes: few enough that
// whoever enqueues meanwhile does not notice.
const expireAtOnce = 200

// Expire removes the jobs at rest that are over the limits, with all that is
// kept of them, and answers how many. When the context ends it stops between
// two transactions. Their age is not counted by a clock that ran away: see
// store.SweepBy.
func (e *Engine) Expire(ctx context.Context, limits task.Retention) (int, error) {
	by, err := e.store.SweepBy(ctx, e.now())
	if err != nil {
		return 0, err
	}
	surplus, err := e.store.Surplus(ctx, limits.Jobs)
	if err != nil {
		return 0, err
	}
	count := 0
	for {
		expired, err := e.store.Expire(ctx, limits.Before(by), surplus, expireAtOnce)
		for i := range expired {
			e.bus.publish(Live{Job: expired[i], Removed: true})
		}
		count += len(expired)
		if err != nil || len(expired) < expireAtOnce {
			return count, err
		}
	}
}
