package cli

import (
	"context"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/task"
	"nectar/backend/wire"
)

type schedulesCommand struct {
	Limit int      `placeholder:"N" default:"100" help:"So many at most: 1 to 1000."`
	After verbatim `placeholder:"CURSOR" help:"What follows the page that answered this \"next\"."`
}

func (c *schedulesCommand) run(ctx context.Context, f *face) (int, error) {
	if err := checkLimit(c.Limit); err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		page := task.Page{Limit: c.Limit, After: string(c.After)}
		found, next, err := s.Services.Jobs.Schedules(ctx, s.Person, page)
		if err != nil {
			return err
		}
		schedules := f.maker.Schedules(found, next)
		return f.answer(schedules, func() string { return f.scheduleText(schedules) })
	})
}

func (f *face) scheduleText(page wire.SchedulePage) string {
	if len(page.Schedules) == 0 {
		return f.say.text("no_jobs")
	}
	t := table{columns: []column{
		{head: f.say.text("head.id"), right: true},
		{head: f.say.text("head.state")},
		{head: f.say.text("head.next")},
		{head: f.say.text("head.job"), flex: true},
	}}
	for _, s := range page.Schedules {
		runs := lo.Map(s.NextRuns, func(at string, _ int) string { return local(&at) })
		t.add(s.ID, f.state(s.Job), strings.Join(runs, ", "), s.StatusTitle)
	}
	text := t.render(f.env.Width)
	if page.Next != nil {
		text += f.say.text("more", "cursor", *page.Next) + "\n"
	}
	return text
}
