package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nectar/backend/cli"
	"nectar/backend/clock"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// busy is a laptop whose imports tell when they copy, and then do what the
// test says.
func busy(copying func(context.Context, *task.Run) error) laptop {
	return laptop{tasks: func(content string) []task.Declared {
		return []task.Declared{diskImport(content, copying)}
	}}
}

// untilStopped copies half and then waits for the end of its context.
func untilStopped(began chan<- struct{}) func(context.Context, *task.Run) error {
	return func(ctx context.Context, run *task.Run) error {
		run.SetProgress(50, 100)
		began <- struct{}{}
		<-ctx.Done()
		return context.Cause(ctx)
	}
}

type answered struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Progress int64  `json:"progress"`
	History  []struct {
		Outcome string `json:"outcome"`
	} `json:"history"`
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	decoder := json.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		t.Fatalf("not exactly one JSON document (%v): %s", err, text)
	}
	return value
}

func TestTheFirstSignalStopsSafely(t *testing.T) {
	t.Parallel()
	data, usb := filepath.Join(t.TempDir(), "data"), t.TempDir()
	makeDrive(t, usb)
	began, signals := make(chan struct{}, 1), make(chan os.Signal, 1)
	go func() {
		<-began
		signals <- os.Interrupt
	}()
	first := busy(untilStopped(began)).call(t, data, signals, "import", "Blockly Games", "--from", usb, "--json")
	if first.status != 130 || first.stderr.Len() > 0 {
		t.Fatalf("status %d, stderr %s", first.status, &first.stderr)
	}
	stopped := decode[answered](t, first.stdout.String())
	if stopped.Status != "QUEUED" || stopped.Progress != 50 || len(stopped.History) != 1 || stopped.History[0].Outcome != "interrupted" {
		t.Errorf("the job stands at %+v", stopped)
	}

	again := busy(func(context.Context, *task.Run) error { return nil }).
		call(t, data, nil, "import", "Blockly Games", "--from", usb, "--json")
	done := decode[answered](t, again.stdout.String())
	if again.status != 0 || done.ID != stopped.ID || done.Status != "COMPLETED" || len(done.History) != 2 {
		t.Errorf("the same command later: status %d, %+v", again.status, done)
	}
}

func TestTheFirstSignalSaysHowTheJobStands(t *testing.T) {
	t.Parallel()
	usb := t.TempDir()
	makeDrive(t, usb)
	began, signals := make(chan struct{}, 1), make(chan os.Signal, 1)
	go func() {
		<-began
		signals <- os.Interrupt
	}()
	c := busy(untilStopped(began)).call(t, filepath.Join(t.TempDir(), "data"), signals, "import", "Blockly Games", "--from", usb)
	if c.status != 130 || !strings.Contains(c.stdout.String(), "Stopped safely") {
		t.Errorf("status %d, output %s", c.status, &c.stdout)
	}
}

func TestTheSecondSignalStopsAtOnce(t *testing.T) {
	t.Parallel()
	usb := t.TempDir()
	makeDrive(t, usb)
	began, stubborn, signals := make(chan struct{}), make(chan struct{}), make(chan os.Signal)
	ended := make(chan struct{})
	l := busy(func(ctx context.Context, _ *task.Run) error {
		defer close(ended)
		began <- struct{}{}
		<-stubborn
		return ctx.Err()
	})
	go func() {
		<-began
		signals <- os.Interrupt
		signals <- os.Interrupt
	}()
	data := filepath.Join(t.TempDir(), "data")
	c := l.call(t, data, signals, "import", "Blockly Games", "--from", usb, "--json")
	if c.status != 130 {
		t.Errorf("status %d", c.status)
	}
	close(stubborn)
	<-ended
	untilFree(t, data)
}

// untilFree waits until nobody owns the data folder any more.
func untilFree(t *testing.T, path string) {
	t.Helper()
	for {
		lock, err := datadir.Peek(path).Lock()
		if err == nil {
			_ = lock.Unlock()
			return
		}
		if fault.CodeOf(err) != fault.InUse {
			t.Fatal(err)
		}
		<-time.After(10 * time.Millisecond)
	}
}

