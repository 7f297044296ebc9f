// Package bustest gives tests a message bus of their own.
package bustest

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Start starts a bus for this test alone, and answers its address. Without a
// dbus-daemon the test is skipped.
func Start(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	daemon := exec.CommandContext(ctx, "dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err == nil {
		err = daemon.Start()
	}
	if err != nil {
		cancel()
		t.Skip("there is no dbus-daemon:", err)
	}
	t.Cleanup(func() {
		cancel()
		_ = daemon.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
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
