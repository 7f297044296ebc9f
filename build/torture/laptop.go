package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"nectar/backend/handover"
)

// laptop is a data folder with the processes that use it.
type laptop struct {
	rig    *rig
	folder string
	env    []string // besides, for its processes
	input  string   // what the next process reads
}

func (r *rig) laptop(name string) *laptop {
	return &laptop{rig: r, folder: filepath.Join(r.folder, name)}
}

// process is a process of the program.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	ended          chan struct{}
}

// start starts the program.
func (l *laptop) start(args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(context.Background(), l.rig.program, args...), ended: make(chan struct{})}
	p.cmd.Env = append([]string{
		"NECTAR_DATA=" + l.folder, "XDG_RUNTIME_DIR=" + l.rig.runtime(), "HOME=" + l.rig.folder, "TMPDIR=" + l.rig.folder,
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "GOTRACEBACK=all",
	}, l.env...)
	p.cmd.Dir = l.rig.folder
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = strings.NewReader(l.input), &p.stdout, &p.stderr
	l.input = ""
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p.cmd.WaitDelay = patience
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait()
	}()
	return p, nil
}

// call carries out a command and answers how it ended. One that does not end is
// killed, and answers errImpatient.
func (l *laptop) call(ctx context.Context, args ...string) (*process, error) {
	p, err := l.start(args...)
	if err != nil {
		return nil, err
	}
	return p, p.wait(ctx, patience)
}

// tell is call for a command that answers JSON, which is decoded.
func (l *laptop) tell(ctx context.Context, into any, args ...string) error {
	p, err := l.call(ctx, append([]string{"--json"}, args...)...)
	if err != nil {
		return err
	}
	if into == nil || p.status() != 0 {
		return p.failed()
	}
	return json.Unmarshal(p.stdout.Bytes(), into)
}

// failed answers what the process said when it did not end with 0.
func (p *process) failed() error {
	if p.status() == 0 {
		return nil
	}
	return fmt.Errorf("%q ended with %d: %s %s", p.cmd.Args[1:], p.status(), clip(p.stdout.String()), clip(p.stderr.String()))
}

func clip(text string) string {
	const limit = 2000
	if len(text) > limit {
		return text[:limit] + "…"
	}
	return text
}

// wait waits for the end. A process that does not end is killed.
func (p *process) wait(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
		p.kill()
		return context.Cause(ctx)
	case <-timer.C:
		_ = p.cmd.Process.Signal(syscall.SIGABRT) // Go says where it stands
		select {
		case <-p.ended:
		case <-time.After(10 * time.Second):
			p.kill()
		}
		return fmt.Errorf("%q: %w: %s", p.cmd.Args[1:], errImpatient, clip(p.stderr.String()))
	}
}

// kill ends the process at once, as the loss of power does to a program.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop ends the process as a system does that shuts down.
func (p *process) stop(ctx context.Context) error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	return p.wait(ctx, patience)
}

func (p *process) dead() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// status is the exit status, -1 when a signal ended the process.
func (p *process) status() int { return p.cmd.ProcessState.ExitCode() }

// errEnded is a process that ended instead of going on.
var errEnded = errors.New("the process ended")

// work starts a process that runs due jobs and waits until it serves others.
func (l *laptop) work(ctx context.Context, args ...string) (*process, error) {
	p, err := l.start(append([]string{"work"}, args...)...)
	if err != nil {
		return nil, err
	}
	return p, l.serves(ctx, p)
}

// serves waits until a process that was started serves others.
func (l *laptop) serves(ctx context.Context, p *process) error {
	err := await(ctx, patience, func() bool { return p.dead() || l.served(ctx) == p.cmd.Process.Pid })
	if err == nil && p.dead() {
		err = fmt.Errorf("%w: %w", errEnded, p.failed())
	}
	return err
}

// served answers the process that carries out the commands of others, 0 when
// there is none.
func (l *laptop) served(ctx context.Context) int {
	client, err := handover.Dial(ctx, l.folder)
	if err != nil {
		return 0
	}
	defer func() { _ = client.Close() }()
	return client.PID()
}
