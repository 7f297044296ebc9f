package power

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/godbus/dbus/v5"
)

// stayAwake asks the system's login service, which sends the laptop to sleep,
// for a lock: it holds for as long as its file is open.
func stayAwake(why string) (func(), error) {
	bus, err := dbus.ConnectSystemBus()
	if err != nil {
		return nil, fmt.Errorf("reach the system bus: %w", err)
	}
	return inhibit(bus, why)
}

func inhibit(bus *dbus.Conn, why string) (func(), error) {
	var lock dbus.UnixFD
	err := bus.Object("org.freedesktop.login1", "/org/freedesktop/login1").
		Call("org.freedesktop.login1.Manager.Inhibit", 0, "sleep:idle", "Nectar", why, "block").Store(&lock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ask to stay awake: %w", err), bus.Close())
	}
	file := os.NewFile(uintptr(lock), "sleep lock")
	return sync.OnceFunc(func() {
		_ = file.Close()
		_ = bus.Close()
	}), nil
}
