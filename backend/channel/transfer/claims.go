package transfer

import (
	"context"
	"sync"
)

// Claims keeps the runs of one process from writing the same file at the same
// time. The zero value is ready; a nil *Claims grants every claim. Paths must
// be spelled alike by all who share it.
type Claims struct {
	mu   sync.Mutex
	held map[string]chan struct{} // guarded by mu; closed when the claim is released, nil while nobody waits
}

// Hold waits until nobody else claims the path, and claims it. The answered
// function gives the claim back and must be called once. The only error is
// that of the context.
func (c *Claims) Hold(ctx context.Context, path string) (release func(), err error) {
	for {
		release, busy := c.try(path)
		if busy == nil {
			return release, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try claims the path, or answers a channel that is closed when whoever has
// it lets go.
func (c *Claims) try(path string) (release func(), busy <-chan struct{}) {
	if c == nil {
		return func() {}, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if done, taken := c.held[path]; taken {
		if done == nil {
			done = make(chan struct{})
			c.held[path] = done
		}
		return nil, done
	}
	if c.held == nil {
		c.held = make(map[string]chan struct{})
	}
	c.held[path] = nil
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if done := c.held[path]; done != nil {
			close(done)
		}
		delete(c.held, path)
	}, nil
}
