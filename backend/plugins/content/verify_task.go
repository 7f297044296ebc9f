package content

import (
	"context"
	"path/filepath"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// VerifyRequest is what people ask of content.verify.
type VerifyRequest struct {
	ChannelIDs []string `json:"channel_ids,omitzero" jsonschema:"title=Channels,format=channel,description=The channels to check. Left out: all,maxItems=1000"`
	RepairFrom string   `json:"repair_from,omitzero" jsonschema:"title=Repair from,format=source,description=Where whole files are fetched in place of damaged and missing ones. Left out: nothing is repaired,maxLength=4096"`
}

// VerifyArgs are the arguments of content.verify: what was asked for, and on
// which drive or server the source is.
type VerifyArgs struct {
	VerifyRequest

	Source source.On `json:"source,omitzero"`
	Server Server    `json:"server,omitzero"`
}

// key answers the exclusive key: that of the channel, when only one is
// checked.
func (a VerifyArgs) key() string {
	if len(a.ChannelIDs) == 1 {
		return exclusive(a.ChannelIDs[0])
	}
	return "content:verify"
}

// resource is the same for all checks: all read from the disk of the content
// folder, where two would only get in each other's way. It is not that of a drive,
// on which imports would wait for an hour's check that gives way to them anyway.
func (VerifyArgs) resource() string { return "content:verify" }

// use answers how the content folder is used: only a repair writes there.
func (a VerifyArgs) use() library.Use {
	if a.RepairFrom != "" {
		return library.Writing
	}
	return library.Reading
}

// verification declares the task that reads every file again.
func verification(deps Deps) task.Task[VerifyArgs] {
	return task.Define(task.Spec[VerifyArgs]{
		Name:            "content.verify",
		Summary:         "Check that the files of channels are whole, and repair them",
		Priority:        task.Low,
		Permission:      task.ManageContent,
		Cancellable:     true,
		Pausable:        true,
		RetriesProblems: true,
		LongRunning:     true,
		Disturbs:        true,
		Unit:            task.Bytes,
		OnInterruption:  task.Resume,
		ExclusiveKey:    VerifyArgs.key,
		Resource:        VerifyArgs.resource,
		Requests:        task.From(deps.checkVerify),
		Status:          verifyStatus,
		Run: func(ctx context.Context, run *task.Run, args VerifyArgs) (any, error) {
			return using(deps, args.use(), func(ctx context.Context, run *task.Run, args VerifyArgs) (any, error) {
				return (&verifier{Deps: deps, run: run, args: args}).verify(ctx)
			})(ctx, run, args)
		},
	})
}

// checkVerify looks whether the channels are here and the source is there.
func (d Deps) checkVerify(ctx context.Context, request task.Request[VerifyRequest]) (task.Validated[VerifyArgs], error) {
	args := VerifyArgs{VerifyRequest: request.Args}
	ids, refused := channels("channel_ids", args.ChannelIDs)
	from := args.RepairFrom
	named := from == "" || from == string(source.Sample) || server.IsAddress(from)
	if !named && !filepath.IsAbs(from) {
		refused = append(refused, fault.At("repair_from", fault.FieldFormat, "want", "path", "value", from))
	}
	if err := fault.Invalid(refused...); err != nil {
		return task.Validated[VerifyArgs]{}, err
	}
	args.ChannelIDs = ids
	if err := d.Library.May(args.use()); err != nil {
		return task.Validated[VerifyArgs]{}, err
	}
	metadata := map[string]any{}
	for _, id := range ids {
		name, err := d.Library.Name(ctx, channel.ID(id))
		if err != nil {
			return task.Validated[VerifyArgs]{}, err
		}
		metadata["channel_name"] = name
	}
	if len(ids) != 1 {
		delete(metadata, "channel_name")
	}
	if from == "" {
		return task.Validated[VerifyArgs]{Args: args, Metadata: metadata}, nil
	}
	switch {
	case server.IsAddress(from):
		args.RepairFrom = strings.TrimSpace(from)
	case !named:
		args.RepairFrom = filepath.Clean(from)
	}
	if d.isOurs(args.RepairFrom) {
		return task.Validated[VerifyArgs]{}, fault.New(fault.SourceIsOurs, "path", args.RepairFrom)
	}
	name, err := d.mender(ctx, &args)
	metadata["source_name"] = name
	return task.Validated[VerifyArgs]{Args: args, Metadata: metadata}, err
}

// mender looks for the source of a repair, and notes which drive or server it
// is. It answers the source's name. One that is away, and was seen before, is
// waited for by the job.
func (d Deps) mender(ctx context.Context, args *VerifyArgs) (string, error) {
	if !server.IsAddress(args.RepairFrom) {
		found, known, err := d.find(ctx, args.RepairFrom)
		if err != nil {
			return "", err
		}
		args.Source = known.On
		if found != nil {
			args.Source = found.Info().On
			return found.Info().Name, nil
		}
		return known.Name, nil
	}
	_, known, err := d.findServer(ctx, args.RepairFrom)
	if err != nil {
		return "", err
	}
	args.RepairFrom, args.Server = known.URL, Server{ID: known.ID, Name: known.Name}
	return known.Name, nil
}

// channels reads ids of channels, each once, and names the wrong ones.
func channels(field string, texts []string) (ids []string, refused []fault.Field) {
	seen := map[channel.ID]bool{}
	for _, text := range texts {
		id, err := channel.ParseID(text)
		if err != nil {
			refused = append(refused, fault.At(field, fault.FieldFormat, "want", "id", "value", text))
			continue
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, string(id))
		}
	}
	return ids, refused
}
