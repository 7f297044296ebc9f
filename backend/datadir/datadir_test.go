package datadir_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/datadir"
	"nectar/backend/fault"
)

// childTask is what the test binary does instead of its tests when a test
// starts it as another process.
const childTask = "NECTAR_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childTask) {
	case "":
		os.Exit(m.Run())
	case "own":
		own(os.Args[1])
	case "default":
		path, err := datadir.Default()
		fmt.Println(path, err)
	}
}

// own holds a data folder until its standard input ends or it is killed.
func own(path string) {
	dir, err := datadir.Open(path)
	if err == nil {
		_, err = dir.Lock()
	}
	fmt.Println(err)
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("the folders are made, the outer one for this user alone", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "new", "nectar")
		dir, err := datadir.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{
			"database":  filepath.Join(path, "app.sqlite3"),
			"databases": filepath.Join(path, "content", "databases"),
			"storage":   filepath.Join(path, "content", "storage"),
			"logs":      filepath.Join(path, "logs"),
			"backups":   filepath.Join(path, "backups"),
			"lock":      filepath.Join(path, "lock"),
		}
		got := map[string]string{
			"database": dir.Database(), "databases": dir.Databases(), "storage": dir.Storage(),
			"logs": dir.Logs(), "backups": dir.Backups(), "lock": dir.LockFile(),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, folder := range []string{dir.Content(), dir.Databases(), dir.Storage(), dir.Logs(), dir.Backups()} {
			if info, err := os.Stat(folder); err != nil || !info.IsDir() {
				t.Errorf("%s is no folder: %v", folder, err)
			}
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o700 {
			t.Errorf("others may look into the folder: %o", mode)
		}
		if datadir.Exists(path) {
			t.Error("a folder without a database counts as one with data")
		}
	})

	t.Run("an existing folder keeps what is in it", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		if err := os.WriteFile(filepath.Join(path, "app.sqlite3"), []byte("data"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := datadir.Open(path); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(path, "app.sqlite3")); err != nil || string(data) != "data" {
			t.Errorf("the database is %q, %v", data, err)
		}
		if !datadir.Exists(path) {
			t.Error("the database is not seen")
		}
	})

	t.Run("a file in place of the folder is refused", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := datadir.Open(path)
		wantFault(t, err, fault.NoWrite, path)
	})

	t.Run("a folder below a file is refused", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(file, "nectar")
		_, err := datadir.Open(path)
		wantFault(t, err, fault.NoWrite, path)
	})

	t.Run("a folder that cannot be written is refused", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		// What cannot be opened for writing whoever asks, even the superuser.
		if err := os.Mkdir(filepath.Join(path, "lock"), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := datadir.Open(path)
		wantFault(t, err, fault.NoWrite, path)
	})
}

func TestLookingMakesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nectar")
	if datadir.Exists(path) {
		t.Error("a folder that is not there counts as data")
	}
	if got := datadir.Peek(path).Path(); got != path {
		t.Errorf("Peek(%q) is at %q", path, got)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking made the folder: %v", err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, flag, env, want string }{
		{"the flag wins", "flag", "env", filepath.Join(here, "flag")},
		{"the environment comes next", "", "env", filepath.Join(here, "env")},
		{"an absolute path stays", filepath.Join(here, "x"), "", filepath.Join(here, "x")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, err := datadir.Resolve(c.flag, c.env); err != nil || got != c.want {
				t.Errorf("Resolve(%q, %q) = %q, %v; want %q", c.flag, c.env, got, err, c.want)
			}
		})
	}
	t.Run("nothing given means the default", func(t *testing.T) {
		t.Parallel()
		want, wantErr := datadir.Default()
		if got, err := datadir.Resolve("", ""); got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("got %q, %v; want %q, %v", got, err, want, wantErr)
		}
	})
}

func TestDefaultFollowsThePlatform(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the variable is one of Linux")
	}
	data := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childTask+"=default", "XDG_DATA_HOME="+data)
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(string(out)), filepath.Join(data, "nectar")+" <nil>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if entries, err := os.ReadDir(data); err != nil || len(entries) != 0 {
		t.Errorf("asking for the folder made %v, %v", entries, err)
	}
}

