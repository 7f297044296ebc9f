package backend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"nectar/backend"
	"nectar/backend/cli"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// processEnv makes the test binary another process of the program: "command"
// carries out its arguments, "window" keeps the folder that is its argument,
// as the window does, until its standard input ends.
const processEnv = "NECTAR_TEST_PROCESS"

func TestMain(m *testing.M) {
	backend.LeaveTheNetworkAlone()
	backend.LeaveThePowerAlone(newCurrent(100, true))
	switch os.Getenv(processEnv) {
	case "command":
		signals := make(chan os.Signal, 2)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		os.Exit(backend.CommandLine(context.Background(), backend.Config{}.With(testPlugins()...), os.Args[1:], cli.Env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Signals: signals, PIN: os.Getenv("NECTAR_PIN"),
		}))
	case "window":
		os.Exit(window(os.Args[1], strings.Join(os.Args[2:], "")))
	}
	os.Exit(m.Run())
}

func window(folder, given string) int {
	say := func(text string) { _, _ = fmt.Fprintln(os.Stdout, text) }
	ctx := context.Background()
	if backend.ShowWindow(ctx, folder, given) {
		say("the first is shown")
		return 0
	}
	owner, err := backend.OwnForWindow(ctx, backend.Config{Folder: folder}.With(testPlugins()...), given, func(given string) { say("shown" + given) })
	if err == nil {
		err = owner.Start(ctx)
	}
	if err != nil {
		say(err.Error())
		return 2
	}
	say("open")
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	select {
	case <-closed:
	case <-owner.Stopping():
	}
	if err := owner.Close(ctx); err != nil {
		say(err.Error())
		return 1
	}
	return 0
}

// holdArgs are the arguments of test.hold, a task whose run lasts until the
// test lets it go.
type holdArgs struct {
	Place    string `json:"place"` // a folder, in which the run says that it has begun
	Key      string `json:"key,omitzero"`
	Problems int    `json:"problems,omitzero"`
	Fail     bool   `json:"fail,omitzero"`
	// Doubt holds up the request itself, before it is stored.
	Doubt bool `json:"doubt,omitzero"`
}

func testPlugins() []task.Plugin {
	return []task.Plugin{{
		Tasks: []task.Declared{task.Define(task.Spec[holdArgs]{
			Name: "test.hold", Summary: "Wait to be let go", Permission: task.SignedIn, Cancellable: true,
			OnInterruption: task.Rerun, ExclusiveKey: func(a holdArgs) string { return a.Key },
			Validate: func(ctx context.Context, r task.Request[holdArgs]) (task.Validated[holdArgs], error) {
				var err error
				if r.Args.Doubt {
					err = hold(ctx, r.Args.Place, "doubted")
				}
				return task.Validated[holdArgs]{Args: r.Args}, err
			},
			Run: func(ctx context.Context, run *task.Run, a holdArgs) (any, error) {
				for i := range a.Problems {
					run.Problem(task.Problem{Code: fault.FileMissing, Params: fault.Params{"title": "x", "file": "y"}, Item: fmt.Sprint(i)})
				}
				if err := hold(ctx, a.Place, "begun"); err != nil {
					return nil, err
				}
				if a.Fail {
					return nil, fault.New(fault.SourceGone, "path", "x")
				}
				return "let go", nil
			},
		})},
		Texts: fstest.MapFS{},
	}}
}

// hold says in the folder that it has begun, and lasts until the folder holds
// a file "go".
func hold(ctx context.Context, place, begun string) error {
	if err := os.WriteFile(filepath.Join(place, begun), nil, 0o600); err != nil {
		return err
	}
	return await(ctx, filepath.Join(place, "go"))
}

// await waits until there is a file.
func await(ctx context.Context, path string) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-look.C:
		}
	}
}

// laptop is a data folder that several processes use.
type laptop struct {
	t       *testing.T
	folder  string
	runtime string
	pin     string // in the environment of its processes
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	sockets, err := os.MkdirTemp("", "nectar") //nolint:usetesting // short, as the path of a socket has to be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	return &laptop{t: t, folder: t.TempDir(), runtime: sockets}
}

// place is a folder for a job of test.hold.
type place struct {
	t    *testing.T
	path string
}

