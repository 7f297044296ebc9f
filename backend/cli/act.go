package cli

import (
	"context"

	"nectar/backend/engine"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// chosenJobs are the jobs that an action is for: ids, or a filter with --all.
type chosenJobs struct {
	IDs         []string `arg:"" optional:"" name:"id" help:"The ids of the jobs."`
	All         bool     `help:"All jobs that the filter chooses and that this is possible for."`
	filterFlags `embed:""`
}

// action is something to do to jobs, all or none.
type action struct {
	do       func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error)
	possible func(wire.Job) bool // whether a job that a filter chose is meant
}

// act does something to the jobs and answers them as they are then.
func (c chosenJobs) act(ctx context.Context, f *face, a action) (int, error) {
	if err := c.check(); err != nil {
		return statusRefused, err
	}
	filter, err := c.filter()
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		ids := taskIDs(c.IDs)
		if c.All {
			if ids, err = f.matching(ctx, s, filter, a.possible); err != nil {
				return err
			}
		}
		changed, err := a.do(ctx, s, ids)
		if err != nil {
			return err
		}
		jobs := f.maker.Jobs(changed)
		return f.answer(oneOrAll(jobs, c.All || len(c.IDs) > 1), func() string { return f.changedText(jobs) })
	})
}

func (c chosenJobs) check() error {
	switch {
	case len(c.IDs) > 0 && (c.All || c.given()):
		return usage("give ids, or a filter with --all, but not both")
	case c.given() && !c.All:
		return usage("a filter needs --all, which says that all these jobs are meant")
	case len(c.IDs) == 0 && !c.All:
		return usage("the ids of jobs are missing")
	}
	return nil
}

// matching answers the ids of all jobs that the filter chooses.
func (f *face) matching(ctx context.Context, s *Session, filter task.Filter, possible func(wire.Job) bool) ([]task.ID, error) {
	var ids []task.ID
	page := task.Page{Sort: "created", Limit: maxPage}
	for {
		jobs, listed, err := s.Services.Jobs.List(ctx, s.Person, filter, page)
		if err != nil {
			return nil, err
		}
		for _, j := range jobs {
			if possible(f.maker.Job(j)) {
				ids = append(ids, j.ID)
			}
		}
		if listed.Next == "" {
			return ids, nil
		}
		page.After = listed.Next
	}
}

func (f *face) changedText(jobs []wire.Job) string {
	if len(jobs) == 0 {
		return f.say.text("no_jobs")
	}
	return f.jobTable(jobs)
}

type restartCommand struct {
	chosenJobs `embed:""`
}

func (c *restartCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, action{
		do: func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error) {
			return s.Services.Jobs.Restart(ctx, s.Person, ids)
		},
		possible: func(j wire.Job) bool { return j.Restartable },
	})
}

type cancelCommand struct {
	chosenJobs `embed:""`
	Series     bool `help:"Of a repeating job the whole series, not only this run."`
}

func (c *cancelCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, action{
		do: func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error) {
			return s.Services.Jobs.Cancel(ctx, s.Person, ids, c.Series)
		},
		possible: func(j wire.Job) bool { return j.Cancellable },
	})
}

type pauseCommand struct {
	chosenJobs `embed:""`
}

func (c *pauseCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, action{
		do: func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error) {
			return s.Services.Jobs.Pause(ctx, s.Person, ids)
		},
		possible: func(j wire.Job) bool { return j.Pausable },
	})
}

type resumeCommand struct {
	chosenJobs `embed:""`
}

func (c *resumeCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, action{
		do: func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error) {
			return s.Services.Jobs.Resume(ctx, s.Person, ids)
		},
		possible: func(j wire.Job) bool { return j.Status == task.Paused.String() },
	})
}

type clearCommand struct {
	chosenJobs `embed:""`
}

func (c *clearCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, action{
		do: func(ctx context.Context, s *Session, ids []task.ID) ([]engine.Live, error) {
			return s.Services.Jobs.Clear(ctx, s.Person, ids)
		},
		possible: func(j wire.Job) bool { return j.Clearable },
	})
}

type clearAllCommand struct {
	Queue string `placeholder:"Q" help:"Only those on this queue."`
}

func (c *clearAllCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		cleared, err := s.Services.Jobs.ClearAll(ctx, s.Person, c.Queue)
		if err != nil {
			return err
		}
		return f.answer(map[string]int{"cleared": cleared}, func() string {
			return f.say.text("cleared", "count", cleared)
		})
	})
}
