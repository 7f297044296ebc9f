//go:build unix

package drive

import (
	"context"
	"fmt"
	"os"
)

// endOf answers a file that can be read, to its end, once the context has
// ended, and how to close it.
func endOf(ctx context.Context) (end *os.File, quiet func(), err error) {
	end, hold, err := os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("make a pipe: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = hold.Close() })
	return end, func() {
		stop()
		_ = hold.Close()
		_ = end.Close()
	}, nil
}
