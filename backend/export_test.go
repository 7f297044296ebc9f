package backend

import (
	"context"
	"time"

	"nectar/backend/peer"
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
