package cli

import (
	"context"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// order is a command that makes jobs.
type order struct {
	requests func(ctx context.Context, s *Session) ([]service.Request, error)
	list     bool // the answer is a list, also of one
	wait     bool
}

// carryOut stores the jobs, all or none, and waits for them or leaves.
func (o order) carryOut(ctx context.Context, f *face) (status int, err error) {
	f.again = true
	if o.wait {
		return o.follow(ctx, f)
	}
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		jobs, err := o.store(ctx, f, s)
		if err != nil {
			return err
		}
		stored := f.maker.Jobs(jobs)
		return f.answer(oneOrAll(stored, o.list), func() string { return f.storedText(stored) })
	})
}

// store stores the jobs, or reads those that the command stored elsewhere
// already.
func (o order) store(ctx context.Context, f *face, s *Session) ([]engine.Live, error) {
	before, err := f.standing()
	if err != nil {
		return nil, err
	}
	if before != nil {
		return before.read(ctx, s)
	}
	requests, err := o.requests(ctx, s)
	if err != nil {
		return nil, err
	}
	jobs, err := s.Services.Jobs.Create(ctx, s.Person, f.marked(requests))
	if err != nil {
		return nil, err
	}
	jobs = once(jobs)
	if o.wait {
		if jobs, err = resumed(ctx, s, jobs); err != nil {
			return nil, err
		}
	}
	return jobs, f.note(standingOf(jobs))
}

// resumed lets those go on that somebody had paused before they were asked for
// again: whoever waits for a job wants it done. One that the person may not
// resume stays paused, and its end says so.
func resumed(ctx context.Context, s *Session, jobs []engine.Live) ([]engine.Live, error) {
	for i, j := range jobs {
		if j.State != task.Paused {
			continue
		}
		going, err := s.Services.Jobs.Resume(ctx, s.Person, []task.ID{j.ID})
		switch code := fault.CodeOf(err); {
		case err == nil:
			jobs[i] = going[0]
		case code == fault.Forbidden || code == fault.IllegalMove: // it went on, or ended, meanwhile
		default:
			return nil, err
		}
	}
	return jobs, nil
}

// once drops jobs that stand there twice: two requests may have met in one.
func once(jobs []engine.Live) []engine.Live {
	return lo.UniqBy(jobs, func(j engine.Live) int64 { return j.Number })
}

// storedText says what was stored, and when it is due.
func (f *face) storedText(jobs []wire.Job) string {
	var text strings.Builder
	for _, j := range jobs {
		line := f.jobName(j) + ": " + f.state(j)
		if j.Status == "SCHEDULED" {
			line += ", " + local(j.ScheduledDatetime)
			if j.StatusText != f.state(j) {
				line += "\n  " + plain(j.StatusText)
			}
		}
		text.WriteString(line + "\n")
	}
	return text.String()
}
