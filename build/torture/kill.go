package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
	"nectar/backend/task"
)

// killing is one laptop on which nothing lives long.
type killing struct {
	rig     *rig
	laptop  *laptop
	world   *world
	callers []*caller
	look    *inspector
	chance  *rand.Rand
	begun   time.Time // the last work, which found nothing left to do
}

// restEvery is after how many kills everything that was begun may come to its
// end.
const restEvery = 40

func kill(ctx context.Context, r *rig) error {
	w, err := r.world(ctx, "kill-world")
	if err != nil {
		return err
	}
	defer w.server.Stop()
	k := &killing{rig: r, laptop: r.laptop("kill"), world: w, chance: r.chance("kill")}
	told := newLedger()
	k.look = &inspector{rig: r, laptop: k.laptop, ledger: told}
	for n, name := range []string{"ada", "bea", "cem"} {
		k.callers = append(k.callers, &caller{
			name: name, direct: n > 0, laptop: r.laptop("kill"), world: w, ledger: told, chance: r.chance(name), rig: r,
		})
	}
	kills := r.kills
	if kills == 0 {
		kills = r.often(12, 1000)
	}
	for n := 1; n <= kills && ctx.Err() == nil; n++ {
		if err := k.round(ctx); err != nil {
			return fmt.Errorf("kill %d: %w", n, err)
		}
		if n%restEvery == 0 || n == kills {
			if err := k.rest(ctx); err != nil {
				return fmt.Errorf("rest after kill %d: %w", n, err)
			}
			fmt.Printf("%s  %d kills, %d found\n", time.Now().Format(time.TimeOnly), n, r.found())
		}
	}
	return ctx.Err()
}

// life is how long a process lives, as often short as long.
func (k *killing) life() time.Duration {
	return time.Duration(float64(5*time.Millisecond) * float64(int(1)<<k.chance.IntN(9)) * (1 + k.chance.Float64()))
}

// round starts the program, looks at what the last round left, lets it live for
// a while, and kills it.
func (k *killing) round(ctx context.Context) error {
	young := k.chance.IntN(6) == 0 // dies while it starts
	var owner *process
	var err error
	if young {
		owner, err = k.laptop.start("work")
	} else {
		owner, err = k.laptop.work(ctx)
	}
	if err != nil {
		return err
	}
	if !young {
		if err := errors.Join(k.look.jobs(ctx), k.look.alive(ctx)); err != nil {
			return err
		}
	}
	calling, stop := context.WithCancel(ctx)
	defer stop()
	var calls sync.WaitGroup
	failed := make(chan error, len(k.callers))
	for _, c := range k.callers {
		calls.Go(func() { failed <- c.keepCalling(calling) })
	}
	if err := pause(ctx, k.life()); err != nil {
		stop()
		calls.Wait()
		owner.kill()
		return err
	}
	k.strike(owner)
	stop()
	calls.Wait()
	for range k.callers {
		if err := <-failed; err != nil {
			return err
		}
	}
	return k.look.integrity(ctx)
}

// strike ends the owner, and maybe everybody else.
func (k *killing) strike(owner *process) {
	k.look.deaths += 1 + len(k.callers) // one that waits for its job is an owner when there is no other
	switch n := k.chance.IntN(10); {
	case n == 0:
		k.rig.did("asked to end, as by a shutdown", 1)
		_ = owner.stop(context.Background())
	case n < 4:
		k.rig.did("killed, with all that was under way", 1)
		for _, c := range k.callers {
			c.kill()
		}
		owner.kill()
	default:
		k.rig.did("killed", 1)
		owner.kill()
	}
}

// rest lets everything come to its end, and looks at all that is there.
func (k *killing) rest(ctx context.Context) error {
	if err := errors.Join(k.resume(ctx), k.idle(ctx)); err != nil {
		return err
	}
	content := datadir.Peek(k.laptop.folder).Content()
	out := channeltest.ContentIn(k.world.out)
	err := errors.Join(
		k.look.tidy(k.laptop.folder), k.look.tidy(k.world.out), // reading leaves files of SQLite behind
		k.look.integrity(ctx), k.look.jobs(ctx), k.look.drained(ctx, k.begun), k.look.remembered(ctx),
		k.look.stored(content), k.look.databases(ctx, content), k.look.stored(out), k.look.databases(ctx, out),
	)
	if err != nil {
		return err
	}
	if err := k.complete(ctx); err != nil {
		return err
	}
	return k.clear(ctx)
}

// listed is a job of a list.
type listed struct {
	told

	Queue string `json:"queue"`
}

// list answers the jobs that are there.
func (k *killing) list(ctx context.Context) ([]listed, error) {
	var answer struct {
		Jobs []listed `json:"jobs"`
	}
	return answer.Jobs, k.laptop.tell(ctx, &answer, "jobs", "list", "--limit", "1000")
}

