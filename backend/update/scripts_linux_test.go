package update_test

import (
	"archive/tar"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/update"
)

// laptop is a user's own folder, with a name that is hard on scripts.
type laptop struct {
	maker
	home string
}

func newLaptop(t *testing.T) laptop {
	t.Helper()
	return laptop{newMaker(t), filepath.Join(t.TempDir(), `لينا "O'Brien" $HOME 100%`)}
}

// pack makes an archive like those of build/package.sh, of programs that say
// their version and end with a status.
func (l laptop) pack(version string, status int) []byte {
	l.t.Helper()
	top := "nectar-" + version + "-linux-amd64/"
	program := fmt.Sprintf("#!/bin/sh\necho \"%s $*\"\nexit %d\n", version, status)
	entries := []tar.Header{
		plainFile(top+"VERSION", version+"\n"), plainFile(top+"LICENSE", ""), plainFile(top+"THIRD-PARTY.txt", ""),
		plainFile(top+"programs/nectar", program), plainFile(top+"programs/nectar-window", program),
		plainFile(top+"share/icons/hicolor/16x16/apps/nectar.png", ""), plainFile(top+"share/man/man1/nectar.1.gz", ""),
	}
	for name, path := range map[string]string{
		"install.sh": "install.sh", "start": "start", "share/applications/nectar.desktop": "nectar.desktop",
	} {
		text, err := os.ReadFile(filepath.Join("../../build/linux", path))
		if err != nil {
			l.t.Fatal(err)
		}
		entries = append(entries, plainFile(top+name, string(text)))
	}
	return archive(l.t, entries...)
}

