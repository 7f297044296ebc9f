package backend

import (
	"context"
	"log/slog"
	"time"

	"nectar/backend/engine"
	"nectar/backend/peer"
	"nectar/backend/service"
	"nectar/backend/task"
)

// Hearing answers the configuration of a program to which the network says
// what the function answers.
func (c Config) Hearing(find func(context.Context) []peer.Server) Config {
	c.findPeers = find
	return c
}

// LeaveTheNetworkAlone lets no program of these tests look for servers.
func LeaveTheNetworkAlone() {
	lookForPeers = func(context.Context) []peer.Server { return nil }
}

// At answers the configuration of a program whose clock the function is, as far
// as quiet hours go by it.
func (c Config) At(now func() time.Time) Config {
	c.now = now
	return c
}

// LeaveThePowerAlone lets no program of these tests look at the charger, or keep
// the machine awake.
func LeaveThePowerAlone(p Power) { machinePower = p }

// With answers the configuration of a program that has further plugins
// installed: each a line more in the list.
func (c Config) With(plugins ...task.Plugin) Config {
	c.further = plugins
	return c
}

// Workers answers the numbers of workers of the engine.
func (b *Backend) Workers() (regular, high int) { return b.engine.Workers() }

// KeepAwake keeps a laptop awake while jobs run and it is plugged in, until the
// context ends. It hears of no job, and so goes by the clock alone.
func KeepAwake(ctx context.Context, p Power, running func() int) {
	a := newAwake(p, running, slog.New(slog.DiscardHandler))
	a.obey(service.Values{KeepAwake: service.AwakeOnMains})
	a.keep(ctx, engine.New(engine.Config{}).Subscribe())
}

// WhenQuiet waits for the moment at which all files of the content folder are
// looked at after a start. It reports false when the context ended first.
func WhenQuiet(ctx context.Context, jobs newsOfJobs, running func() int) bool {
	return whenQuiet(ctx, leisure, jobs, running)
}

// WatchPower calls changed, until the context ends, when jobs that wait for the
// charger may have it, and tells it whether they have.
func WatchPower(ctx context.Context, p Power, floor int, changed func(met bool)) {
	c := newConditions(p, nil)
	c.obey(service.Values{BatteryFloor: floor})
	c.watch(ctx, func() { changed(c.met(task.NeedPower)) })
}