// resume lets go on what callers have paused of channels. Who asks for an import
// that is paused is answered that it is, and no channel would come.
func (k *killing) resume(ctx context.Context) error {
	jobs, err := k.list(ctx)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if j.Status != task.Paused.String() || j.Queue != "content" {
			continue
		}
		asked := k.look.ledger.asking(j.ID, false)
		var now told
		if err := k.laptop.tell(ctx, &now, "jobs", "resume", j.ID); err != nil {
			return err
		}
		asked.done(now)
	}
	return nil
}

// idle lets everything come to its end.
func (k *killing) idle(ctx context.Context) error {
	if err := k.again(ctx); err != nil {
		return err
	}
	worker, err := k.laptop.start("work", "--until-idle")
	if err != nil {
		return err
	}
	if err := k.laptop.whileMoving(ctx, worker); err != nil {
		k.rig.wrong("no job is stuck", "the program does not become idle: %v", err)
		return err
	}
	if err := worker.failed(); err != nil {
		return err
	}
	// Whether jobs moved was looked at beside it. Who looks at the moment in which
	// the program ends keeps SQLite from tidying up: it ends once more, alone.
	k.begun = time.Now()
	alone, err := k.laptop.call(ctx, "work", "--until-idle")
	if err != nil {
		return err
	}
	return alone.failed()
}

// again asks once more for what was asked for without an answer. Whatever had
// become of it, there is one job of it then.
func (k *killing) again(ctx context.Context) error {
	for open := range slices.Chunk(k.look.ledger.open(), atOnce) {
		asked := make([]request, len(open))
		for n, id := range open {
			asked[n] = request{"type": "device.retention", "request_id": id}
		}
		text, err := json.Marshal(asked)
		if err != nil {
			return err
		}
		k.laptop.input = string(text)
		begun := k.look.ledger.moment()
		p, err := k.laptop.call(ctx, "--json", "enqueue", "-")
		if err != nil {
			return err
		}
		jobs, err := jobsOf(p.stdout.Bytes())
		if err != nil {
			return errors.Join(err, p.failed())
		}
		k.rig.did("asked again under the same request id", len(open))
		k.look.ledger.answered(begun, jobs...)
	}
	return nil
}

// complete brings every channel and reads every file: after all that, nothing
// stands in the way of a whole library.
func (k *killing) complete(ctx context.Context) error {
	const whole = "every channel is whole after another import"
	verify := []string{"--json", "verify"}
	for n, c := range k.world.channels {
		k.rig.did(whole, 1)
		from := k.world.drive
		if n == 0 {
			from = k.world.newer // the laptop may have come so far already
		}
		p, err := k.laptop.call(ctx, "--json", "import", string(c.ID), "--from", from)
		if err != nil {
			return err
		}
		if err := p.failed(); err != nil {
			k.rig.wrong(whole, "%s: %v", c.Name, err)
		}
		verify = append(verify, string(c.ID))
	}
	p, err := k.laptop.call(ctx, verify...)
	if err != nil {
		return err
	}
	if err := p.failed(); err != nil {
		k.rig.wrong(whole, "%v", err)
	}
	return nil
}

// clear removes what has come to its end, so that the list stays short.
func (k *killing) clear(ctx context.Context) error {
	if err := k.laptop.tell(ctx, nil, "jobs", "clear-all"); err != nil {
		return err
	}
	left, err := k.list(ctx)
	if err != nil {
		return err
	}
	there, goesOn := map[string]bool{}, false
	for _, j := range left {
		there[j.ID] = true
		goesOn = goesOn || j.Queue == "content"
		if state, _ := task.ParseState(j.Status); state.Resting() {
			k.rig.wrong("no job is stuck", "job %s, %s, was not cleared", j.ID, j.Status)
		}
	}
	k.look.ledger.forget(func(f *fate) bool { return !there[f.ID] })
	for _, c := range k.callers {
		c.own = keep(c.own, there)
	}
	if goesOn {
		return nil
	}
	return k.parts(ctx)
}

// parts looks that the next start removes what came of files that no job is
// left to go on with.
func (k *killing) parts(ctx context.Context) error {
	const none = "no part of a file outlives its job"
	worker, err := k.laptop.work(ctx)
	if err != nil {
		return err
	}
	defer worker.kill()
	k.rig.did(none, 1)
	var left []string
	err = await(ctx, patience, func() bool {
		left, err = partsOf(datadir.Peek(k.laptop.folder).Content())
		return err == nil && len(left) == 0
	})
	if err != nil {
		k.rig.wrong(none, "%q", left)
	}
	return nil
}

func keep(ids []string, there map[string]bool) (kept []string) {
	for _, id := range ids {
		if there[id] {
			kept = append(kept, id)
		}
	}
	return kept
}