func TestLock(t *testing.T) {
	t.Parallel()

	t.Run("a second process is told who the first one is", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		child := startOwner(t, path)
		dir := open(t, path)
		_, err := dir.Lock()
		wantFault(t, err, fault.InUse, path)
		if got := fault.Of(err).Params["pid"]; got != child.Process.Pid {
			t.Errorf("the owner is %v, want %d", got, child.Process.Pid)
		}
	})

	t.Run("the lock of a killed process does not block", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		child := startOwner(t, path)
		kill(t, child)
		lock, err := open(t, path).Lock()
		if err != nil {
			t.Fatal(err)
		}
		if err := lock.Unlock(); err != nil {
			t.Error(err)
		}
	})

	t.Run("one process does not own a folder twice", func(t *testing.T) {
		t.Parallel()
		dir := open(t, t.TempDir())
		lock, err := dir.Lock()
		if err != nil {
			t.Fatal(err)
		}
		_, err = dir.Lock()
		wantFault(t, err, fault.InUse, dir.Path())

		if err := lock.Unlock(); err != nil {
			t.Fatal(err)
		}
		again, err := dir.Lock()
		if err != nil {
			t.Fatal(err)
		}
		if err := lock.Unlock(); err != nil {
			t.Errorf("a second Unlock answers %v", err)
		}
		_, err = dir.Lock()
		wantFault(t, err, fault.InUse, dir.Path())
		if err := again.Unlock(); err != nil {
			t.Error(err)
		}
	})

	t.Run("an owner that did not sign is an owner", func(t *testing.T) {
		t.Parallel()
		dir := open(t, t.TempDir())
		lock, err := dir.Lock()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = lock.Unlock() }()
		if err := os.WriteFile(filepath.Join(dir.Path(), "owner.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = dir.Lock()
		wantFault(t, err, fault.InUse, dir.Path())
	})
}

func open(t *testing.T, path string) *datadir.Dir {
	t.Helper()
	dir, err := datadir.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func kill(t *testing.T, process *exec.Cmd) {
	t.Helper()
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // it was killed
}

// startOwner starts another process and waits until it owns the folder.
func startOwner(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], path)
	child.Env = append(os.Environ(), childTask+"=own")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = child.Wait()
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || said != "<nil>\n" {
		t.Fatalf("the other process says %q, %v", said, err)
	}
	return child
}

func wantFault(t *testing.T, err error, code fault.Code, path string) {
	t.Helper()
	if got := fault.CodeOf(err); got != code {
		t.Fatalf("the error is %v, want the code %s", err, code)
	}
	if got := fault.Of(err).Params["path"]; got != path {
		t.Errorf("the fault names %v, want %s", got, path)
	}
}

func TestHolder(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if pid, _, held := datadir.Peek(path).Holder(); held {
		t.Errorf("a new folder is held by %d", pid)
	}
	child := startOwner(t, path)
	pid, since, held := datadir.Peek(path).Holder()
	if !held || pid != child.Process.Pid || since.IsZero() {
		t.Errorf("held by %d since %v: %v; want %d", pid, since, held, child.Process.Pid)
	}
	kill(t, child)
	if pid, _, held := datadir.Peek(path).Holder(); held {
		t.Errorf("held by %d, which is dead", pid)
	}
}

// A number is used again, soonest after the laptop was started anew.
func TestAProcessOfTheSameNumberHoldsNothing(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	child := startOwner(t, path)
	kill(t, child)
	file := filepath.Join(path, "owner.json")
	signed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	number := func(pid int) string { return fmt.Sprintf(`"pid":%d,`, pid) }
	ours := strings.Replace(string(signed), number(child.Process.Pid), number(os.Getpid()), 1)
	if err := os.WriteFile(file, []byte(ours), 0o600); err != nil {
		t.Fatal(err)
	}
	if pid, _, held := datadir.Peek(path).Holder(); held {
		t.Errorf("held by %d, which has the number of one that is dead: %s", pid, ours)
	}
	// One that could not say when it began is believed by its number alone.
	if err := os.WriteFile(file, []byte(`{`+number(os.Getpid())+`"since":"2026-05-01T12:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if pid, _, held := datadir.Peek(path).Holder(); !held || pid != os.Getpid() {
		t.Errorf("held by %d: %v", pid, held)
	}
}