// run runs a program as the user of the laptop does.
func (l laptop) run(name string, arguments ...string) (output string, status int) {
	l.t.Helper()
	command := exec.CommandContext(l.t.Context(), name, arguments...)
	command.Env = append(os.Environ(), "HOME="+l.home, "XDG_DATA_HOME=")
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		l.t.Fatal(err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// unpacked answers install.sh in an unpacked archive.
func (l laptop) unpacked(version string, status int) string {
	l.t.Helper()
	folder := l.t.TempDir()
	l.write(filepath.Join(folder, "a.tar.gz"), l.pack(version, status))
	if out, err := exec.CommandContext(l.t.Context(), "tar", "-xzf", filepath.Join(folder, "a.tar.gz"), "-C", folder, "--strip-components=1").CombinedOutput(); err != nil {
		l.t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(folder, "install.sh")
}

// install installs a version by hand and answers it as a program.
func (l laptop) install(version string, status int) update.Program {
	l.t.Helper()
	if err := os.MkdirAll(l.home, 0o700); err != nil {
		l.t.Fatal(err)
	}
	if out, status := l.run("sh", l.unpacked(version, status)); status != 0 {
		l.t.Fatalf("install.sh ends with %d: %s", status, out)
	}
	p := l.program()
	p.Home = filepath.Join(l.home, ".local/lib/nectar")
	return p
}

// upgrade installs a version from a drive, as the program does.
func (l laptop) upgrade(p update.Program, version string, status int) {
	l.t.Helper()
	drive := l.t.TempDir()
	l.put(drive, version, l.pack(version, status))
	offer, err := p.Look(l.t.Context(), drive)
	if err != nil || offer == nil {
		l.t.Fatalf("%+v, %v", offer, err)
	}
	path, err := p.Fetch(l.t.Context(), *offer, filepath.Join(l.t.TempDir(), "updates"))
	if err != nil {
		l.t.Fatal(err)
	}
	if err := p.Install(l.t.Context(), path, update.Trial{Version: version, Folder: "/data", Backup: "backup-0001"}); err != nil {
		l.t.Fatal(err)
	}
}

func (l laptop) command() string { return filepath.Join(l.home, ".local/bin/nectar") }

func (l laptop) starts(want string, arguments ...string) {
	l.t.Helper()
	if out, _ := l.run(l.command(), arguments...); !strings.HasSuffix(out, want+" "+strings.Join(arguments, " ")+"\n") {
		l.t.Errorf("it starts %q, want %s", out, want)
	}
}

// Nothing here may run in parallel: HOME is of the process in Install.
func TestAnUpdateIsOnTrialUntilItsWindowWasSeen(t *testing.T) {
	l := newLaptop(t)
	t.Setenv("HOME", l.home)
	t.Setenv("XDG_DATA_HOME", "")
	p := l.install("1.0.0", 0)
	l.starts("1.0.0")
	l.upgrade(p, "1.2.0", 0)
	l.starts("1.2.0", "jobs", "list")
	if err := p.Proven(); err != nil {
		t.Fatal(err)
	}
	if _, returned := p.Failed(); returned {
		t.Error("it counts as failed")
	}
	l.starts("1.2.0")
	if err := p.Proven(); err != nil {
		t.Errorf("twice: %v", err)
	}
}

func TestAVersionThatDoesNotStartGivesWay(t *testing.T) {
	l := newLaptop(t)
	t.Setenv("HOME", l.home)
	t.Setenv("XDG_DATA_HOME", "")
	p := l.install("1.0.0", 0)
	for _, status := range []int{2, 127, 139} {
		l.upgrade(p, "1.2.0", status)
		l.starts("1.0.0")
		trial, returned := p.Failed()
		if !returned || trial != (update.Trial{Version: "1.2.0", Folder: "/data", Backup: "backup-0001"}) {
			t.Errorf("after the status %d: %+v, %v", status, trial, returned)
		}
		if err := p.Forget(); err != nil {
			t.Fatal(err)
		}
		l.starts("1.0.0")
	}
}

func TestARefusedCommandIsNoFailedStart(t *testing.T) {
	l := newLaptop(t)
	t.Setenv("HOME", l.home)
	t.Setenv("XDG_DATA_HOME", "")
	p := l.install("1.0.0", 0)
	l.upgrade(p, "1.2.0", 2)
	l.starts("1.2.0", "jobs", "show", "nothing")
	if _, returned := p.Failed(); returned {
		t.Error("a command that was refused brought the old version back")
	}
}

func TestAVersionThatWasSeenFailsOnItsOwn(t *testing.T) {
	l := newLaptop(t)
	t.Setenv("HOME", l.home)
	t.Setenv("XDG_DATA_HOME", "")
	p := l.install("1.0.0", 0)
	l.upgrade(p, "1.2.0", 1)
	if err := p.Proven(); err != nil {
		t.Fatal(err)
	}
	l.starts("1.2.0")
}

func TestInstallingForOneUserLeavesTheirDataAlone(t *testing.T) {
	l := newLaptop(t)
	l.install("1.0.0", 0)
	l.install("1.1.0", 0)
	l.install("1.1.0", 0) // once more
	l.starts("1.1.0")
	entry, err := os.ReadFile(filepath.Join(l.home, ".local/share/applications/nectar.desktop"))
	if err != nil || !strings.Contains(string(entry), `Exec=/bin/sh "`) {
		t.Errorf("the entry of the menu: %v\n%s", err, entry)
	}
	data := filepath.Join(l.home, ".local/share/nectar/app.sqlite3")
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		t.Fatal(err)
	}
	l.write(data, []byte("jobs"))
	if out, status := l.run("sh", filepath.Join(l.home, ".local/lib/nectar/install.sh"), "--uninstall"); status != 0 || !strings.Contains(out, "stay") {
		t.Errorf("uninstalling ends with %d: %s", status, out)
	}
	var left []string
	err = filepath.WalkDir(l.home, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasSuffix(path, ".cache") { // of the desktop
			left = append(left, path)
		}
		return err
	})
	if err != nil || len(left) != 1 || left[0] != data {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestSomebodyElsesCommandIsNotReplaced(t *testing.T) {
	l := newLaptop(t)
	l.install("1.0.0", 0)
	if err := os.Remove(l.command()); err != nil {
		t.Fatal(err)
	}
	l.write(l.command(), []byte("mine"))
	if out, status := l.run("sh", l.unpacked("1.1.0", 0)); status == 0 {
		t.Errorf("it was replaced: %s", out)
	}
	if got, err := os.ReadFile(l.command()); err != nil || string(got) != "mine" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestHowAProgramWasInstalled(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "لينة and spaces", "lib", "nectar")
	program := filepath.Join(home, "versions", "1.0.0", "nectar")
	if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
		t.Fatal(err)
	}
	m := newMaker(t)
	m.write(program, nil)
	if p := update.Running("1.0.0", "", program); p.Kind != update.None {
		t.Errorf("without the script: %+v", p)
	}
	m.write(filepath.Join(home, "start"), nil)
	link := filepath.Join(t.TempDir(), "nectar")
	if err := os.Symlink(program, link); err != nil {
		t.Skip("this file system has no links")
	}
	key := base64.StdEncoding.EncodeToString(make([]byte, ed25519.PublicKeySize))
	p := update.Running("1.0.0", key, link)
	if p.Kind != update.Archive || filepath.Base(filepath.Dir(p.Home)) != "lib" || len(p.Key) != ed25519.PublicKeySize {
		t.Errorf("in the user's own folder: %+v", p)
	}
	if p := update.Running("1.0.0", "nonsense", "/usr/lib/nectar/nectar"); p.Kind != update.Debian || p.Key != nil {
		t.Errorf("from the package of the system: %+v", p)
	}
}
