package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
)

// callersAtOnce is how many ask at the same time.
const callersAtOnce = 50

// crowd lets many callers ask, cancel and run again at once, while the program
// is killed now and then.
func (lo *loading) crowd(ctx context.Context) error {
	jobs, kills := lo.rig.often(300, 10_000), lo.rig.often(1, 20)
	l, err := lo.laptop(ctx, "load-crowd", 0)
	if err != nil {
		return err
	}
	ledger := newLedger()
	look := &inspector{rig: lo.rig, laptop: l, ledger: ledger, deaths: kills + 1}
	k := &killing{rig: lo.rig, laptop: l, look: look}
	for n := range callersAtOnce {
		name := fmt.Sprint("crowd", n)
		chance := lo.rig.chance(name)
		k.callers = append(k.callers, &caller{
			name: name, direct: true, laptop: l, ledger: ledger, chance: chance, rig: lo.rig,
			next: func() request {
				asked := request{"type": "device.retention"}
				switch chance.IntN(6) {
				case 0:
					asked["enqueue_args"] = request{"enqueue_in": 86400}
				case 1:
					asked["enqueue_args"] = request{"enqueue_in": 0, "repeat": 1, "repeat_interval": 1}
				}
				return asked
			},
		})
	}
	if err := k.throng(ctx, jobs/callersAtOnce, kills); err != nil {
		return err
	}
	lo.rig.did("jobs enqueued by 50 callers at once, with cancels and runs again", len(ledger.all()))
	lo.rig.did("killed meanwhile", kills)
	if err := k.idle(ctx); err != nil {
		return err
	}
	return errors.Join(look.integrity(ctx), look.jobs(ctx), look.drained(ctx, k.begun), os.RemoveAll(l.folder))
}

// throng lets every caller ask for so many jobs, and kills the owner that often
// meanwhile.
func (k *killing) throng(ctx context.Context, each, kills int) error {
	calling, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var calls sync.WaitGroup
	for _, c := range k.callers {
		calls.Go(func() {
			for c.stands < each && calling.Err() == nil {
				step := c.enqueue
				if len(c.own) > 0 && c.chance.IntN(2) == 0 {
					step = c.manage
				}
				if err := step(); err != nil {
					stop(fmt.Errorf("caller %s: %w", c.name, err))
				}
			}
		})
	}
	enough := make(chan struct{})
	go func() {
		calls.Wait()
		close(enough)
	}()
	err := k.lives(calling, each*len(k.callers), kills, enough)
	if err != nil {
		stop(err)
	}
	calls.Wait()
	return errors.Join(err, context.Cause(calling))
}

// lives runs the program until enough is stored, and kills it that often, each
// time that a part more of the jobs is there.
func (k *killing) lives(ctx context.Context, jobs, kills int, enough <-chan struct{}) error {
	for n := range kills + 1 {
		owner, err := k.laptop.work(ctx)
		if err != nil {
			return err
		}
		err = await(ctx, 10*patience, func() bool {
			select {
			case <-enough:
				return true
			default:
				return owner.dead() || n < kills && len(k.look.ledger.all()) > jobs*(n+1)/(kills+1)
			}
		})
		if err == nil && owner.dead() {
			err = fmt.Errorf("%w: %w", errEnded, owner.failed())
		}
		owner.kill()
		if err != nil {
			return err
		}
	}
	return nil
}
