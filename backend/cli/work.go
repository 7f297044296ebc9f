package cli

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type workCommand struct {
	UntilIdle bool `help:"Stop when nothing is due any more. What is scheduled, paused or waits for a thing of the world is not awaited."`
}

// Help implements kong.HelpProvider.
func (c *workCommand) Help() string {
	return `Runs until Ctrl-C, which stops the jobs safely: they go on next time. The exit status is 0 whatever became of the jobs, and 130 when --until-idle was interrupted before that.`
}

// worked is the answer of "work".
type worked struct {
	Ended  map[string]int64 `json:"ended"`  // runs that ended meanwhile, by their outcome
	Counts map[string]int64 `json:"counts"` // all jobs, by state
}

func (c *workCommand) run(ctx context.Context, f *face) (int, error) {
	s, err := f.open(ctx, ToWork)
	if err != nil {
		return statusRefused, err
	}
	defer func() { _ = s.Runner.Close(context.WithoutCancel(ctx)) }()
	news := s.Services.Jobs.Subscribe()
	defer news.Close()
	if err := s.Runner.Start(ctx); err != nil {
		return statusRefused, err
	}
	w := &worker{face: f, session: s, tally: tally{Ended: map[string]int64{}, Runs: map[int64]int64{}}}
	if err := w.goOn(ctx); err != nil {
		return statusFailed, err
	}
	idle, err := w.work(ctx, news, c.UntilIdle)
	if moved := (*movedError)(nil); errors.As(err, &moved) {
		return statusDone, err
	}
	if err != nil && ctx.Err() == nil {
		return statusFailed, err
	}
	status := statusDone
	if c.UntilIdle && !idle {
		status = statusInterrupted
	}
	return w.finish(context.WithoutCancel(ctx), status, news)
}

// worker tells of the runs that end while every due job runs.
type worker struct {
	face    *face
	session *Session
	tally   tally
}

// tally is where the command stands.
type tally struct {
	Ended map[string]int64 `json:"ended"`
	Runs  map[int64]int64  `json:"runs"`  // the last run that was told of, by job number
	Since time.Time        `json:"since"` // when the command left the earlier place
}

// goOn takes up the work of an earlier place, and tells of the runs that
// ended on the way here.
func (w *worker) goOn(ctx context.Context) error {
	if w.face.stand == nil {
		return nil
	}
	if err := json.Unmarshal(w.face.stand, &w.tally); err != nil {
		return fault.New(fault.Garbled).Because(err)
	}
	page := task.Page{Sort: "-finished", Limit: maxPage}
	for {
		jobs, listed, err := w.session.Services.Jobs.List(ctx, w.session.Person, task.Filter{}, page)
		if err != nil {
			return err
		}
		all := len(jobs)
		recent := slices.DeleteFunc(jobs, func(j engine.Live) bool { return j.Finished.Before(w.tally.Since) })
		if err := w.tell(recent); err != nil {
			return err
		}
		if listed.Next == "" || len(recent) < all {
			return nil
		}
		page.After = listed.Next
	}
}

// work runs until the context ends, or until nothing is due any more. It
// reports whether that was why.
func (w *worker) work(ctx context.Context, news *engine.Subscription, untilIdle bool) (bool, error) {
	look := untilIdle
	for {
		if look {
			idle, err := w.idle(ctx)
			if idle || err != nil {
				return idle, err
			}
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-w.session.Moving:
			return false, w.move(ctx, news)
		case <-news.News():
			changed := news.Take()
			if err := w.tell(changed); err != nil {
				return false, err
			}
			look = untilIdle && anyAtRest(changed)
		}
	}
}

// anyAtRest reports whether a job changed that no worker holds: only then can
// it have become idle.
func anyAtRest(changed []engine.Live) bool {
	for _, j := range changed {
		if !j.State.Active() || j.Removed {
			return true
		}
	}
	return false
}

// tell counts the runs that ended, and says what became of them.
func (w *worker) tell(changed []engine.Live) error {
	for _, live := range changed {
		if live.State.Active() || live.Removed || live.Finished.IsZero() || live.Outcome == task.NoOutcome {
			continue
		}
		last, known := w.tally.Runs[live.Number]
		w.tally.Runs[live.Number] = live.Attempts
		if known && last == live.Attempts {
			continue
		}
		w.tally.Ended[string(live.Outcome)]++
		j := w.face.maker.Job(live)
		text := w.face.jobName(j) + ": " + plain(j.StatusText)
		if err := w.face.print(text); err != nil {
			return err
		}
	}
	return nil
}

// idle reports whether nothing is due, running or stopping, apart from what
// waits for a thing of the world. It asks for what is planned first: a job that
// comes due meanwhile is then among the others.
func (w *worker) idle(ctx context.Context) (bool, error) {
	if owes, err := w.session.Runner.Owes(ctx); owes || err != nil {
		return false, err
	}
	filter := task.Filter{States: []task.State{task.Queued, task.Selected, task.Running, task.Canceling}}
	page := task.Page{Sort: "created", Limit: maxPage}
	for {
		jobs, listed, err := w.session.Services.Jobs.List(ctx, w.session.Person, filter, page)
		if err != nil {
			return false, err
		}
		for _, j := range jobs {
			if j.State != task.Queued || j.Waiting == nil {
				return false, nil
			}
		}
		if listed.Next == "" {
			return true, nil
		}
		page.After = listed.Next
	}
}

// move stops the jobs safely and gives the data folder up, so that the work
// goes on where it is then.
func (w *worker) move(ctx context.Context, news *engine.Subscription) error {
	w.tally.Since = time.Now().Truncate(time.Millisecond) // as times are stored
	if err := w.session.Runner.Close(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if err := w.tell(news.Take()); err != nil {
		return err
	}
	if err := w.face.note(w.tally); err != nil {
		return err
	}
	return &movedError{w.face.stand}
}

// finish stops the jobs safely and answers what became of all.
func (w *worker) finish(ctx context.Context, status int, news *engine.Subscription) (int, error) {
	if err := w.session.Runner.Close(ctx); err != nil {
		return statusFailed, err
	}
	if err := w.tell(news.Take()); err != nil {
		return statusFailed, err
	}
	if !w.face.json {
		return status, nil
	}
	s, err := w.face.open(ctx, ToRead)
	if err != nil {
		return statusFailed, err
	}
	defer func() { _ = s.Runner.Close(ctx) }()
	counts, err := s.Services.Jobs.Counts(ctx, s.Person)
	if err != nil {
		return statusFailed, err
	}
	return status, w.face.answer(worked{Ended: w.tally.Ended, Counts: wire.Counts(counts)}, nil)
}
