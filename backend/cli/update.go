package cli

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/service"
)

type updateCommand struct {
	Channel      string `arg:"" help:"An id, or a name that only one channel here has."`
	From         string `required:"" placeholder:"SOURCE" help:"A folder or drive that holds KOLIBRI_DATA (or that folder itself), a server, or \"studio\"."`
	RemoveUnused bool   `help:"Also remove files that neither the new version nor another channel has."`
	NoWait       bool   `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
	whenFlags    `embed:""`
}

// Help implements kong.HelpProvider.
func (c *updateCommand) Help() string {
	return `Brings the files of the new version for all that is on this laptop, and then puts the new version in the place of the old one, in one step. New resources are imported with "nectar import" afterwards; "nectar diff" names them.`
}

func (c *updateCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.reference(c.From)
	if err != nil {
		return statusRefused, err
	}
	order := order{
		wait: !c.NoWait && !c.later(),
		requests: func(ctx context.Context, s *Session) ([]service.Request, error) {
			ids, err := f.findChannels(ctx, s, []string{c.Channel}, "")
			if err != nil {
				return nil, err
			}
			return []service.Request{c.request(ids[0], source)}, nil
		},
	}
	return order.carryOut(ctx, f)
}

func (c *updateCommand) request(id channel.ID, source string) service.Request {
	r := service.Request{"type": "content.update", "channel_id": string(id), "source": source}
	if c.RemoveUnused {
		r["remove_unused"] = true
	}
	return withWhen(r, c.joining())
}
