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
	end, quiet, err := endOf(ctx)
	if err != nil {
		return err
	}
	defer quiet()
	queue, err := unix.Kqueue()
	if err != nil {
		return fmt.Errorf("watch mounts: %w", err)
	}
	defer func() { _ = unix.Close(queue) }()
	wanted := make([]unix.Kevent_t, 2)
	unix.SetKevent(&wanted[0], 0, unix.EVFILT_FS, unix.EV_ADD|unix.EV_CLEAR)
	unix.SetKevent(&wanted[1], int(end.Fd()), unix.EVFILT_READ, unix.EV_ADD)
	if _, err := unix.Kevent(queue, wanted, nil, nil); err != nil {
		return fmt.Errorf("watch mounts: %w", err)
	}
	changed()
	events := make([]unix.Kevent_t, len(wanted))
	for {
		n, err := unix.Kevent(queue, nil, events, nil)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("watch mounts: %w", err)
		}
		if ctx.Err() != nil {
			return nil
		}
		if n > 0 {
			changed()
		}
	}
}
