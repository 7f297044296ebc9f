//go:build linux || darwin

package handover

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxSocketPath is the longest path of a socket that every system takes.
const maxSocketPath = 103

// folders answers where sockets may lie, the best place first: the user's
// runtime folder by the environment, the same where systemd makes it (a cron
// job lacks the variable), and a folder of our own in the one for temporary
// files. An owner listens in the first that is safe; a client looks in all.
func folders() []string {
	var found []string
	uid := strconv.Itoa(os.Geteuid())
	for _, runtime := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + uid} {
		if filepath.IsAbs(runtime) && private(runtime) == nil {
			found = append(found, filepath.Join(runtime, "nectar"))
		}
	}
	return append(found, filepath.Join(os.TempDir(), "nectar-"+uid))
}

// private checks that a folder is a real one, belongs to this user, and is
// open to nobody else.
func private(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is no folder", folder)
	case !ok || int(stat.Uid) != os.Geteuid():
		return fmt.Errorf("%s belongs to another user", folder)
	case info.Mode().Perm() != 0o700:
		return fmt.Errorf("%s is open to others", folder)
	}
	return nil
}

// listen makes the place of the folder. The caller owns the folder, so that a
// socket that is there already is one of a dead owner.
func listen(folder string) (listener, error) {
	name, err := nameOf(folder)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, place := range folders() {
		l, err := listenIn(place, name)
		if err == nil {
			return l, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

func listenIn(place, name string) (listener, error) {
	if err := os.Mkdir(place, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := private(place); err != nil {
		return nil, err
	}
	path := filepath.Join(place, name)
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("%s is too long a path for a socket", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	// Nobody else can reach it in the meantime: its folder is private.
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return socket{l}, nil
}

type socket struct{ *net.UnixListener }

// Accept implements listener.
func (s socket) Accept() (conn, error) {
	c, err := s.AcceptUnix()
	if err != nil {
		return nil, err
	}
	if err := sameUser(c); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// dial connects to the owner of the folder, or answers errNobody.
func dial(ctx context.Context, folder string) (conn, error) {
	name, err := nameOf(folder)
	if err != nil {
		return nil, errNobody // a folder that does not exist has no owner
	}
	for _, place := range folders() {
		path := filepath.Join(place, name)
		if private(place) != nil || !isOurSocket(path) {
			continue
		}
		c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
		if err != nil {
			continue // a socket of a dead owner
		}
		unix, ok := c.(*net.UnixConn)
		if !ok || sameUser(unix) != nil {
			_ = c.Close()
			continue
		}
		return unix, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, errNobody
}

func isOurSocket(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// sameUser checks that the process on the other side runs as this user: who
// may open a socket is for the file system, which a superuser gets around.
func sameUser(c *net.UnixConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var uid int
	var failed error
	if err := raw.Control(func(fd uintptr) { uid, failed = peerOf(int(fd)) }); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if uid != os.Geteuid() {
		return errStranger
	}
	return nil
}
