package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// setting is what happens to a clock: by how much it is wrong, one after the
// other.
type setting struct {
	name  string
	wrong []time.Duration
}

var settings = []setting{
	{"set forward by a day and back", []time.Duration{24 * time.Hour, 0}},
	{"set back by a day and forward", []time.Duration{-24 * time.Hour, 0}},
	{"comes back in 1970", []time.Duration{-time.Duration(time.Now().Unix()-1000) * time.Second, 0}},
	{"far in the future", []time.Duration{40 * 365 * 24 * time.Hour, 0}},
	{"to and fro", []time.Duration{time.Hour, -time.Hour, 2 * time.Hour, -2 * time.Hour, 0}},
}

// steps are by how much a clock is wrong that somebody sets again and again:
// none within an hour of the moment that a job waits for.
var steps = []time.Duration{-720, -72, -24, -5, -1, 0, 1, 5, 20, 24, 48, 72, 720}

// settings answers what happens to clocks: in a long run also what chance makes
// of it.
func (r *rig) settings() []setting {
	if r.short {
		return settings[:3]
	}
	all, chance := slices.Clone(settings), r.chance("clock")
	for range 20 {
		s := setting{name: "set to and fro at random"}
		for range 1 + chance.IntN(6) {
			s.wrong = append(s.wrong, steps[chance.IntN(len(steps))]*time.Hour)
		}
		all = append(all, s)
	}
	return all
}

// timing is a laptop whose clock is told to be wrong.
type timing struct {
	rig    *rig
	laptop *laptop
	file   string
	zone   *time.Location // in which the laptop stands
}

func clocks(ctx context.Context, r *rig) error {
	told, err := r.build(ctx, "nectar-torture", "-tags", "torture", ".")
	if err != nil {
		return err
	}
	plain := r.program
	defer func() { r.program = plain }()
	r.program = told
	for n, s := range r.settings() {
		for _, restarts := range []bool{false, true} {
			t := &timing{rig: r, laptop: r.laptop(fmt.Sprintf("clock-%d-%v", n, restarts)), file: filepath.Join(r.folder, "clock")}
			if t.zone, err = time.LoadLocation([]string{"UTC", "Asia/Kathmandu", "America/St_Johns"}[n%3]); err != nil {
				return err
			}
			t.laptop.env = []string{"NECTAR_TORTURE_CLOCK=" + t.file, "TZ=" + t.zone.String()}
			name := s.name
			if restarts {
				name += ", killed between"
			}
			if err := t.run(ctx, name, s.wrong, restarts); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// setClock tells a clock by how much it is wrong.
func setClock(file string, wrong time.Duration) error {
	next := file + ".new"
	if err := os.WriteFile(next, []byte(strconv.Itoa(int(wrong.Seconds()))), 0o600); err != nil {
		return err
	}
	return os.Rename(next, file)
}

// halfDay is when the job comes that waits for a moment.
const halfDay = 12 * time.Hour

// run stores jobs for later, sets the clock, and looks that each has run once
// when its delay is over, or its moment has come, and not before.
func (t *timing) run(ctx context.Context, name string, wrong []time.Duration, restarts bool) error {
	t.rig.did(name, 1)
	if err := setClock(t.file, 0); err != nil {
		return err
	}
	began := time.Now().In(t.zone)
	worker, err := t.laptop.work(ctx)
	if err != nil {
		return err
	}
	defer func() { worker.kill() }()
	// Not device.retention: by a clock that is years ahead a few of them at once
	// remove, as they should, the history that is asked here.
	jobs := map[string]*told{}
	for kind, when := range map[string][]string{
		"soon":   {"--in", "2s"},
		"later":  {"--in", "72h"},
		"moment": {"--at", time.Now().Add(halfDay).UTC().Format(time.RFC3339)},
		"cron":   {"--cron", "0 3 * * *"},
	} {
		jobs[kind] = &told{}
		if err := t.laptop.tell(ctx, jobs[kind], append([]string{"enqueue", "device.vacuum"}, when...)...); err != nil {
			return err
		}
	}
	ended := func(id string) (runs int64) {
		_ = t.laptop.look(ctx, func(st *store.Store) error {
			j, err := st.Job(ctx, task.ID(id))
			if err != nil {
				return err
			}
			attempts, err := st.Attempts(ctx, j.Number)
			for _, a := range attempts {
				if a.Outcome == task.OutcomeCompleted { // and not one that was killed
					runs++
				}
			}
			return err
		})
		return runs
	}
	furthest := time.Duration(0)
	for _, by := range wrong {
		furthest = max(furthest, by)
		if err := setClock(t.file, by); err != nil {
			return err
		}
		if restarts {
			worker.kill()
			if worker, err = t.laptop.work(ctx); err != nil {
				return err
			}
		}
		if by >= halfDay && await(ctx, patience, func() bool { return ended(jobs["moment"].ID) > 0 }) != nil {
			t.rig.wrong(name, "a job for in twelve hours does not run when the clock is %v ahead", by)
		}
		if err := pause(ctx, 400*time.Millisecond); err != nil {
			return err
		}
	}
	if await(ctx, patience, func() bool { return ended(jobs["soon"].ID) == 1 }) != nil {
		t.rig.wrong(name, "a job that is due in two seconds has run %d times after minutes", ended(jobs["soon"].ID))
	}
	came := int64(0)
	if furthest >= halfDay {
		came = 1 // the moment came, though the clock was wrong
	}
	if runs := ended(jobs["moment"].ID); runs != came {
		t.rig.wrong(name, "a job for in twelve hours has run %d times, want %d", runs, came)
	}
	if runs := ended(jobs["later"].ID); runs != 0 && !restarts {
		t.rig.wrong(name, "a job that is due after three days has run %d times", runs)
	}
	if runs := ended(jobs["cron"].ID); runs > nights(began, time.Now().Add(furthest)) {
		t.rig.wrong(name, "a job for three o'clock has run %d times", runs)
	}
	look := &inspector{rig: t.rig, laptop: t.laptop, ledger: newLedger(), deaths: len(wrong) + 1}
	return look.alive(ctx)
}

// nights answers how often three o'clock comes after a moment, in its zone, until
// another.
func nights(from, until time.Time) (n int64) {
	at := time.Date(from.Year(), from.Month(), from.Day(), 3, 0, 0, 0, from.Location())
	for ; !at.After(until); at = at.AddDate(0, 0, 1) {
		if at.After(from) {
			n++
		}
	}
	return n
}
