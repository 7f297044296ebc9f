package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
)

// screen is a display that nobody sees.
type screen struct {
	server *exec.Cmd
	name   string
}

func newScreen(ctx context.Context) (*screen, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = read.Close() }()
	s := &screen{server: exec.CommandContext(context.WithoutCancel(ctx), "Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")}
	s.server.ExtraFiles = []*os.File{write}
	if err := s.server.Start(); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	_ = write.Close()
	line, err := bufio.NewReader(read).ReadString('\n')
	s.name = ":" + strings.TrimSpace(line)
	return s, err
}

// env is what a process needs to be seen there.
func (s *screen) env() []string {
	return []string{"DISPLAY=" + s.name, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", "LIBGL_ALWAYS_SOFTWARE=1"}
}

func (s *screen) close() {
	_ = s.server.Process.Kill()
	_ = s.server.Wait()
}

// windowing is a laptop whose program has a window.
type windowing struct {
	rig    *rig
	world  *world
	screen *screen
	plain  string // the program without a window
	window string
}

func windows(ctx context.Context, r *rig) error {
	const all = "the window"
	if _, err := exec.LookPath("Xvfb"); err != nil {
		r.skipped(all, "Xvfb is not installed")
		return nil
	}
	w := &windowing{rig: r, plain: r.program}
	var err error
	if w.window, err = r.buildWindow(ctx, "nectar-window", "desktop,production,webkit2_41"); err != nil {
		r.skipped(all, err.Error())
		return nil
	}
	if w.screen, err = newScreen(ctx); err != nil {
		return err
	}
	defer w.screen.close()
	if w.world, err = r.world(ctx, "window-world"); err != nil {
		return err
	}
	defer w.world.server.Stop()
	for n := range r.often(1, 20) {
		for _, c := range []struct {
			name string
			try  func(context.Context, string, *laptop) error
		}{
			{"two windows start in the same instant", w.two},
			{"a window starts while work runs", w.beside},
			{"the process of the page is killed", w.pageKilled},
			{"the system asks the window to end", w.asked(syscall.SIGTERM)},
			{"the session of the window is closed", w.asked(syscall.SIGHUP)},
			{"the record of the content folder is wrong", w.damaged},
		} {
			l := r.laptop(fmt.Sprintf("window-%d-%s", n, strings.ReplaceAll(c.name, " ", "-")))
			l.env = w.screen.env()
			r.did(c.name, 1)
			if err := c.try(ctx, c.name, l); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

// open starts a window.
func (w *windowing) open(l *laptop) (*process, error) {
	w.rig.program = w.window
	defer func() { w.rig.program = w.plain }()
	return l.start()
}

// shown starts a window and waits until it owns its folder.
func (w *windowing) shown(ctx context.Context, l *laptop) (*process, error) {
	p, err := w.open(l)
	if err != nil {
		return nil, err
	}
	return p, l.serves(ctx, p)
}

// importing asks for an import and leaves.
func (w *windowing) importing(ctx context.Context, l *laptop) (job told, err error) {
	return job, l.tell(ctx, &job, "import", string(w.world.channels[2].ID), "--from", w.world.drive, "--no-wait")
}

// whole lets the work come to its end and looks that nothing is lost.
func (w *windowing) whole(ctx context.Context, name string, l *laptop, job told) error {
	p, err := l.call(ctx, "work", "--until-idle")
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		w.rig.wrong(name, "%v", err)
	}
	var then told
	if err := l.tell(ctx, &then, "jobs", "show", job.ID); err != nil {
		return err
	}
	if then.Status != "COMPLETED" {
		w.rig.wrong(name, "the job is %s", then.Status)
	}
	c := w.world.channels[2]
	_, files := c.Wanted(c.Root)
	for sum, f := range files {
		if found, err := sumOf(f.In(datadir.Peek(l.folder).Content())); err != nil || found != sum.String() {
			w.rig.wrong(name, "%s has %s, %v", f.Name(), found, err)
		}
	}
	look := &inspector{rig: w.rig, laptop: l, ledger: newLedger(), deaths: 2}
	return errors.Join(look.integrity(ctx), look.jobs(ctx), os.RemoveAll(l.folder))
}

func (w *windowing) two(ctx context.Context, name string, l *laptop) error {
	first, err := w.open(l)
	if err != nil {
		return err
	}
	second, err := w.open(l)
	if err != nil {
		first.kill()
		return err
	}
	defer first.kill()
	defer second.kill()
	owner := 0
	err = await(ctx, patience, func() bool {
		owner = l.served(ctx)
		return owner == first.cmd.Process.Pid && second.dead() || owner == second.cmd.Process.Pid && first.dead()
	})
	if err != nil {
		w.rig.wrong(name, "the folder is owned by %d of %d and %d, ended: %v, %v", owner, first.cmd.Process.Pid, second.cmd.Process.Pid, first.dead(), second.dead())
		return nil
	}
	for _, p := range []*process{first, second} {
		if p.dead() && p.status() != 0 {
			w.rig.wrong(name, "the one that left: %v", p.failed())
		}
	}
	return nil
}

func (w *windowing) beside(ctx context.Context, name string, l *laptop) error {
	worker, err := l.work(ctx)
	if err != nil {
		return err
	}
	defer worker.kill()
	job, err := w.importing(ctx, l)
	if err != nil {
		return err
	}
	window, err := w.shown(ctx, l)
	if err != nil {
		return err
	}
	if err := window.stop(ctx); err != nil {
		w.rig.wrong(name, "%v", err)
	}
	worker.kill()
	return w.whole(ctx, name, l, job)
}

// asked answers what asks the window to end by a signal while an import runs.
func (w *windowing) asked(signal syscall.Signal) func(context.Context, string, *laptop) error {
	return func(ctx context.Context, name string, l *laptop) error {
		window, err := w.shown(ctx, l)
		if err != nil {
			return err
		}
		defer window.kill()
		job, err := w.importing(ctx, l)
		if err != nil {
			return err
		}
		_ = window.cmd.Process.Signal(signal)
		if err := window.wait(ctx, patience); err != nil {
			w.rig.wrong(name, "%v", err)
		} else if err := window.failed(); err != nil {
			w.rig.wrong(name, "%v", err)
		}
		return w.whole(ctx, name, l, job)
	}
}

func (w *windowing) pageKilled(ctx context.Context, name string, l *laptop) error {
	window, err := w.shown(ctx, l)
	if err != nil {
		return err
	}
	defer window.kill()
	page := 0
	err = await(ctx, patience, func() bool {
		page = childNamed(window.cmd.Process.Pid, "WebKitWebProces")
		return window.dead() || page != 0 && painted(l) // WebKit ends the program with a page that has not begun
	})
	if err != nil {
		return fmt.Errorf("the page has no process: %w", err)
	}
	job, err := w.importing(ctx, l)
	if err != nil {
		return err
	}
	if err := syscall.Kill(page, syscall.SIGKILL); err != nil {
		return err
	}
	err = await(ctx, patience, func() bool {
		next := childNamed(window.cmd.Process.Pid, "WebKitWebProces")
		return window.dead() || next != 0 && next != page
	})
	if err != nil || window.dead() {
		w.rig.wrong(name, "it is not opened again, the window is dead: %v, %v", window.dead(), err)
	}
	var then told
	err = await(ctx, patience, func() bool {
		return l.tell(ctx, &then, "jobs", "show", job.ID) != nil || then.Status == "COMPLETED"
	})
	if err != nil || then.Status != "COMPLETED" {
		w.rig.wrong(name, "the job is %s, %v", then.Status, err)
	}
	if !window.dead() {
		if err := window.stop(ctx); err != nil {
			w.rig.wrong(name, "%v", err)
		}
	}
	return w.whole(ctx, name, l, job)
}

// painted reports whether the window was seen, which its log says.
func painted(l *laptop) (found bool) {
	_ = walk(datadir.Peek(l.folder).Logs(), func(path string, _ fs.DirEntry) error {
		text, err := os.ReadFile(path)
		found = found || bytes.Contains(text, []byte("first paint"))
		return err
	})
	return found
}

// damaged starts a window on a folder whose record of where the content folder
// is cannot be read.
func (w *windowing) damaged(ctx context.Context, name string, l *laptop) error {
	if err := l.tell(ctx, nil, "import", string(w.world.channels[0].ID), "--from", w.world.drive); err != nil {
		return err
	}
	record := datadir.Peek(l.folder).ContentRecord()
	if err := os.WriteFile(record, []byte(`{"path": "`), 0o600); err != nil {
		return err
	}
	p, err := l.call(ctx, "--json", "channels")
	if err != nil {
		return err
	}
	if code, said := refusalOf(p); said == "" || code == "internal" {
		w.rig.wrong(name, "the person is told %q: %s", code, p.stderr.String())
	}
	window, err := w.open(l)
	if err != nil {
		return err
	}
	defer window.kill()
	if await(ctx, patience, func() bool { return window.dead() || childNamed(window.cmd.Process.Pid, "WebKitWebProces") != 0 }) != nil || window.dead() {
		w.rig.wrong(name, "the window ends without a word: %v", window.failed())
	}
	content := channeltest.ContentIn(w.world.drive)
	if _, err := os.Stat(filepath.Join(content, "storage")); err != nil {
		w.rig.wrong(name, "%v", err)
	}
	return nil
}

// childNamed answers a process of the name that descends from another; 0 when
// there is none.
func childNamed(parent int, name string) int {
	entries, _ := os.ReadDir("/proc")
	parents, names := map[int]int{}, map[int]string{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		_, rest, _ := strings.Cut(string(stat), "(")
		called, after, ok := strings.Cut(rest, ") ")
		fields := strings.Fields(after)
		if !ok || len(fields) < 2 {
			continue
		}
		names[pid] = called
		parents[pid], _ = strconv.Atoi(fields[1])
	}
	for pid, called := range names {
		if called != name {
			continue
		}
		for at := pid; at > 1; at = parents[at] {
			if at == parent {
				return pid
			}
		}
	}
	return 0
}
