package content

import (
	"context"
	"os"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// checkImport looks whether the source is there and has a database of that
// name. A source that is away, and was seen there before, is waited for by the
// job. What is inside the database is judged by the job.
func (d Deps) checkImport(ctx context.Context, request task.Request[ImportRequest]) (task.Validated[ImportArgs], error) {
	args := ImportArgs{ImportRequest: request.Args}
	var refused []fault.Field
	id, err := channel.ParseID(args.ChannelID)
	if err != nil {
		refused = append(refused, fault.At("channel_id", fault.FieldFormat, "want", "id", "value", args.ChannelID))
	}
	_, wrong := nodes("node_ids", args.NodeIDs)
	refused = append(refused, wrong...)
	_, wrong = nodes("exclude_node_ids", args.ExcludeNodeIDs)
	refused = append(refused, wrong...)
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
	from, known, err := d.find(ctx, args.Path)
	if err != nil {
		return task.Validated[ImportArgs]{}, err
	}
	if from == nil {
		args.Source = known.On
		return task.Validated[ImportArgs]{Args: args, Metadata: describeKnown(known, id)}, nil
	}
	args.Source = from.Info().On
	metadata, err := d.describe(ctx, from, args.Path, id)
	return task.Validated[ImportArgs]{Args: args, Metadata: metadata}, err
}

// describe finds the channel at the source and says what people see of it. The
// source is remembered, in case it is away the next time.
func (d Deps) describe(ctx context.Context, from source.Source, path string, id channel.ID) (map[string]any, error) {
	listings, err := from.Channels(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.Library.RememberSource(ctx, path, from.Info(), listings); err != nil {
		return nil, err
	}
	for _, l := range listings {
		if l.ID != id {
			continue
		}
		name := l.Name
		if name == "" {
			name = string(id)
		}
		return map[string]any{
			"channel_id":     string(id),
			"channel_name":   name,
			"source_name":    from.Info().Name,
			"source_kind":    string(from.Info().Kind),
			"source_version": l.Version,
		}, nil
	}
	return nil, fault.New(fault.ChannelMissing, "channel", string(id), "path", from.Info().Path)
}

// isOurs reports whether the path is our own content folder, whatever name it
// is reached by.
func (d Deps) isOurs(path string) bool {
	ours, err := os.Stat(d.Library.Content())
	if err != nil {
		return false // there is none yet
	}
	for _, below := range []string{".", "content", filepath.Join("KOLIBRI_DATA", "content")} {
		if theirs, err := os.Stat(filepath.Join(path, below)); err == nil && os.SameFile(ours, theirs) {
			return true
		}
	}
	return false
}
