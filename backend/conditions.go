package backend

import (
	"context"
	"sync"
	"time"

	"nectar/backend/power"
	"nectar/backend/service"
	"nectar/backend/task"
)

// Power tells where the laptop's current comes from; see power.Machine.
type Power interface {
	Read() power.State
	StayAwake(why string) (release func(), err error)
}

// machinePower is the power of this machine. Tests have one of their own.
var machinePower Power = power.Machine{}

// conditionEvery is the pause between two looks at the charger and the hour
// while a job waits for one of them: no system tells of both.
const conditionEvery = 30 * time.Second

// conditions are what people decided about when jobs may start.
type conditions struct {
	power Power
	now   func() time.Time

	mu       sync.Mutex
	floor    int              // guarded by mu: percent
	quiet    service.Hours    // guarded by mu
	watchers map[*func()]bool // guarded by mu
}

func newConditions(p Power, now func() time.Time) *conditions {
	if p == nil {
		p = machinePower
	}
	if now == nil {
		now = time.Now
	}
	return &conditions{power: p, now: now, watchers: map[*func()]bool{}}
}

// obey follows the settings.
func (c *conditions) obey(v service.Values) {
	quiet, _ := service.ParseHours(v.QuietHours) // what was stored was parsed
	c.mu.Lock()
	c.floor, c.quiet = v.BatteryFloor, quiet
	watchers := make([]*func(), 0, len(c.watchers))
	for w := range c.watchers {
		watchers = append(watchers, w)
	}
	c.mu.Unlock()
	for _, changed := range watchers {
		(*changed)()
	}
}

// met reports whether a job with the need may start now.
func (c *conditions) met(code string) bool {
	c.mu.Lock()
	floor, quiet := c.floor, c.quiet
	c.mu.Unlock()
	if code == task.NeedCalm {
		return !quiet.Has(c.now())
	}
	if floor == 0 {
		return true
	}
	state := c.power.Read()
	return state.Mains || state.Percent >= floor
}

// watch calls changed when a condition may have come to be met, until the
// context ends.
func (c *conditions) watch(ctx context.Context, changed func()) {
	c.mu.Lock()
	c.watchers[&changed] = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, &changed)
	}()
	lookEvery(ctx, conditionEvery, changed)
}

// lookEvery calls changed at once and then in steps, until the context ends.
func lookEvery(ctx context.Context, step time.Duration, changed func()) {
	changed()
	look := time.NewTicker(step)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			changed()
		case <-ctx.Done():
			return
		}
	}
}
