// Package bustest gives tests a message bus of their own.
package bustest

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Start starts a bus for this test alone, and answers its address. Without a
// dbus-daemon the test is skipped.
func Start(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("there is no dbus-daemon:", err)
	}
	address, stop, err := Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return address
}

// Run starts a bus, and answers its address and what ends it, which must be
// called.
func Run(ctx context.Context) (address string, stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	daemon := exec.CommandContext(ctx, "dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err == nil {
		err = daemon.Start()
	}
	if err != nil {
		cancel()
		return "", nil, fmt.Errorf("start a bus: %w", err)
	}
	stop = func() {
		cancel()
		_ = daemon.Wait()
	}
	if address, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		stop()
		return "", nil, fmt.Errorf("read the address of the bus: %w", err)
	}
	return strings.TrimSpace(address), stop, nil
}

// Connect opens a connection that ends with the test.
func Connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	bus, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	return bus
}
