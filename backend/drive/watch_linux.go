package drive

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Watch calls changed as soon as it watches, and again whenever something was
// mounted or unmounted since, until the context ends. The kernel tells of
// that, so that nothing is looked at in between.
func Watch(ctx context.Context, changed func()) error {
	// Not a file of package os: each piece of news is told once, and the
	// runtime would take it.
	mounts, err := unix.Open(thisMachine.mounts, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("watch mounts: %w", err)
	}
	defer func() { _ = unix.Close(mounts) }()
	end, quiet, err := endOf(ctx)
	if err != nil {
		return err
	}
	defer quiet()
	changed()
	watched := []unix.PollFd{
		{Fd: int32(mounts), Events: unix.POLLPRI},
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
