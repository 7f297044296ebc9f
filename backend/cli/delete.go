package cli

import (
	"context"

	"nectar/backend/service"
)

type deleteCommand struct {
	Channel   string   `arg:"" help:"An id, or a name that only one channel on this laptop has."`
	Node      []string `placeholder:"ID" help:"Delete only this topic or resource. May be given several times."`
	CopiesToo bool     `help:"Also the same resources in other channels and at other places."`
	NoWait    bool     `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
}

// Help implements kong.HelpProvider.
func (c *deleteCommand) Help() string {
	return `Files that other resources need stay. Ctrl-C stops safely: what is not removed yet stays, and the job goes on next time.

    nectar delete "Blockly Games"
    nectar delete "Blockly Games" --node 0c8b5ddc5e5e4b8a8a8f4b0a0f8e5d0c`
}

func (c *deleteCommand) run(ctx context.Context, f *face) (int, error) {
	order := order{
		wait: !c.NoWait,
		requests: func(ctx context.Context, s *Session) ([]service.Request, error) {
			ids, err := f.findChannels(ctx, s, []string{c.Channel}, "")
			if err != nil {
				return nil, err
			}
			r := service.Request{"type": "content.delete", "channel_id": string(ids[0])}
			if len(c.Node) > 0 {
				r["node_ids"] = nodeIDs(c.Node)
			}
			if c.CopiesToo {
				r["force_delete"] = true
			}
			return []service.Request{withWhen(r, map[string]any{"if_not": true})}, nil
		},
	}
	return order.carryOut(ctx, f)
}
