package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
)

// drive is a place where a drive is put and taken away.
type drive struct{ from, at string }

// put puts the drive there.
func (d drive) put() error {
	if err := os.MkdirAll(d.at, 0o700); err != nil {
		return err
	}
	return syscall.Mount(d.from, d.at, "", syscall.MS_BIND, "")
}

// pull takes it away, with whatever reads from it.
func (d drive) pull() error { return syscall.Unmount(d.at, syscall.MNT_DETACH) }

func pulled(ctx context.Context, r *rig) error {
	if os.Getuid() != 0 {
		r.skipped("a drive is pulled out", "mounting needs root")
		return nil
	}
	w, err := r.world(ctx, "drive-world")
	if err != nil {
		return err
	}
	defer w.server.Stop()
	d := drive{w.drive, filepath.Join(r.folder, "usb")}
	if err := d.put(); err != nil {
		r.skipped("a drive is pulled out", err.Error())
		return nil
	}
	_ = d.pull()
	chance := r.chance("drive")
	for n := range r.often(3, 60) {
		if err := pullOnce(ctx, r, w, d, n, time.Duration(chance.IntN(400))*time.Millisecond); err != nil {
			return err
		}
	}
	for _, k := range users {
		for n := range r.often(1, 20) {
			if err := r.pulledFrom(ctx, k, w, d, n, time.Duration(chance.IntN(200))*time.Millisecond); err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
		}
	}
	if r.short { // which drive a command has seen when it is pulled cannot be told so soon
		return nil
	}
	return swaps(ctx, r, w)
}

// user is a command besides an import that uses a drive.
type user struct {
	name    string
	onto    bool // the drive is written to
	command func(c *channeltest.Channel, at string) []string
}

var users = []user{
	{"a listing", false, func(_ *channeltest.Channel, at string) []string { return []string{"channels", "--from", at} }},
	{"a check that repairs", false, func(c *channeltest.Channel, at string) []string {
		return []string{"verify", string(c.ID), "--repair-from", at}
	}},
	{"an export", true, func(c *channeltest.Channel, at string) []string { return []string{"export", string(c.ID), "--to", at} }},
}

// pulledFrom pulls the drive out of a command and puts it back. The command
// comes to its end or says what is wrong, and asked for again it does its work.
func (r *rig) pulledFrom(ctx context.Context, k user, w *world, d drive, n int, after time.Duration) error {
	name := "a drive is pulled out of " + k.name + ", and put back"
	l, c := r.laptop(fmt.Sprintf("drive-of-%v-%d", k.onto, n)), w.channels[2]
	if k.onto {
		d = drive{filepath.Join(r.folder, "stick"), filepath.Join(r.folder, "usb-out")}
		if err := errors.Join(os.RemoveAll(d.from), os.MkdirAll(d.from, 0o700)); err != nil {
			return err
		}
	}
	if err := l.tell(ctx, nil, "import", string(c.ID), "--from", w.drive); err != nil {
		return err
	}
	if err := d.put(); err != nil {
		return err
	}
	defer func() { _ = d.pull() }()
	args := append([]string{"--json"}, k.command(c, d.at)...)
	p, err := l.start(args...)
	if err != nil {
		return err
	}
	if err := errors.Join(pause(ctx, after), d.pull(), pause(ctx, 300*time.Millisecond), d.put()); err != nil {
		return err
	}
	r.did(name, 1)
	if err := p.wait(ctx, patience); err != nil {
		r.wrong(name, "pulled after %v: %v", after, err)
		return nil
	}
	if code, said := refusalOf(p); p.status() != 0 && (said == "" || code == "internal") {
		r.wrong(name, "pulled after %v, the person is told %q: %v", after, code, p.failed())
	}
	again, err := l.call(ctx, args...)
	if err != nil {
		return err
	}
	if err := again.failed(); err != nil {
		r.wrong(name, "pulled after %v, asked for again: %v", after, err)
	}
	if k.onto {
		_, files := c.Wanted(c.Root)
		for sum, f := range files {
			if found, err := sumOf(f.In(channeltest.ContentIn(d.from))); err != nil || found != sum.String() {
				r.wrong(name, "pulled after %v: %s has %s, %v", after, f.Name(), found, err)
			}
		}
	}
	return os.RemoveAll(l.folder)
}

// pullOnce pulls the drive out after a while of an import, puts it back, and
// looks that the import comes to its end.
func pullOnce(ctx context.Context, r *rig, w *world, d drive, n int, after time.Duration) (err error) {
	const name = "a drive is pulled out of an import, and put back"
	l := r.laptop(fmt.Sprintf("drive-%d", n))
	if err := d.put(); err != nil {
		return err
	}
	defer func() { _ = d.pull() }()
	c := w.channels[2]
	p, err := l.start("--json", "import", string(c.ID), "--from", d.at)
	if err != nil {
		return err
	}
	if err := pause(ctx, after); err != nil {
		return err
	}
	if err := d.pull(); err != nil {
		return err
	}
	if err := pause(ctx, 300*time.Millisecond); err != nil {
		return err
	}
	r.did(name, 1)
	if err := d.put(); err != nil {
		return err
	}
	if err := p.wait(ctx, patience); err != nil {
		r.wrong(name, "pulled after %v: %v", after, err)
		return nil
	}
	if p.status() == 2 { // it was gone before anything was stored
		if code, said := refusalOf(p); said == "" || code == "internal" {
			r.wrong(name, "pulled after %v, the person is told %q", after, p.stderr.String())
		}
		return nil
	}
	if err := p.failed(); err != nil {
		r.wrong(name, "pulled after %v: %v", after, err)
	}
	content := datadir.Peek(l.folder).Content()
	_, files := c.Wanted(c.Root)
	for sum, f := range files {
		if found, err := sumOf(f.In(content)); err != nil || found != sum.String() {
			r.wrong(name, "pulled after %v: %s has %s, %v", after, f.Name(), found, err)
		}
	}
	return os.RemoveAll(l.folder)
}
