package content

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// checkUpdate looks whether the channel is here, and whether the source, as an
// import from there would be checked, has a version that is not older.
func (d Deps) checkUpdate(ctx context.Context, request task.Request[UpdateRequest]) (task.Validated[UpdateArgs], error) {
	args := UpdateArgs{UpdateRequest: request.Args}
	var metadata map[string]any
	if server.IsAddress(args.Source) {
		from, err := d.checkServer(ctx, task.Request[RemoteRequest]{
			Asked: request.Asked, Args: RemoteRequest{ChannelID: args.ChannelID, URL: args.Source},
		}, d.updateRoom)
		if err != nil {
			return task.Validated[UpdateArgs]{}, d.rather(ctx, args.ChannelID, asSource(err, "url"))
		}
		args.ChannelID, args.Source, args.Server, metadata = from.Args.ChannelID, from.Args.URL, from.Args.Server, from.Metadata
	} else {
		from, err := d.checkDrive(ctx, task.Request[ImportRequest]{
			Asked: request.Asked, Args: ImportRequest{ChannelID: args.ChannelID, Path: args.Source},
		}, d.updateRoom)
		if err != nil {
			return task.Validated[UpdateArgs]{}, d.rather(ctx, args.ChannelID, asSource(err, "path"))
		}
		args.ChannelID, args.Source, args.Drive, metadata = from.Args.ChannelID, from.Args.Path, from.Args.Source, from.Metadata
	}
	here, err := d.Library.Channel(ctx, channel.ID(args.ChannelID))
	if err != nil {
		return task.Validated[UpdateArgs]{}, err
	}
	metadata["channel_name"], metadata["before_version"] = nameOf(here), here.Version
	if there, known := metadata["source_version"].(int64); known {
		if there < here.Version {
			return task.Validated[UpdateArgs]{}, fault.New(fault.OlderVersion, "channel", nameOf(here), "path", args.Source, "there", there, "here", here.Version)
		}
		metadata["channel_version"] = there
	}
	return task.Validated[UpdateArgs]{Args: args, Metadata: metadata}, nil
}

// rather answers why an update is refused: that the channel is not on this laptop
// goes before what is wrong with its source, where another channel would be no better.
func (d Deps) rather(ctx context.Context, channelID string, refused error) error {
	id, err := channel.ParseID(channelID)
	if err != nil || len(fault.Of(refused).Fields) > 0 {
		return refused
	}
	if _, err := d.Library.Channel(ctx, id); fault.CodeOf(err) == fault.ChannelNotHere {
		return err
	}
	return refused
}

// asSource names the field of an update in the refusal of an import.
func asSource(err error, field string) error {
	f := fault.Of(err)
	if len(f.Fields) == 0 {
		return err
	}
	refused := make([]fault.Field, len(f.Fields))
	for n, r := range f.Fields {
		if r.Field == field {
			r.Field = "source"
		}
		refused[n] = r
	}
	return fault.Invalid(refused...)
}
