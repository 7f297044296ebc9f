package cli

import (
	"context"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type jobsCommand struct {
	List          listCommand          `cmd:"" default:"withargs" help:"List jobs, the newest first."`
	Show          showCommand          `cmd:"" help:"Show jobs with their problems, history and log."`
	Restart       restartCommand       `cmd:"" help:"Run jobs once more that failed, were cancelled or are done."`
	Cancel        cancelCommand        `cmd:"" help:"Cancel jobs. What they have done is kept."`
	Pause         pauseCommand         `cmd:"" help:"Hold jobs."`
	Resume        resumeCommand        `cmd:"" help:"Let paused jobs go on."`
	RunNow        runNowCommand        `cmd:"" help:"Run scheduled jobs now. Their planned times stay."`
	First         firstCommand         `cmd:"" help:"Put waiting jobs before the others of their priority."`
	RetryProblems retryProblemsCommand `cmd:"" help:"Run jobs once more for the items alone that failed."`
	Reschedule    rescheduleCommand    `cmd:"" help:"Replace the schedule of a job."`
	Clear         clearCommand         `cmd:"" help:"Remove jobs that have come to an end, with their history."`
	Delete        deleteJobsCommand    `cmd:"" help:"Remove jobs that are not running, with their history."`
	Dismiss       dismissCommand       `cmd:"" help:"Set jobs aside that went wrong, for you and until they go wrong again."`
	ClearAll      clearAllCommand      `cmd:"" help:"Remove every job that has come to an end."`
}

// The limits of a page of jobs.
const maxPage = 1000

type listCommand struct {
	filterFlags `embed:""`
	Sort        verbatim `placeholder:"FIELD" help:"created, started, finished or due; with a - in front the latest first."`
	Limit       int      `placeholder:"N" default:"100" help:"So many at most: 1 to 1000."`
	After       verbatim `placeholder:"CURSOR" help:"What follows the page that answered this \"next\"."`
}

func (c *listCommand) run(ctx context.Context, f *face) (int, error) {
	filter, err := c.filter()
	if err != nil {
		return statusRefused, err
	}
	if err := checkLimit(c.Limit); err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		filter.Search = f.maker.Words(c.Search)
		page := task.Page{Sort: string(c.Sort), Limit: c.Limit, After: string(c.After)}
		jobs, listed, err := s.Services.Jobs.List(ctx, s.Person, filter, page)
		if err != nil {
			return err
		}
		list := f.maker.Page(jobs, listed)
		return f.answer(list, func() string { return f.pageText(list) })
	})
}

func checkLimit(limit int) error {
	if limit < 1 || limit > maxPage {
		return fault.Invalid(fault.At("limit", fault.FieldRange, "min", 1, "max", maxPage))
	}
	return nil
}

type showCommand struct {
	IDs []string `arg:"" name:"id" help:"The ids of the jobs."`
}

func (c *showCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		details, err := s.Services.Jobs.Show(ctx, s.Person, taskIDs(c.IDs)...)
		if err != nil {
			return err
		}
		jobs := make([]wire.JobDetail, len(details))
		for i := range details {
			jobs[i] = f.maker.Detail(details[i])
		}
		return f.answer(oneOrAll(jobs, len(c.IDs) > 1), func() string {
			texts := make([]string, len(jobs))
			for i := range jobs {
				texts[i] = f.detailText(jobs[i])
			}
			return strings.Join(texts, "\n")
		})
	})
}

func taskIDs(texts []string) []task.ID {
	ids := make([]task.ID, len(texts))
	for i, text := range texts {
		ids[i] = task.ID(text)
	}
	return ids
}

// pageText is a table of jobs, with how to go on and how many there are.
func (f *face) pageText(page wire.JobPage) string {
	if len(page.Jobs) == 0 {
		return f.say.text("no_jobs")
	}
	text := f.jobTable(page.Jobs)
	text += "\n" + f.countsText(page.Counts) + "\n"
	if page.Next != nil {
		text += f.say.text("more", "cursor", *page.Next) + "\n"
	}
	return text
}

func (f *face) jobTable(jobs []wire.Job) string {
	t := table{columns: []column{
		{head: f.say.text("head.id"), right: true},
		{head: f.say.text("head.state")},
		{head: "%", right: true},
		{head: f.say.text("head.created")},
		{head: f.say.text("head.job"), flex: true},
		{head: f.say.text("head.about"), flex: true},
	}}
	for _, j := range jobs {
		percent := ""
		if j.TotalProgress > 0 {
			percent = f.percent(j)
		}
		about := j.StatusText
		if about == f.state(j) {
			about = ""
		}
		t.add(j.ID, f.state(j), percent, local(&j.Created), j.StatusTitle, about)
	}
	return t.render(f.env.Width)
}
