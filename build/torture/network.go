package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/datadir"
)

// mishap is a way in which a server answers as it should not.
type mishap struct {
	name  string
	fault servertest.Fault
	slow  bool // takes its time
}

var mishaps = []mishap{
	{"cuts the connection", servertest.Reset(9000), false},
	{"sends fewer bytes than it says", servertest.Shorter(100), false},
	{"says a wrong length", servertest.Truncated(100), false},
	{"sends more bytes than there are", servertest.Longer(4000), false},
	{"sends other bytes", servertest.WrongBytes(), false},
	{"sends a page of the hotel", servertest.Nonsense(), false},
	{"is in trouble", servertest.Status(503), false},
	{"knows no ranges", servertest.NoRange(), false},
	{"sends another range", servertest.WrongRange(), false},
	{"packs what it sends", servertest.Packed(), false},
	{"does not end", servertest.Endless(), true},
	{"stalls", servertest.Stall(5000), true},
	{"says nothing", servertest.Silent, true},
}

// mostConnections is how many connections to a server are enough.
const mostConnections = 16

func network(ctx context.Context, r *rig) error {
	w, err := r.world(ctx, "network-world")
	if err != nil {
		return err
	}
	defer w.server.Stop()
	p, err := newProxy(ctx, w.server.Address())
	if err != nil {
		return err
	}
	defer p.die()
	chance := r.chance("network")
	for _, m := range mishaps {
		if m.slow && r.short {
			continue
		}
		for range r.often(1, 5) {
			c := w.channels[0]
			files := slices.DeleteFunc(c.Files(), func(f channeltest.File) bool { return f.Size < 20_000 })
			file := files[chance.IntN(len(files))]
			w.server.Fail(file.Name(), 1, m.fault)
			err := r.fetched(ctx, "a server that once "+m.name, p, c, 0)
			w.server.Recover()
			if err != nil {
				return err
			}
		}
	}
	for range r.often(1, 10) {
		dead := time.Duration(chance.IntN(300)) * time.Millisecond
		if err := r.fetched(ctx, "a server that dies and comes back", p, w.channels[2], dead+time.Millisecond); err != nil {
			return err
		}
	}
	if err := r.replaced(ctx, w, p); err != nil {
		return err
	}
	const few = "connections to a server at a time"
	r.did(few, p.mostAtOnce())
	if p.mostAtOnce() > mostConnections {
		r.wrong(few, "%d", p.mostAtOnce())
	}
	return nil
}

// fetched imports a channel from the server, which may die after a while and
// come back, and looks that all of it is here.
func (r *rig) fetched(ctx context.Context, name string, p *proxy, c *channeltest.Channel, dies time.Duration) error {
	l := r.laptop("network")
	defer func() { _ = os.RemoveAll(l.folder) }()
	r.did(name, 1)
	importing, err := l.start("--json", "import", string(c.ID), "--from", "http://"+p.address)
	if err != nil {
		return err
	}
	if dies > 0 {
		if err := pause(ctx, dies); err != nil {
			return err
		}
		p.die()
		if err := pause(ctx, dies); err != nil {
			return err
		}
		if err := p.live(ctx); err != nil {
			return err
		}
	}
	if err := importing.wait(ctx, patience); err != nil {
		r.wrong(name, "%v", err)
		return nil
	}
	if code, said := refusalOf(importing); importing.status() == 2 && dies > 0 && said != "" && code != "internal" {
		return nil // it was dead when it was asked first
	}
	if err := importing.failed(); err != nil {
		r.wrong(name, "%v", err)
		return nil
	}
	content := datadir.Peek(l.folder).Content()
	_, files := c.Wanted(c.Root)
	for sum, f := range files {
		if found, err := sumOf(f.In(content)); err != nil || found != sum.String() {
			r.wrong(name, "%s has %s, %v", f.Name(), found, err)
		}
	}
	return nil
}

// replaced publishes a new version while the old one is being fetched.
func (r *rig) replaced(ctx context.Context, w *world, p *proxy) error {
	const name = "a server with a new version in the middle"
	l := r.laptop("network")
	r.did(name, 1)
	c := w.channels[0]
	_, files := c.Wanted(c.Root)
	for _, f := range files {
		w.server.Fail(f.Name(), 1, servertest.Slowly(20_000, 20*time.Millisecond))
	}
	importing, err := l.start("--json", "import", string(c.ID), "--from", "http://"+p.address)
	if err != nil {
		return err
	}
	if err := await(ctx, patience, func() bool { return importing.dead() || len(w.server.Requests("/storage/")) > 0 }); err != nil {
		return err
	}
	served := channeltest.ContentIn(w.drive)
	if err := os.CopyFS(filepath.Join(r.folder, "network-next"), os.DirFS(channeltest.ContentIn(w.newer))); err != nil {
		return err
	}
	for _, f := range []string{c.ID.DatabaseIn(served)} {
		if err := os.Rename(c.ID.DatabaseIn(filepath.Join(r.folder, "network-next")), f); err != nil {
			return err
		}
	}
	if err := importing.wait(ctx, patience); err != nil {
		return err
	}
	w.server.Recover()
	if _, said := refusalOf(importing); importing.status() != 0 && said == "" {
		r.wrong(name, "%v", importing.failed())
	}
	verified, err := l.call(ctx, "--json", "verify")
	if err != nil {
		return err
	}
	if text := verified.stdout.String(); !strings.Contains(text, `"files_damaged":0`) {
		r.wrong(name, "verify says %s", clip(fmt.Sprint(text, verified.stderr.String())))
	}
	return nil
}