func TestWorkEndsAtTheFirstSignal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"as it is meant to", []string{"work", "--json"}, 0},
		{"and was not idle yet", []string{"work", "--until-idle", "--json"}, 130},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data, usb := filepath.Join(t.TempDir(), "data"), t.TempDir()
			makeDrive(t, usb)
			began, signals := make(chan struct{}, 1), make(chan os.Signal, 1)
			l := busy(untilStopped(began))
			if stored := l.call(t, data, nil, "import", "Blockly Games", "--from", usb, "--no-wait"); stored.status != 0 {
				t.Fatalf("store: %s", &stored.stderr)
			}
			go func() {
				<-began
				signals <- os.Interrupt
			}()
			got := l.call(t, data, signals, c.args...)
			if got.status != c.want {
				t.Errorf("status %d, want %d: %s", got.status, c.want, &got.stderr)
			}
			answer := decode[struct {
				Counts map[string]int64 `json:"counts"`
			}](t, got.stdout.String())
			if answer.Counts["QUEUED"] != 1 {
				t.Errorf("counts %v: the job does not go on next time", answer.Counts)
			}
		})
	}
}

func TestASignalEndsACommandThatOnlyReads(t *testing.T) {
	t.Parallel()
	signals := make(chan os.Signal, 1)
	c := &console{}
	c.status = cli.Run(t.Context(), []string{"channels", "--json"}, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &c.stdout, Stderr: &c.stderr, Signals: signals,
		Open: func(string) cli.Open {
			return func(ctx context.Context, _ cli.Mode) (*cli.Session, error) {
				signals <- os.Interrupt
				<-ctx.Done()
				return nil, ctx.Err()
			}
		},
	})
	if c.status != 130 || c.stdout.Len()+c.stderr.Len() > 0 {
		t.Errorf("status %d, wrote %s%s", c.status, &c.stdout, &c.stderr)
	}
}

// lines hands on each line of what is written to it.
type lines struct {
	mu    sync.Mutex
	text  strings.Builder // guarded by mu
	wrote chan string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.text.Write(p)
	l.mu.Unlock()
	if strings.Contains(string(p), "%") {
		l.wrote <- string(p)
	}
	return len(p), nil
}

// jumpy is a clock on which every look costs a second, so that each step of
// progress is shown.
type jumpy struct {
	clock.Clock

	seconds atomic.Int64
}

func newJumpy() *jumpy {
	j := &jumpy{Clock: clock.Plain()}
	j.seconds.Store(time.Now().Unix())
	return j
}

func (j *jumpy) Now() time.Time { return time.Unix(j.seconds.Load(), 0) }

func (j *jumpy) Elapsed() time.Duration { return time.Duration(j.seconds.Add(1)) * time.Second }

func TestProgressIsShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		want     []string
	}{
		{"in lines where there is no terminal", false, []string{"\n  20 %  20 MB of 100 MB", " a second", " left\n", "\n  40 %  "}},
		{"as a bar on a terminal", true, []string{"█", "20 MB of 100 MB", "\r\x1b[K"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			usb := t.TempDir()
			makeDrive(t, usb)
			out := &lines{wrote: make(chan string, 100)}
			l := busy(func(_ context.Context, run *task.Run) error {
				for done := int64(20); done < 100; done += 20 {
					run.SetProgress(done*1e6, 100e6)
					<-out.wrote
					if c.terminal {
						return nil
					}
				}
				return nil
			})
			l.clock = newJumpy()
			data := filepath.Join(t.TempDir(), "data")
			status := cli.Run(t.Context(), []string{"import", "Blockly Games", "--from", usb}, cli.Env{
				Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Terminal: c.terminal, Width: 100,
				Open: func(string) cli.Open { return l.open(data) },
			})
			out.mu.Lock()
			defer out.mu.Unlock()
			for _, want := range c.want {
				if status != 0 || !strings.Contains(out.text.String(), want) {
					t.Errorf("status %d, no %q in %q", status, want, out.text.String())
				}
			}
		})
	}
}
