package cli

import (
	"context"

	"nectar/backend/service"
)

type verifyCommand struct {
	Channel    []string `arg:"" optional:"" help:"Ids, or names that only one channel on this laptop has. Without any, all channels."`
	RepairFrom *string  `placeholder:"SOURCE" help:"Fetch damaged and missing files from here."`
	NoWait     bool     `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
}

// Help implements kong.HelpProvider.
func (c *verifyCommand) Help() string {
	return `Reads every file of the channels and compares it with its checksum, after all other use of the disk. Ctrl-C stops safely; the job goes on next time. Exit status 3: damage is left.

    nectar verify
    nectar verify "Blockly Games" --repair-from /media/usb`
}

func (c *verifyCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.optionalReference(c.RepairFrom)
	if err != nil {
		return statusRefused, err
	}
	order := order{
		wait: !c.NoWait,
		requests: func(ctx context.Context, s *Session) ([]service.Request, error) {
			r := service.Request{"type": "content.verify"}
			if len(c.Channel) > 0 {
				ids, err := f.findChannels(ctx, s, c.Channel, "")
				if err != nil {
					return nil, err
				}
				list := make([]any, len(ids))
				for i, id := range ids {
					list[i] = string(id)
				}
				r["channel_ids"] = list
			}
			if source != "" {
				r["repair_from"] = source
			}
			return []service.Request{withWhen(r, map[string]any{"if_not": true})}, nil
		},
	}
	return order.carryOut(ctx, f)
}
