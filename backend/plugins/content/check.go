package content

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// checkImport looks whether the source is there and has a database of that
// name. A source that is away, and was seen there before, is waited for by the
// job. What is inside the database is judged by the job.
func (d Deps) checkImport(ctx context.Context, request task.Request[ImportRequest]) (task.Validated[ImportArgs], error) {
	return d.checkDrive(ctx, request, d.importRoom(request.Args.Choice))
}

// checkDrive is checkImport with an estimate of the room of its own.
func (d Deps) checkDrive(ctx context.Context, request task.Request[ImportRequest], room estimate) (task.Validated[ImportArgs], error) {
	args := ImportArgs{ImportRequest: request.Args}
	id, refused := checkChoice(args.ChannelID, args.Choice)
	if args.Path != string(source.Sample) && !filepath.IsAbs(args.Path) {
		refused = append(refused, fault.At("path", fault.FieldFormat, "want", "path", "value", args.Path))
	}
	if err := fault.Invalid(refused...); err != nil {
		return task.Validated[ImportArgs]{}, err
	}
	if args.Path != string(source.Sample) {
		args.Path = filepath.Clean(args.Path)
	}
	args.ChannelID = string(id)
	if d.isOurs(args.Path) {
		return task.Validated[ImportArgs]{}, fault.New(fault.SourceIsOurs, "path", args.Path)
	}
	if err := d.Library.May(library.Writing); err != nil {
		return task.Validated[ImportArgs]{}, err
	}
	from, known, err := d.find(ctx, args.Path)
	if err != nil {
		return task.Validated[ImportArgs]{}, err
	}
	if from == nil {
		args.Source = known.On
		return task.Validated[ImportArgs]{Args: args, Metadata: describeKnown(known, id)}, nil
	}
	args.Source = from.Info().On
	metadata, err := d.describe(ctx, request.Asked, from, args.Path, id, room)
	return task.Validated[ImportArgs]{Args: args, Metadata: metadata}, err
}

// checkChoice answers the channel's id, and every field that is wrong.
func checkChoice(channelID string, choice Choice) (channel.ID, []fault.Field) {
	var refused []fault.Field
	id, err := channel.ParseID(channelID)
	if err != nil {
		refused = append(refused, fault.At("channel_id", fault.FieldFormat, "want", "id", "value", channelID))
	}
	_, wrong := nodes("node_ids", choice.NodeIDs)
	refused = append(refused, wrong...)
	_, wrong = nodes("exclude_node_ids", choice.ExcludeNodeIDs)
	return id, append(refused, wrong...)
}

// checkRemote looks whether the server is there and has the channel, and
// notes at which address and which one it is. A server that is away, and was
// seen before, is waited for by the job.
func (d Deps) checkRemote(ctx context.Context, request task.Request[RemoteRequest]) (task.Validated[RemoteArgs], error) {
	return d.checkServer(ctx, request, d.importRoom(request.Args.Choice))
}

// checkServer is checkRemote with an estimate of the room of its own.
func (d Deps) checkServer(ctx context.Context, request task.Request[RemoteRequest], room estimate) (task.Validated[RemoteArgs], error) {
	args := RemoteArgs{RemoteRequest: request.Args}
	args.URL = strings.TrimSpace(args.URL)
	id, refused := checkChoice(args.ChannelID, args.Choice)
	if !server.IsAddress(args.URL) {
		refused = append(refused, fault.At("url", fault.FieldFormat, "want", "url", "value", args.URL))
	}
	if err := fault.Invalid(refused...); err != nil {
		return task.Validated[RemoteArgs]{}, err
	}
	args.ChannelID = string(id)
	if err := d.Library.May(library.Writing); err != nil {
		return task.Validated[RemoteArgs]{}, err
	}
	from, known, err := d.findServer(ctx, args.URL)
	if err != nil {
		return task.Validated[RemoteArgs]{}, err
	}
	given := args.URL
	args.URL, args.Server = known.URL, Server{ID: known.ID, Name: known.Name}
	if from == nil {
		return task.Validated[RemoteArgs]{Args: args, Metadata: describeKnown(known, id)}, nil
	}
	metadata, err := d.describe(ctx, request.Asked, from, given, id, room)
	return task.Validated[RemoteArgs]{Args: args, Metadata: metadata}, err
}

// describe finds the channel at the source and says what people see of it. The
// source is remembered, in case it is away the next time.
func (d Deps) describe(ctx context.Context, asked task.Asked, from source.Source, path string, id channel.ID, room estimate) (map[string]any, error) {
	held, err := d.heldBy(ctx, from, path, id)
	if err != nil {
		return nil, err
	}
	if err := d.Library.RememberSource(ctx, path, from.Info(), held); err != nil {
		return nil, err
	}
	for _, theirs := range held {
		if theirs.ID != id {
			continue
		}
		name := theirs.Name
		if name == "" {
			name = string(id)
		}
		metadata := map[string]any{
			"channel_id":     string(id),
			"channel_name":   name,
			"source_name":    from.Info().Name,
			"source_kind":    string(from.Info().Kind),
			"source_version": theirs.Version,
		}
		return metadata, room(ctx, asked, from, theirs, metadata)
	}
	return nil, fault.New(fault.ChannelMissing, "channel", string(id), "path", from.Info().Path+from.Info().URL)
}

// heldBy answers channels of the source, that of the id among them if the
// source has it. A drive tells no sizes: that takes reading all of its trees.
func (d Deps) heldBy(ctx context.Context, from source.Source, path string, id channel.ID) ([]source.Listing, error) {
	if shelf, is := from.(source.Shelf); is {
		return shelf.Held(ctx)
	}
	finder, is := from.(source.Finder)
	if !is {
		return from.Channels(ctx)
	}
	held, err := finder.Lookup(ctx, string(id))
	if err != nil {
		return nil, err
	}
	return d.withSeen(ctx, held, path, from.Info().ID)
}

// withSeen adds the channels that the source was seen to have when it was
// listed.
func (d Deps) withSeen(ctx context.Context, held []source.Listing, path, server string) ([]source.Listing, error) {
	seen, any, err := d.Library.SourceAt(ctx, path)
	if err != nil || !any || seen.ID != server {
		return held, err
	}
	for id, name := range seen.Channels {
		if !slices.ContainsFunc(held, func(l source.Listing) bool { return l.ID == id }) {
			held = append(held, source.Listing{Metadata: channel.Metadata{ID: id, Name: name}})
		}
	}
	return held, nil
}

// isOurs reports whether the path is our own content folder, whatever name it
// is reached by.
func (d Deps) isOurs(path string) bool {
	return slices.ContainsFunc(library.Meant(path), d.isInUse)
}
