package backend

import (
	"context"

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

// With answers the configuration of a program that has further plugins
// installed: each a line more in the list.
func (c Config) With(plugins ...task.Plugin) Config {
	c.further = plugins
	return c
}

// Workers answers the numbers of workers of the engine.
func (b *Backend) Workers() (regular, high int) { return b.engine.Workers() }
