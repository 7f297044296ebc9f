package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// guarding is a laptop with a PIN.
type guarding struct {
	rig     *rig
	laptop  *laptop
	pin     string
	secrets map[string]string // that nothing may tell, by what they are
}

// wrongPIN is no person's.
const wrongPIN = "90817263"

func who(ctx context.Context, r *rig) error {
	g := &guarding{rig: r, laptop: r.laptop("who"), pin: "73914682"}
	for _, stage := range []func(context.Context) error{g.setUp, g.guess, g.strangers, g.teacher, g.silence} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return nil
}

// setUp gives the laptop a coordinator with a PIN, and a teacher.
func (g *guarding) setUp(ctx context.Context) error {
	for _, args := range [][]string{{"people", "set-up", "Amal"}, {"people", "add", "Ben"}} {
		if err := g.laptop.tell(ctx, nil, args...); err != nil {
			return err
		}
	}
	var set struct {
		Code string `json:"recovery_code"`
	}
	g.laptop.input = g.pin + "\n"
	if err := g.laptop.tell(ctx, &set, "people", "set-pin", "Amal"); err != nil {
		return err
	}
	if set.Code == "" {
		return errors.New("the first PIN brings no recovery code")
	}
	g.secrets = map[string]string{"the PIN": g.pin, "a wrong PIN": wrongPIN, "the recovery code": set.Code}
	return nil
}

// as carries out a command of Amal's with a PIN.
func (g *guarding) as(ctx context.Context, pin string, args ...string) (*process, error) {
	l := *g.laptop
	l.env = []string{"NECTAR_PIN=" + pin}
	return l.call(ctx, append([]string{"--json", "--as", "Amal"}, args...)...)
}

// guess tries wrong PINs, each with a program of its own, which is also killed.
func (g *guarding) guess(ctx context.Context) error {
	const slow = "wrong PINs are slowed down, also across starts and kills"
	for try := range g.rig.often(4, 5) {
		if try == 3 { // the first that has to wait does not live to see it
			l := *g.laptop
			l.env = []string{"NECTAR_PIN=" + wrongPIN}
			p, err := l.start("--json", "--as", "Amal", "jobs")
			if err != nil {
				return err
			}
			if err := pause(ctx, 2*time.Second); err != nil {
				return err
			}
			p.kill()
		}
		began := time.Now()
		p, err := g.as(ctx, wrongPIN, "jobs")
		if err != nil {
			return err
		}
		g.rig.did(slow, 1)
		if code, _ := refusalOf(p); code != "wrong_pin" {
			g.rig.wrong(slow, "try %d: %v", try+1, p.failed())
		}
		least := time.Duration(0)
		if try >= 3 {
			least = 5 * time.Second << (try - 3)
		}
		if took := time.Since(began); took < least {
			g.rig.wrong(slow, "try %d took %v, at least %v were to be waited", try+1, took, least)
		}
	}
	p, err := g.as(ctx, g.pin, "jobs")
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		g.rig.wrong(slow, "the right one, later: %v", err)
	}
	return nil
}

// nobody is an unprivileged user.
const nobody = 65534

// strangers lets another user try the socket of the program that owns the
// folder, with every door before it opened.
func (g *guarding) strangers(ctx context.Context) error {
	const refused = "another user of the system is not served"
	if os.Geteuid() != 0 {
		g.rig.skipped(refused, "only root can become another user")
		return nil
	}
	l := *g.laptop
	l.env = []string{"NECTAR_PIN=" + g.pin}
	worker, err := l.work(ctx, "--as", "Amal")
	if err != nil {
		return err
	}
	defer worker.kill()
	found, err := filepath.Glob(filepath.Join(g.rig.runtime(), "nectar", "*"))
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, deaf)
	if len(found) == 0 {
		return errors.New("nobody listens at any socket")
	}
	public, err := os.MkdirTemp("", "stranger")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(public) }()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	program := filepath.Join(public, "stranger")
	if err := errors.Join(copyFile(self, program), os.Chmod(public, 0o755), os.Chmod(program, 0o755)); err != nil { //nolint:gosec // another user is to run it
		return err
	}
	for _, open := range []bool{false, true} {
		for _, socket := range found {
			if open {
				if err := opened(socket); err != nil {
					return err
				}
			}
			stranger := exec.CommandContext(ctx, program, "-stranger", socket)
			stranger.Dir = public
			stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
			out, err := stranger.CombinedOutput()
			g.rig.did(refused, 1)
			if got := string(out); err != nil || got != "kept out" && (!open || got != "hung up on") {
				g.rig.wrong(refused, "by %s, opened to all: %v, it is %s, %v", socket, open, got, err)
			}
		}
	}
	return nil
}

