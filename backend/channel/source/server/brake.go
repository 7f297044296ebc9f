package server

import (
	"context"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// gulp is how much is read at a time while the bandwidth is limited, in bytes:
// little enough for the limit to be heeded soon after it was changed.
const gulp = 16 << 10

// brake limits how fast bytes come, over all that a client reads. The zero
// value does not.
type brake struct{ limiter atomic.Pointer[rate.Limiter] }

// Limit sets how many bytes may come in a second, over all that the client
// reads of files and databases, from now on; 0 for no limit.
func (c *Client) Limit(bytesPerSecond int64) {
	if bytesPerSecond <= 0 {
		c.brake.limiter.Store(nil)
		return
	}
	c.brake.limiter.Store(rate.NewLimiter(rate.Limit(bytesPerSecond), gulp))
}

// portion answers how much to read at a time into the buffer.
func (b *brake) portion(p []byte) []byte {
	if b.limiter.Load() == nil || len(p) <= gulp {
		return p
	}
	return p[:gulp]
}

// spend waits until as many bytes may have come.
func (b *brake) spend(ctx context.Context, n int) error {
	for n > 0 {
		limiter := b.limiter.Load()
		if limiter == nil {
			return nil
		}
		part := min(n, gulp)
		if err := limiter.WaitN(ctx, part); err != nil {
			return err
		}
		n -= part
	}
	return nil
}
