package cli

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/service"
)

type exportCommand struct {
	Channel   []string `arg:"" help:"Ids, or names that only one channel here has. Each becomes a job."`
	To        string   `required:"" placeholder:"DIR" help:"The drive or folder that holds KOLIBRI_DATA, or is to hold it."`
	Node      []string `placeholder:"ID" help:"Export only this topic or resource. May be given several times."`
	Exclude   []string `placeholder:"ID" help:"Leave out this topic or resource. May be given several times."`
	NoWait    bool     `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
	whenFlags `embed:""`
}

// Help implements kong.HelpProvider.
func (c *exportCommand) Help() string {
	return `Writes what is on this laptop for a Kolibri or another Nectar to import, with its manifest, and reads it back. Waits until it is there. Ctrl-C stops safely; the job goes on next time.

    nectar export "Blockly Games" --to /media/usb`
}

func (c *exportCommand) run(ctx context.Context, f *face) (int, error) {
	if c.To == "" {
		return statusRefused, f.usage("usage.no_place")
	}
	path, err := f.path(c.To)
	if err != nil {
		return statusRefused, err
	}
	order := order{
		list: len(c.Channel) > 1,
		wait: !c.NoWait && !c.later(),
		requests: func(ctx context.Context, s *Session) ([]service.Request, error) {
			ids, err := f.findChannels(ctx, s, c.Channel, "")
			if err != nil {
				return nil, err
			}
			requests := make([]service.Request, len(ids))
			for i, id := range ids {
				requests[i] = c.request(id, path)
			}
			return requests, nil
		},
	}
	return order.carryOut(ctx, f)
}

func (c *exportCommand) request(id channel.ID, path string) service.Request {
	r := service.Request{"type": "content.export", "channel_id": string(id), "path": path}
	if len(c.Node) > 0 {
		r["node_ids"] = nodeIDs(c.Node)
	}
	if len(c.Exclude) > 0 {
		r["exclude_node_ids"] = nodeIDs(c.Exclude)
	}
	return withWhen(r, c.joining())
}
