package power_test

import (
	"os"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"nectar/backend/power"
	"nectar/backend/power/bustest"
)

// login stands in for the system's login service.
type login struct {
	asked chan []string
	held  *os.File // our end of the lock that was given
	given *os.File // the other one, which is passed on
}

func (l *login) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.held, l.given = read, write
	lock := dbus.UnixFD(write.Fd()) // before the test is told, which closes it
	l.asked <- []string{what, who, why, mode}
	return lock, nil
}

func TestSleepIsHeldOffUntilItIsReleased(t *testing.T) {
	t.Parallel()
	address := bustest.Start(t)
	service := bustest.Connect(t, address)
	l := &login{asked: make(chan []string, 1)}
	if err := service.Export(l, "/org/freedesktop/login1", "org.freedesktop.login1.Manager"); err != nil {
		t.Fatal(err)
	}
	if _, err := service.RequestName("org.freedesktop.login1", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	release, err := power.Inhibit(bustest.Connect(t, address), "2 jobs are running")
	if err != nil {
		t.Fatal(err)
	}
	if asked := strings.Join(<-l.asked, " | "); asked != "sleep:idle | Nectar | 2 jobs are running | block" {
		t.Errorf("asked for %q", asked)
	}
	_ = l.given.Close() // whoever asked has a copy
	release()
	release()
	if _, err := l.held.Read(make([]byte, 1)); err == nil {
		t.Error("a lock says something")
	}
}

func TestALoginServiceThatRefusesIsSaid(t *testing.T) {
	t.Parallel()
	if _, err := power.Inhibit(bustest.Connect(t, bustest.Start(t)), "a job is running"); err == nil {
		t.Error("sleep is held off by nobody")
	}
}
