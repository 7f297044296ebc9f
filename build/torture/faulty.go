package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// faulty is a disk of ours that fails on demand and logs what is written.
type faulty struct {
	mount   string
	process *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Scanner
}

// whyNoFaulty answers why there can be no such disk here, or "".
func whyNoFaulty() string {
	switch _, err := os.Stat("/dev/fuse"); {
	case err != nil:
		return "there is no /dev/fuse"
	case os.Getuid() != 0:
		return "mounting needs root"
	}
	return ""
}

// faulty mounts a disk.
func (r *rig) faulty(ctx context.Context, name string) (*faulty, error) {
	program := filepath.Join(r.folder, "faultfs")
	if _, err := os.Stat(program); err != nil {
		build := exec.CommandContext(ctx, "go", "build", "-C", "build/torture/faultfs", "-o", program, ".")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("build faultfs: %w", err)
		}
	}
	back := filepath.Join(r.folder, name+"-below")
	f := &faulty{mount: filepath.Join(r.folder, name)}
	for _, folder := range []string{back, f.mount} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
	}
	f.process = exec.CommandContext(context.WithoutCancel(ctx), program, back, f.mount)
	f.process.Stderr = os.Stderr
	f.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	var err error
	if f.input, err = f.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := f.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	f.output = bufio.NewScanner(out)
	if err := f.process.Start(); err != nil {
		return nil, err
	}
	if !f.output.Scan() || f.output.Text() != "ready" {
		return nil, fmt.Errorf("faultfs does not start: %w", f.process.Wait())
	}
	return f, nil
}

// say gives an order and answers the number of changes so far.
func (f *faulty) say(format string, args ...any) (position int, err error) {
	if _, err := fmt.Fprintf(f.input, format+"\n", args...); err != nil {
		return 0, err
	}
	f.output.Scan()
	if _, err := fmt.Sscanf(f.output.Text(), "ok %d", &position); err != nil {
		return 0, fmt.Errorf("faultfs says %q to %q", f.output.Text(), strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	return position, nil
}

// gone takes the disk away.
func (f *faulty) gone() error {
	if err := f.input.Close(); err != nil {
		return err
	}
	return f.process.Wait()
}
