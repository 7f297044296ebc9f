package drive

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Watch calls changed as soon as it watches, and again whenever something was
// mounted or unmounted since, until the context ends. The kernel tells of
// that, so that nothing is looked at in between.
func Watch(ctx context.Context, changed func()) error {
	mounts, err := os.Open(thisMachine.mounts)
	if err != nil {
		return fmt.Errorf("watch mounts: %w", err)
	}
	defer func() { _ = mounts.Close() }()
	end, quiet, err := endOf(ctx)
	if err != nil {
		return err
	}
	defer quiet()
	changed()
	watched := []unix.PollFd{
		{Fd: int32(mounts.Fd()), Events: unix.POLLPRI},
		{Fd: int32(end.Fd()), Events: unix.POLLIN},
	}
	for {
		if _, err := unix.Poll(watched, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("watch mounts: %w", err)
		}
		if ctx.Err() != nil {
			return nil
		}
		if watched[0].Revents != 0 {
			changed()
		}
	}
}
