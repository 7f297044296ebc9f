package cli

import (
	"context"

	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/source/server"
	"nectar/backend/service"
)

type importCommand struct {
	Channel      []string `arg:"" help:"Ids, names that only one channel at the source has, or tokens of Studio. Each becomes a job."`
	From         string   `required:"" placeholder:"SOURCE" help:"A folder or drive that holds KOLIBRI_DATA (or that folder itself), the address of a Kolibri server, \"studio\" or \"sample\"."`
	Node         []string `placeholder:"ID" help:"Import only this topic or resource. May be given several times."`
	Exclude      []string `placeholder:"ID" help:"Leave out this topic or resource. May be given several times."`
	AllFiles     bool     `help:"Also files that no resource needs to be shown."`
	MetadataOnly bool     `help:"Only topics and titles, no files."`
	Manifest     string   `placeholder:"FILE" help:"Import what this manifest.json lists of each channel."`
	FailOnError  bool     `help:"Fail when any item fails."`
	NoWait       bool     `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
	whenFlags    `embed:""`
}

// Help implements kong.HelpProvider.
func (c *importCommand) Help() string {
	return `Waits until the channels are here. Ctrl-C stops safely; the job goes on next time. With --at, --in or --cron it stores the job and leaves.

    nectar import "Blockly Games" --from /media/usb
    nectar import 0c8b5ddc5e5e4b8a8a8f4b0a0f8e5d0c --from sample --json
    nectar import "Blockly Games" --from http://192.168.1.5:8080
    nectar import abcde-fghij --from studio`
}

func (c *importCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.reference(c.From)
	if err != nil {
		return statusRefused, err
	}
	if c.Manifest != "" && len(c.Node) > 0 {
		return statusRefused, f.usage("usage.manifest_or_node")
	}
	order := order{
		list: len(c.Channel) > 1,
		wait: !c.NoWait && !c.later(),
		requests: func(ctx context.Context, s *Session) ([]service.Request, error) {
			ids, err := f.findChannels(ctx, s, c.Channel, source)
			if err != nil {
				return nil, err
			}
			requests := make([]service.Request, len(ids))
			for i, id := range ids {
				requests[i] = c.request(id, source)
				if c.Manifest == "" {
					continue
				}
				if requests[i]["node_ids"], err = c.listed(ctx, f, s, id, source); err != nil {
					return nil, err
				}
			}
			return requests, nil
		},
	}
	return order.carryOut(ctx, f)
}

func (c *importCommand) request(id channel.ID, source string) service.Request {
	r := service.Request{"type": "content.diskimport", "channel_id": string(id), "path": source}
	if server.IsAddress(source) {
		r = service.Request{"type": "content.remoteimport", "channel_id": string(id), "url": source}
	}
	if len(c.Node) > 0 {
		r["node_ids"] = nodeIDs(c.Node)
	}
	if len(c.Exclude) > 0 {
		r["exclude_node_ids"] = nodeIDs(c.Exclude)
	}
	if c.AllFiles {
		r["renderable_only"] = false
	}
	if c.MetadataOnly {
		r["metadata_only"] = true
	}
	if c.FailOnError {
		r["fail_on_error"] = true
	}
	return withWhen(r, c.joining())
}

// listed answers what the manifest lists of a channel.
func (c *importCommand) listed(ctx context.Context, f *face, s *Session, id channel.ID, source string) ([]any, error) {
	file, err := f.path(c.Manifest)
	if err != nil {
		return nil, err
	}
	nodes, err := s.Services.Sources.Listed(ctx, s.Person, id, source, file)
	return lo.Map(nodes, func(node channel.NodeID, _ int) any { return string(node) }), err
}

// nodeIDs answers the ids as they are stored. What is no id is left to the
// task to refuse.
func nodeIDs(texts []string) []any {
	ids := make([]any, len(texts))
	for i, text := range texts {
		ids[i] = text
		if id, err := channel.ParseNodeID(text); err == nil {
			ids[i] = string(id)
		}
	}
	return ids
}
