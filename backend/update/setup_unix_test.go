//go:build unix

package update_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nectar/backend/update"
)

// desk is a folder like that which the installer for Windows makes, of programs
// that write what they were given into a file and end with a status.
type desk struct {
	t *testing.T
	update.Program
	said string
}

func newDesk(t *testing.T) desk {
	t.Helper()
	home := t.TempDir()
	d := desk{t, update.Program{Version: "1.0.0", Kind: update.Setup, Home: home}, filepath.Join(t.TempDir(), "said")}
	d.place(home, "1.0.0", 0)
	return d
}

func (d desk) write(path, text string) {
	d.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		d.t.Fatal(err)
	}
}

// place puts the programs of a version into a folder. Its window shows itself
// before it ends where further says so.
func (d desk) place(folder, version string, status int, further ...string) {
	d.t.Helper()
	for _, name := range []string{"nectar.exe", "nectar-window.exe"} {
		d.write(filepath.Join(folder, name), fmt.Sprintf("#!/bin/sh\n%s\necho \"%s $*\" >>'%s'\nexit %d\n",
			strings.Join(further, "\n"), version, d.said, status))
	}
}

// upgrade does what the installer does that the program has started.
func (d desk) upgrade(version string, status int, further ...string) {
	d.t.Helper()
	if err := d.Expect(update.Trial{Version: version, Folder: "/data", Backup: "backup-0001"}); err != nil {
		d.t.Fatal(err)
	}
	before := filepath.Join(d.Home, "before")
	if err := os.Mkdir(before, 0o700); err != nil {
		d.t.Fatal(err)
	}
	for _, name := range []string{"nectar.exe", "nectar-window.exe"} {
		if err := os.Rename(filepath.Join(d.Home, name), filepath.Join(before, name)); err != nil {
			d.t.Fatal(err)
		}
	}
	d.place(d.Home, version, status, further...)
	if err := os.Rename(filepath.Join(d.Home, "trial-"+version), filepath.Join(d.Home, "trial")); err != nil {
		d.t.Fatal(err)
	}
}

// awaits waits until what was started has said no less than this.
func (d desk) awaits(want string) {
	d.t.Helper()
	for {
		text, err := os.ReadFile(d.said)
		if err != nil {
			d.t.Fatal(err)
		}
		if string(text) == want {
			return
		}
		select {
		case <-d.t.Context().Done():
			d.t.Fatalf("started was %q", text)
		case <-time.After(time.Millisecond):
		}
	}
}

func (d desk) programs() string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.Home, "nectar.exe"))
	if err != nil {
		d.t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(text), `echo "`)
	version, _, _ = strings.Cut(version, " ")
	return version
}

func TestAnInstalledVersionThatDoesNotStartGivesWay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var want string
	for range 2 { // the folder of the first failure is there at the second
		d.upgrade("1.2.0", 2)
		if code, tried := d.Try(t.Context(), []string{"--data", "a folder"}); !tried || code != 0 {
			t.Fatalf("%d, %v", code, tried)
		}
		want += "1.2.0 --data a folder\n1.0.0 --data a folder\n"
		d.awaits(want) // the version before is not waited for
		if got := d.programs(); got != "1.0.0" {
			t.Errorf("there is %s", got)
		}
		trial, returned := d.Failed()
		if !returned || trial != (update.Trial{Version: "1.2.0", Folder: "/data", Backup: "backup-0001"}) {
			t.Errorf("%+v, %v", trial, returned)
		}
		if err := d.Forget(); err != nil {
			t.Fatal(err)
		}
		if _, again := d.Failed(); again {
			t.Error("it is not forgotten")
		}
		if err := os.RemoveAll(filepath.Join(d.Home, "before")); err != nil { // as the next installer does
			t.Fatal(err)
		}
	}
}

func TestAnInstalledVersionIsOnTrialUntilItsWindowWasSeen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.upgrade("1.2.0", 0)
	if code, tried := d.Try(t.Context(), nil); !tried || code != 0 || d.programs() != "1.2.0" {
		t.Fatalf("%d, %v, %s", code, tried, d.programs())
	}
	if err := d.Proven(); err != nil {
		t.Fatal(err)
	}
	if _, tried := d.Try(t.Context(), nil); tried {
		t.Error("it is tried when it was seen")
	}
	left, err := os.ReadDir(d.Home)
	if err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestAnInstalledVersionThatWasSeenFailsOnItsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.upgrade("1.2.0", 3, "rm -r '"+d.Home+"/trial' '"+d.Home+"/before'")
	if code, tried := d.Try(t.Context(), nil); !tried || code != 3 || d.programs() != "1.2.0" {
		t.Fatalf("%d, %v, %s", code, tried, d.programs())
	}
	if _, returned := d.Failed(); returned {
		t.Error("it gave way")
	}
}

func TestAWindowThatIsTriedTriesNothing(t *testing.T) {
	d := newDesk(t)
	d.upgrade("1.2.0", 2)
	t.Setenv("NECTAR_TRIED", "yes")
	if _, tried := d.Try(t.Context(), nil); tried {
		t.Error("it starts itself again")
	}
}

func TestAVersionThatWasInstalledByHandIsNotTried(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, tried := d.Try(t.Context(), nil); tried {
		t.Error("there is nothing to go back to")
	}
	d.Kind = update.Archive // has a script for it
	d.upgrade("1.2.0", 2)
	if _, tried := d.Try(t.Context(), nil); tried {
		t.Error("two try it")
	}
}