func (l *laptop) place() place { return place{l.t, l.t.TempDir()} }

// args are the arguments of a job in this place.
func (p place) args(more ...string) string {
	path, err := json.Marshal(p.path)
	if err != nil {
		p.t.Fatal(err)
	}
	return fmt.Sprintf(`{"place": %s%s}`, path, strings.Join(append([]string{""}, more...), ", "))
}

func (p place) letGo() {
	if err := os.WriteFile(filepath.Join(p.path, "go"), nil, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// begun waits until the job has begun to run, and forgets it.
func (p place) begun() { p.saw("begun") }

func (p place) saw(what string) {
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	path := filepath.Join(p.path, what)
	if err := await(ctx, path); err != nil {
		p.t.Fatalf("nothing has %s: %v", what, err)
	}
	if err := os.Remove(path); err != nil {
		p.t.Fatal(err)
	}
}

// process is another process of the program.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *heard
	stderr *heard
	once   sync.Once
	status int
}

// heard collects what a process says.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

func (l *laptop) launch(kind string, args ...string) *process {
	l.t.Helper()
	p := &process{t: l.t, stdout: &heard{}, stderr: &heard{}}
	p.cmd = exec.CommandContext(l.t.Context(), os.Args[0], args...)
	p.cmd.Env = append(os.Environ(), processEnv+"="+kind, "NECTAR_DATA="+l.folder, "XDG_RUNTIME_DIR="+l.runtime, "NECTAR_PIN="+l.pin)
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		l.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		p.wait()
	})
	return p
}

// begin starts a command and answers while it runs.
func (l *laptop) begin(args ...string) *process {
	l.t.Helper()
	return l.launch("command", args...)
}

// call carries out a command in a process of its own.
func (l *laptop) call(args ...string) *process {
	l.t.Helper()
	p := l.begin(args...)
	p.wait()
	return p
}

// window starts a window and waits until it is open.
func (l *laptop) window() *process {
	l.t.Helper()
	p := l.launch("window", l.folder)
	p.says("open\n")
	return p
}

// wait answers the exit status.
func (p *process) wait() int {
	p.once.Do(func() {
		err := p.cmd.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.status = -2
			return
		}
		p.status = p.cmd.ProcessState.ExitCode()
	})
	return p.status
}

// says waits until the process has said something.
func (p *process) says(text string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !strings.Contains(p.stdout.String(), text) {
		if time.Now().After(deadline) {
			p.t.Fatalf("the process said %q and %q, not %q", p.stdout, p.stderr, text)
		}
		<-look.C
	}
}

// close ends a window and waits until it has ended.
func (p *process) close() {
	p.t.Helper()
	if err := p.stdin.Close(); err != nil {
		p.t.Fatal(err)
	}
	if status := p.wait(); status != 0 {
		p.t.Errorf("the window ends with %d: %s", status, p.stdout)
	}
}

func (p *process) interrupt() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
}

// told is what a command says of a job.
type told struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	History []struct {
		Outcome string `json:"outcome"`
	} `json:"history"`
}

// answers checks the exit status and decodes the one JSON document on standard
// output, beside which there is nothing.
func answers[T any](p *process, status int) T {
	p.t.Helper()
	got := p.wait()
	return document[T](p, got, status, p.stdout, p.stderr)
}

// refusal is the JSON of an error.
type refusal struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// refuses checks the exit status and the one JSON document on standard error,
// beside which there is nothing.
func refuses(p *process, status int, code fault.Code) {
	p.t.Helper()
	got := p.wait()
	if said := document[refusal](p, got, status, p.stderr, p.stdout); said.Error.Code != string(code) || said.Error.Message == "" {
		p.t.Errorf("%q refuses with %+v, want %s", p.cmd.Args[1:], said.Error, code)
	}
}

func document[T any](p *process, got, want int, on, beside *heard) T {
	p.t.Helper()
	var value T
	decoder := json.NewDecoder(strings.NewReader(on.String()))
	err := decoder.Decode(&value)
	if got != want || err != nil || decoder.More() || beside.String() != "" {
		p.t.Errorf("%q: status %d, want %d; %v\nstdout %s\nstderr %s", p.cmd.Args[1:], got, want, err, p.stdout, p.stderr)
	}
	return value
}
