package cli

import (
	"context"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/service"
	"nectar/backend/wire"
)

type homeCommand struct{}

func (c *homeCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		now, err := s.Services.Home.Now(ctx, s.Person)
		if err != nil {
			return err
		}
		return f.answerHome(now)
	})
}

func (f *face) answerHome(now service.Overview) error {
	home := f.maker.Home(now)
	return f.answer(home, func() string { return f.homeText(home) })
}

// homeText has a part for what is going on, for what needs somebody, for what
// is next and for what just arrived; those that are empty are left out.
func (f *face) homeText(home wire.Home) string {
	var parts []string
	part := func(head, text string) {
		if text != "" {
			parts = append(parts, f.say.text(head)+"\n"+strings.TrimRight(text, "\n")+"\n")
		}
	}
	if len(home.Running) > 0 {
		part("home.now", f.jobTable(home.Running))
	}
	needs := lo.Map(home.Wanted, func(w wire.Wanted, _ int) string {
		return f.maker.WaitText(wire.Waiting{Code: w.Code, Item: w.Item}) + " (" + f.say.text("home.waiting", "count", w.Jobs) + ")"
	})
	if home.AmissAll > 0 {
		needs = append(needs, f.jobTable(home.Amiss))
	}
	part("home.needs", strings.Join(needs, "\n"))
	if len(home.Schedules) > 0 {
		part("home.next", f.scheduleText(wire.SchedulePage{Schedules: home.Schedules}))
	}
	arrivals := lo.Map(home.Arrivals, func(a wire.Arrival, _ int) string {
		return local(&a.At) + "  " + a.Channel.Name + ": " + f.say.text("home.resources", "count", a.Resources)
	})
	part("home.arrived", strings.Join(arrivals, "\n"))
	parts = append(parts, f.say.text("home.channels", "count", home.Channels)+" "+
		f.say.text("home.free", "size", f.maker.Bytes(home.FreeBytes))+"\n")
	return strings.Join(parts, "\n")
}

type dismissCommand struct {
	IDs []string `arg:"" optional:"" name:"id" help:"The ids of the jobs."`
	All bool     `help:"All jobs that went wrong."`
}

func (c *dismissCommand) run(ctx context.Context, f *face) (int, error) {
	if (len(c.IDs) > 0) == c.All {
		return statusRefused, f.usage("usage.ids_or_all")
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		dismiss := func() error { return s.Services.Home.Dismiss(ctx, s.Person, taskIDs(c.IDs)...) }
		if c.All {
			dismiss = func() error { return s.Services.Home.DismissAll(ctx, s.Person) }
		}
		if err := dismiss(); err != nil {
			return err
		}
		now, err := s.Services.Home.Now(ctx, s.Person)
		if err != nil {
			return err
		}
		return f.answerHome(now)
	})
}
