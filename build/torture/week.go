package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// living is a laptop that is on for a week.
type living struct {
	*loading

	laptop  *laptop
	process *process
	caller  *caller
	samples []vitals // one an hour
}

// keptInWeek is how many jobs that ended are kept, so that the history is full
// after some days.
const keptInWeek = 300

func week(ctx context.Context, r *rig) error {
	return r.loaded(ctx, "week", (*loading).week)
}

// week uses a laptop for a week that never is off: at school hours channels
// come, change, are checked, exported and deleted, and small jobs are asked for.
// The hours go by the clock of the torture build. The window is open all the
// time where there can be one.
func (lo *loading) week(ctx context.Context) (err error) {
	hours := lo.rig.often(24, 7*24)
	w, err := lo.rig.world(ctx, "week-world")
	if err != nil {
		return err
	}
	defer w.server.Stop()
	l, err := lo.laptop(ctx, "load-week", keptInWeek)
	if err != nil {
		return err
	}
	v := &living{loading: lo, laptop: l, caller: &caller{name: "week", direct: true, laptop: l, world: w, ledger: newLedger(), chance: lo.chance, rig: lo.rig}}
	done, err := v.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	for hour := range hours {
		if err := setClock(lo.clock, time.Duration(hour)*time.Hour); err != nil {
			return err
		}
		if err := v.hour(ctx, hour%24); err != nil {
			return fmt.Errorf("hour %d: %w", hour, err)
		}
	}
	v.judge()
	if lo.rig.graph != "" {
		err = os.WriteFile(lo.rig.graph, drawn(v.samples), 0o600)
	}
	return errors.Join(err, os.RemoveAll(l.folder))
}

// open starts the program that lives for the week.
func (v *living) open(ctx context.Context) (done func(), err error) {
	if _, missing := exec.LookPath("Xvfb"); missing != nil || v.rig.short {
		v.process, err = v.laptop.work(ctx)
		return func() { v.process.kill() }, err
	}
	plain := v.rig.program
	if v.rig.program, err = v.rig.buildWindow(ctx, "nectar-torture-window", "torture,desktop,production,webkit2_41"); err != nil {
		return nil, err
	}
	defer func() { v.rig.program = plain }()
	screen, err := newScreen(ctx)
	if err != nil {
		return nil, err
	}
	v.laptop.env = append(v.laptop.env, screen.env()...)
	if v.process, err = v.laptop.start(); err != nil {
		return nil, err
	}
	v.rig.did("with the window open", 1)
	return func() {
		v.process.kill()
		screen.close()
	}, v.laptop.serves(ctx, v.process)
}

// hour uses the laptop for an hour, and notes how it is after it.
func (v *living) hour(ctx context.Context, hour int) error {
	c := v.caller
	if hour >= 7 && hour < 17 {
		for range 2 {
			if err := c.order(); err != nil {
				return err
			}
		}
		for range 3 {
			if err := c.enqueue(); err != nil {
				return err
			}
		}
		if err := c.manage(); err != nil {
			return err
		}
		for _, args := range [][]string{{"jobs"}, {"channels"}, {"home"}, {"channels", "--from", c.world.drive}, {"schedules"}, {"tree", string(c.world.channels[1].ID), "--from", c.world.drive}} {
			if _, err := c.run("", args...); err != nil {
				return err
			}
		}
	}
	if err := v.quiet(ctx); err != nil {
		return err
	}
	now, err := v.laptop.vitals(ctx, v.process, v.pulse)
	v.samples = append(v.samples, now)
	return err
}

// quiet waits until nothing is under way.
func (v *living) quiet(ctx context.Context) error {
	return v.laptop.comesTo(ctx, 0, func(map[task.State]int64) (left int64) {
		err := v.laptop.look(ctx, func(st *store.Store) error {
			jobs, err := st.InStates(ctx, task.Queued, task.Selected, task.Running, task.Canceling)
			for _, j := range jobs {
				if j.Waiting == nil {
					left--
				}
			}
			return err
		})
		if err != nil {
			return -1
		}
		return left
	})
}

// judge looks that nothing grew in the last third of the time over what there
// was in the second.
func (v *living) judge() {
	third := len(v.samples) / 3
	fmt.Printf("      %-12s %14s %14s %14s %14s\n", "", "at first", "second third", "last third", "most")
	for _, m := range measures {
		first, last := most(v.samples[third:2*third], m.of), most(v.samples[2*third:], m.of)
		fmt.Printf("      %-12s %14s %14s %14s %14s\n      %s\n", m.name, inWords(m.of(v.samples[0]), m.bytes), inWords(first, m.bytes),
			inWords(last, m.bytes), inWords(most(v.samples, m.of), m.bytes), line(v.samples, m.of))
		name := m.name + ": levels off"
		v.rig.did(name, len(v.samples))
		if last > first+first/10+m.room {
			v.rig.wrong(name, "at most %s, then %s", inWords(first, m.bytes), inWords(last, m.bytes))
		}
	}
}

func most(samples []vitals, of func(vitals) int64) (top int64) {
	for _, s := range samples {
		top = max(top, of(s))
	}
	return top
}