// deaf says that nobody listens at a socket: the parts before have killed many
// a program.
func deaf(socket string) bool {
	c, err := net.Dial("unix", socket) //nolint:noctx // it answers at once
	if err != nil {
		return true
	}
	_ = c.Close()
	return false
}

// opened opens a socket and all folders above it to everybody.
func opened(socket string) error {
	err := os.Chmod(socket, 0o777) //nolint:gosec // so that only the program itself is left to refuse
	for at := filepath.Dir(socket); at != "/" && at != "/tmp" && at != "/dev/shm"; at = filepath.Dir(at) {
		err = errors.Join(err, os.Chmod(at, 0o755)) //nolint:gosec // so that only the program itself is left to refuse
	}
	return err
}

// try says how far one gets at a socket.
func try(path string) string {
	c, err := net.Dial("unix", path) //nolint:noctx // the process ends with it
	if errors.Is(err, fs.ErrPermission) {
		return "kept out"
	}
	if err != nil {
		return err.Error()
	}
	if n, err := c.Read(make([]byte, 1)); n == 0 || err != nil {
		return "hung up on"
	}
	return "served"
}

// teacher lets a teacher, and whoever names nobody, try commands of a
// coordinator.
func (g *guarding) teacher(ctx context.Context) error {
	const refused = "what is for a coordinator is refused to others"
	for _, as := range [][]string{{"--as", "Ben"}, nil} {
		for _, args := range [][]string{
			{"people"},
			{"people", "add", "Eve"},
			{"people", "grant", "Ben", "--role", "coordinator"},
			{"people", "remove", "Amal"},
			{"people", "recovery-code"},
			{"settings", "set", "workers_high", "1"},
			{"enqueue", "device.backup"},
			{"enqueue", "device.vacuum"},
			{"enqueue", "content.diskimport", "{}"},
			{"jobs", "clear-all"},
			{"move", g.rig.folder},
			{"adopt", g.rig.folder},
		} {
			p, err := g.laptop.call(ctx, append(append([]string{"--json"}, as...), args...)...)
			if err != nil {
				return err
			}
			code, _ := refusalOf(p)
			g.rig.did(refused, 1)
			if all := strings.Join(args, " "); code != "forbidden" && code != "not_signed_in" && code != "not_found" && (all != "jobs clear-all" || as == nil) {
				g.rig.wrong(refused, "%s as %v: status %d, %q", all, as, p.status(), code)
			}
		}
	}
	return nil
}

// silence looks through all that the program wrote for what it may not tell.
func (g *guarding) silence(ctx context.Context) error {
	const silent = "PINs and codes are in nothing that is written"
	reported := filepath.Join(g.rig.folder, "who-diagnostics.zip")
	for _, args := range [][]string{{"enqueue", "device.backup"}, {"work", "--until-idle"}, {"diagnostics", "--out", reported}} {
		p, err := g.as(ctx, g.pin, args...)
		if err != nil {
			return err
		}
		if err := p.failed(); err != nil {
			return err
		}
	}
	look := func(where string, content []byte) {
		g.rig.did(silent, 1)
		for what, secret := range g.secrets {
			for _, form := range []string{secret, strings.ReplaceAll(secret, "-", "")} {
				if bytes.Contains(content, []byte(form)) {
					g.rig.wrong(silent, "%s is in %s", what, where)
				}
			}
		}
	}
	err := walk(g.laptop.folder, func(path string, _ fs.DirEntry) error {
		content, err := os.ReadFile(path)
		look(path, content)
		return err
	})
	if err != nil {
		return err
	}
	archive, err := zip.OpenReader(reported)
	if err != nil {
		return err
	}
	defer func() { _ = archive.Close() }()
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		look(reported+"/"+f.Name, content)
	}
	return nil
}
