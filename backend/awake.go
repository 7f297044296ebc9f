package backend

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nectar/backend/engine"
	"nectar/backend/service"
)

// The pauses of whoever keeps the laptop awake: after news of jobs, and between
// two looks at the charger while jobs run.
const (
	awakePause = time.Second
	awakeLook  = 30 * time.Second
)

// awake keeps the laptop from falling asleep while jobs run: a laptop that
// sleeps imports nothing.
type awake struct {
	power Power
	busy  func() int
	log   *slog.Logger

	mu      sync.Mutex
	when    string        // guarded by mu: of service.Values.KeepAwake
	release func()        // guarded by mu; nil: sleep is not held off
	failed  bool          // guarded by mu: said so already
	changed chan struct{} // of one: when has changed
}

func newAwake(p Power, busy func() int, log *slog.Logger) *awake {
	return &awake{power: p, busy: busy, log: log, changed: make(chan struct{}, 1)}
}

// obey follows the settings.
func (a *awake) obey(v service.Values) {
	a.mu.Lock()
	a.when = v.KeepAwake
	a.mu.Unlock()
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

// keep follows the jobs until the context ends. It sleeps while none runs.
func (a *awake) keep(ctx context.Context, jobs *engine.Subscription) {
	defer jobs.Close()
	defer a.let()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		busy := a.look()
		if !rest(ctx, pause, awakePause) {
			return
		}
		var again <-chan time.Time // only while jobs run
		if busy {
			pause.Reset(awakeLook)
			again = pause.C
		}
		select {
		case <-ctx.Done():
			return
		case <-jobs.News():
			jobs.Take()
		case <-a.changed:
		case <-again:
		}
	}
}

// rest waits. It reports false when the context ended.
func rest(ctx context.Context, timer *time.Timer, wait time.Duration) bool {
	timer.Reset(wait)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// look holds sleep off, or lets it come, as things are. It reports whether jobs
// run.
func (a *awake) look() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	busy := a.busy() > 0
	wanted := busy && (a.when == service.AwakeAlways || a.when == service.AwakeOnMains && a.power.Read().Mains)
	switch {
	case wanted && a.release == nil && !a.failed:
		release, err := a.power.StayAwake("jobs are running")
		if err != nil {
			a.failed = true
			a.log.Info("the laptop cannot be kept awake", "why", err)
			break
		}
		a.release = release
		a.log.Info("the laptop is kept awake while jobs run")
	case !wanted && a.release != nil:
		a.release()
		a.release = nil
		a.log.Info("the laptop may fall asleep again")
	}
	return busy
}

// let lets sleep come.
func (a *awake) let() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.release != nil {
		a.release()
		a.release = nil
	}
}
