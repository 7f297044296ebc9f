package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
	"nectar/build/torture/oplog"
)

// promise is what a caller was told when so much had been written.
type promise struct {
	at     int // changes of the disk by then, or a few more
	ledger told
}

// cutting is a laptop that works on a disk of ours, and what is found when the
// power goes at this or that moment.
type cutting struct {
	rig      *rig
	disk     *faulty
	world    *world
	laptop   *laptop
	promises []promise
	exported map[int]*channeltest.Channel // that were told to be on the drive, by the position
}

// power works on a disk that keeps a log of what was written and flushed, and
// then looks at what would have been left at many moments of it.
func power(ctx context.Context, r *rig) error {
	if why := whyNoFaulty(); why != "" {
		r.skipped("power cut", why)
		return nil
	}
	disk, err := r.faulty(ctx, "power")
	if err != nil {
		return err
	}
	gone := false
	defer func() {
		if !gone {
			_ = disk.gone()
		}
	}()
	c := &cutting{rig: r, disk: disk, laptop: r.laptop("power/data"), exported: map[int]*channeltest.Channel{}}
	if c.world, err = r.world(ctx, "power-world"); err != nil {
		return err
	}
	defer c.world.server.Stop()
	log := filepath.Join(r.folder, "power.log")
	if _, err := disk.say("record %s", log); err != nil {
		return err
	}
	if err := c.work(ctx); err != nil {
		return err
	}
	gone = true
	if err := disk.gone(); err != nil {
		return err
	}
	ops, err := oplog.Read(log)
	if err != nil {
		return err
	}
	r.did("writes, syncs and changes of names in the log", len(ops))
	chance := r.chance("power")
	for n := range r.often(10, 400) {
		if err := c.cut(ctx, ops, chance); err != nil {
			return fmt.Errorf("cut %d: %w", n+1, err)
		}
	}
	return ctx.Err()
}

// work does what a laptop does, and notes what it is told.
func (c *cutting) work(ctx context.Context) error {
	out := filepath.Join(c.disk.mount, "out")
	plain, same := c.world.channels[0], c.world.channels[3]
	for _, args := range [][]string{
		{"enqueue", "device.backup", "--in", "24h"},
		{"import", string(plain.ID), "--from", c.world.drive},
		{"enqueue", "device.retention"},
		{"import", string(c.world.channels[1].ID), "--from", c.world.server.URL},
		{"backup"},
		{"export", string(plain.ID), "--to", out},
		{"update", string(plain.ID), "--from", c.world.newer},
		{"import", string(same.ID), "--from", c.world.drive},
		{"jobs", "cancel", "1"},
		{"delete", string(c.world.channels[1].ID)},
		{"verify"},
	} {
		var job told
		if err := c.laptop.tell(ctx, &job, args...); err != nil {
			return err
		}
		at, err := c.disk.say("position")
		if err != nil {
			return err
		}
		c.promises = append(c.promises, promise{at, job})
		if args[0] == "export" {
			c.exported[at] = plain
		}
	}
	return nil
}

// cut looks at what is left when the power goes at one moment.
func (c *cutting) cut(ctx context.Context, ops []oplog.Op, chance *rand.Rand) error {
	at := chance.IntN(len(ops) + 1)
	if chance.IntN(3) == 0 { // just after somebody was told something
		at = min(len(ops), c.promises[chance.IntN(len(c.promises))].at+chance.IntN(3))
	}
	root := filepath.Join(c.rig.folder, "power-left")
	if err := errors.Join(os.RemoveAll(root), os.MkdirAll(root, 0o700)); err != nil {
		return err
	}
	if err := oplog.Cut(ops[:at], root, chance); err != nil {
		return err
	}
	c.rig.did("power cuts", 1)
	left := c.rig.laptop(filepath.Join("power-left", "data"))
	ledger := newLedger()
	for _, p := range c.promises {
		if p.at <= at {
			ledger.answered(ledger.moment(), p.ledger)
		}
	}
	content := datadir.Peek(left.folder).Content()
	look := &inspector{rig: c.rig, laptop: left, ledger: ledger, deaths: 1}
	before := c.rig.found()
	err := errors.Join(look.integrity(ctx), look.stored(content), look.databases(ctx, content))
	if err != nil {
		return err
	}
	if len(ledger.all()) > 0 { // before, it may be an empty database or none
		if err := errors.Join(look.jobs(ctx), look.remembered(ctx)); err != nil {
			return err
		}
	}
	c.drive(filepath.Join(root, "out"), at)
	worker, err := left.start("work", "--until-idle")
	if err != nil {
		return err
	}
	c.rig.did("the program starts and ends its work", 1)
	if err := errors.Join(worker.wait(ctx, patience), worker.failed()); err != nil {
		c.rig.wrong("the program starts and ends its work", "%v", err)
	} else if err := errors.Join(look.jobs(ctx), look.drained(ctx, time.Time{}), look.remembered(ctx), look.stored(content)); err != nil {
		return err
	}
	if c.rig.found() > before {
		fmt.Printf("      when the power went after %d of %d changes\n", at, len(ops))
		return os.Rename(root, fmt.Sprintf("%s-%d", root, at))
	}
	return nil
}

// drive looks at a drive: a channel that was told to be on it is on it.
func (c *cutting) drive(out string, at int) {
	const whole = "a channel that was exported is whole on its drive"
	told := slices.Collect(func(yield func(int) bool) {
		for position := range c.exported {
			if position <= at && !yield(position) {
				return
			}
		}
	})
	for _, position := range told {
		exported := c.exported[position]
		content := channeltest.ContentIn(out)
		_, files := exported.Wanted(exported.Root)
		c.rig.did(whole, 1+len(files))
		if _, err := os.Stat(exported.ID.DatabaseIn(content)); err != nil {
			c.rig.wrong(whole, "%v", err)
		}
		for sum, f := range files {
			if found, err := sumOf(f.In(content)); err != nil || found != sum.String() {
				c.rig.wrong(whole, "%s has %s, %v", f.Name(), found, err)
			}
		}
	}
}
