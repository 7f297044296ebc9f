package handover

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// pipePath answers the name of the pipe of the folder. Other users' pipes have
// other names.
func pipePath(folder string) (*uint16, error) {
	name, err := nameOf(folder)
	if err != nil {
		return nil, err
	}
	me, err := currentUser()
	if err != nil {
		return nil, err
	}
	return windows.UTF16PtrFromString(`\\.\pipe\nectar-` + me.String() + "-" + name)
}

func currentUser() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid.Copy()
}

// ownerOnly answers a descriptor that lets this user alone in.
func ownerOnly() (*windows.SecurityAttributes, error) {
	me, err := currentUser()
	if err != nil {
		return nil, err
	}
	descriptor, err := windows.SecurityDescriptorFromString(fmt.Sprintf("O:%sD:P(A;;GA;;;%s)", me, me))
	if err != nil {
		return nil, err
	}
	return &windows.SecurityAttributes{
		Length:             uint32(unsafe.Sizeof(windows.SecurityAttributes{})),
		SecurityDescriptor: descriptor,
	}, nil
}

// listen makes the place of the folder. A pipe that is there already, made by
// whomever, is refused.
func listen(folder string) (listener, error) {
	path, err := pipePath(folder)
	if err != nil {
		return nil, err
	}
	access, err := ownerOnly()
	if err != nil {
		return nil, err
	}
	closed, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, err
	}
	l := &pipes{path: path, access: access, closed: closed}
	if l.next, err = l.make(windows.FILE_FLAG_FIRST_PIPE_INSTANCE); err != nil {
		return nil, errors.Join(err, windows.CloseHandle(closed))
	}
	return l, nil
}

// pipes hands out the instances of one named pipe. There is always one that
// waits, so that the name is never free for others.
type pipes struct {
	path   *uint16
	access *windows.SecurityAttributes
	closed windows.Handle // an event
	once   sync.Once

	mu   sync.Mutex
	next windows.Handle // guarded by mu; 0 once closed
}

const pipeBuffer = 64 << 10

func (l *pipes) make(flags uint32) (windows.Handle, error) {
	return windows.CreateNamedPipe(l.path,
		windows.PIPE_ACCESS_DUPLEX|windows.FILE_FLAG_OVERLAPPED|flags,
		windows.PIPE_TYPE_BYTE|windows.PIPE_WAIT|windows.PIPE_REJECT_REMOTE_CLIENTS,
		windows.PIPE_UNLIMITED_INSTANCES, pipeBuffer, pipeBuffer, 0, l.access)
}

// Accept implements listener.
func (l *pipes) Accept() (conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == 0 {
		return nil, net.ErrClosed
	}
	if err := l.connect(); err != nil {
		if errors.Is(err, net.ErrClosed) {
			_ = windows.CloseHandle(l.next)
			l.next = 0
		}
		return nil, err
	}
	following, err := l.make(0)
	if err != nil {
		_ = windows.DisconnectNamedPipe(l.next) // it waits for the next one instead
		return nil, err
	}
	connected := l.next
	l.next = following
	return os.NewFile(uintptr(connected), "pipe"), nil
}

// connect waits until somebody opens the waiting instance.
func (l *pipes) connect() error {
	arrived, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(arrived) }()
	waiting := &windows.Overlapped{HEvent: arrived}
	err = windows.ConnectNamedPipe(l.next, waiting)
	switch {
	case err == nil, errors.Is(err, windows.ERROR_PIPE_CONNECTED):
		return nil
	case !errors.Is(err, windows.ERROR_IO_PENDING):
		_ = windows.DisconnectNamedPipe(l.next)
		return err
	}
	event, err := windows.WaitForMultipleObjects([]windows.Handle{l.closed, arrived}, false, windows.INFINITE)
	var done uint32
	if err != nil || event == windows.WAIT_OBJECT_0 {
		_ = windows.CancelIoEx(l.next, waiting)
		_ = windows.GetOverlappedResult(l.next, waiting, &done, true)
		return errors.Join(net.ErrClosed, err)
	}
	return windows.GetOverlappedResult(l.next, waiting, &done, true)
}

// Close implements listener.
func (l *pipes) Close() error {
	var err error
	l.once.Do(func() {
		err = windows.SetEvent(l.closed) // ends a waiting Accept
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.next != 0 {
			err = errors.Join(err, windows.CloseHandle(l.next))
			l.next = 0
		}
		err = errors.Join(err, windows.CloseHandle(l.closed))
	})
	return err
}

// busyWait is how long a client waits for a free instance of the pipe.
const busyWait = 2 * time.Second

// dial connects to the owner of the folder, or answers errNobody.
func dial(ctx context.Context, folder string) (conn, error) {
	path, err := pipePath(folder)
	if err != nil {
		return nil, errNobody // a folder that does not exist has no owner
	}
	ctx, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	for {
		handle, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
			windows.FILE_FLAG_OVERLAPPED|windows.SECURITY_SQOS_PRESENT|windows.SECURITY_ANONYMOUS, 0)
		if err == nil {
			if err := ownedByUs(handle); err != nil {
				_ = windows.CloseHandle(handle)
				return nil, errNobody
			}
			return os.NewFile(uintptr(handle), "pipe"), nil
		}
		if !errors.Is(err, windows.ERROR_PIPE_BUSY) {
			return nil, errNobody
		}
		select {
		case <-ctx.Done():
			return nil, errNobody
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// ownedByUs checks that this user made the pipe: somebody else may have taken
// its name.
func ownedByUs(pipe windows.Handle) error {
	descriptor, err := windows.GetSecurityInfo(pipe, windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return err
	}
	me, err := currentUser()
	if err != nil {
		return err
	}
	if !owner.Equals(me) {
		return errStranger
	}
	return nil
}
