package cli

import (
	"context"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// chosenJobs are the jobs that an action is for: ids, or a filter with --all.
type chosenJobs struct {
	IDs         []string `arg:"" optional:"" name:"id" help:"The ids of the jobs."`
	All         bool     `help:"All jobs that the filter chooses and that this is possible for."`
	filterFlags `embed:""`
}

// act does something to the jobs and answers them as they are then.
func (c chosenJobs) act(ctx context.Context, f *face, action task.Action) (int, error) {
	return c.actBy(ctx, f, func(s *Session) deed {
		return deed{
			some: func(ids []task.ID) ([]engine.Live, error) { return s.Services.Jobs.Do(ctx, s.Person, action, ids) },
			all: func(filter task.Filter, each func([]engine.Live) error) (int, error) {
				return s.Services.Jobs.DoAll(ctx, s.Person, action, filter, each)
			},
		}
	})
}

// deed is what is done to some jobs, all or none, or to all of a filter.
type deed struct {
	some func([]task.ID) ([]engine.Live, error)
	all  func(filter task.Filter, each func([]engine.Live) error) (int, error)
}

// actBy does to the jobs what a session makes of it, and answers them as they are then.
func (c chosenJobs) actBy(ctx context.Context, f *face, by func(*Session) deed) (int, error) {
	if err := c.check(f); err != nil {
		return statusRefused, err
	}
	filter, err := c.filter()
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		deed := by(s)
		if c.All {
			filter.Search = f.maker.Words(c.Search)
			return f.actAll(deed, filter)
		}
		changed, err := deed.some(taskIDs(c.IDs))
		if err != nil {
			return err
		}
		return c.answer(f, changed)
	})
}

// answer answers the jobs of the ids as they are after a change.
func (c chosenJobs) answer(f *face, changed []engine.Live) error {
	jobs := f.maker.Jobs(changed)
	return f.answer(oneOrAll(jobs, len(c.IDs) > 1), func() string { return f.changedText(jobs, 0) })
}

// actAll does something to all jobs of a filter. They may be many: the JSON is
// written while it goes on, and words show the first ones alone.
func (f *face) actAll(deed deed, filter task.Filter) error {
	list := jsonList{face: f}
	var shown []wire.Job
	done, err := deed.all(filter, func(changed []engine.Live) error {
		jobs := f.maker.Jobs(changed)
		if !f.json {
			shown = append(shown, jobs[:min(len(jobs), maxPage-len(shown))]...)
			return nil
		}
		for _, j := range jobs {
			if err := list.add(j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && done == 0 {
		return err
	}
	if !f.json {
		if printed := f.print(f.changedText(shown, done-len(shown))); printed != nil {
			return printed
		}
		return err
	}
	if ended := list.end(); ended != nil {
		return ended
	}
	return err
}

func (c chosenJobs) check(f *face) error {
	switch {
	case len(c.IDs) > 0 && (c.All || c.given()):
		return f.usage("usage.ids_or_filter")
	case c.given() && !c.All:
		return f.usage("usage.filter_alone")
	case len(c.IDs) == 0 && !c.All:
		return f.usage("usage.no_ids")
	}
	return nil
}

// changedText shows the jobs, and says how many more there are.
func (f *face) changedText(jobs []wire.Job, more int) string {
	if len(jobs) == 0 {
		return f.say.text("no_jobs")
	}
	text := f.jobTable(jobs)
	if more > 0 {
		text += f.say.text("more_jobs", "count", more) + "\n"
	}
	return text
}

type restartCommand struct {
	chosenJobs `embed:""`
}

func (c *restartCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.Restart)
}

type cancelCommand struct {
	chosenJobs `embed:""`
	Series     bool `help:"Of a repeating job the whole series, not only this run."`
}

func (c *cancelCommand) run(ctx context.Context, f *face) (int, error) {
	if c.Series {
		return c.act(ctx, f, task.CancelSeries)
	}
	return c.act(ctx, f, task.Cancel)
}

type pauseCommand struct {
	chosenJobs `embed:""`
}

func (c *pauseCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.Pause)
}

type resumeCommand struct {
	chosenJobs `embed:""`
}

func (c *resumeCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.Unpause)
}

type runNowCommand struct {
	chosenJobs `embed:""`
}

func (c *runNowCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.RunNow)
}

type firstCommand struct {
	chosenJobs `embed:""`
}

func (c *firstCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.First)
}

type retryProblemsCommand struct {
	chosenJobs `embed:""`
	Cause      string `placeholder:"CODE" help:"Only the items that failed with this code, such as file_missing. Needs ids."`
}

func (c *retryProblemsCommand) run(ctx context.Context, f *face) (int, error) {
	if c.Cause == "" {
		return c.act(ctx, f, task.RetryProblems)
	}
	if c.All {
		return statusRefused, f.usage("usage.cause_of_ids")
	}
	if err := c.check(f); err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		changed, err := s.Services.Jobs.RetryCause(ctx, s.Person, taskIDs(c.IDs), fault.Code(c.Cause))
		if err != nil {
			return err
		}
		return c.answer(f, changed)
	})
}

type clearCommand struct {
	chosenJobs `embed:""`
}

func (c *clearCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.Clear)
}

type deleteJobsCommand struct {
	chosenJobs `embed:""`
}

func (c *deleteJobsCommand) run(ctx context.Context, f *face) (int, error) {
	return c.act(ctx, f, task.Delete)
}

type rescheduleCommand struct {
	chosenJobs `embed:""`
	whenFlags  `embed:""`
}

// Help implements kong.HelpProvider.
func (c *rescheduleCommand) Help() string {
	return `Replaces the whole schedule: what is not said here is as for a new job. A job that is running cannot be changed.
With --all it takes the jobs that have yet to run, and those that have ended if --state names them.`
}

func (c *rescheduleCommand) run(ctx context.Context, f *face) (int, error) {
	if !anyGiven(c.whenFlags) {
		return statusRefused, f.usage("usage.no_time")
	}
	when := c.args(nil)
	return c.actBy(ctx, f, func(s *Session) deed {
		return deed{
			some: func(ids []task.ID) ([]engine.Live, error) {
				return s.Services.Jobs.Reschedule(ctx, s.Person, ids, when)
			},
			all: func(filter task.Filter, each func([]engine.Live) error) (int, error) {
				return s.Services.Jobs.RescheduleAll(ctx, s.Person, filter, when, each)
			},
		}
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
