package content

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// DeleteArgs are the arguments of content.delete.
type DeleteArgs struct {
	ChannelID   string   `json:"channel_id" jsonschema:"title=Channel,format=channel,minLength=32,maxLength=36"`
	NodeIDs     []string `json:"node_ids,omitzero" jsonschema:"title=Topics and resources,format=node,description=What to delete. Left out: the whole channel,maxItems=100000"`
	ForceDelete bool     `json:"force_delete,omitzero" jsonschema:"title=Copies too,description=Delete the same resources in other channels and at other places as well,default=false"`
}

// removals is the resource of deletions. Two at once could each keep a file
// for the sake of the other.
func removals[A any](A) string { return "content:removals" }

// deletion declares the task that deletes a channel, or a part of it.
func deletion(deps Deps) task.Task[DeleteArgs] {
	return task.Define(task.Spec[DeleteArgs]{
		Name:           "content.delete",
		Summary:        "Delete a channel or parts of it from this laptop",
		Permission:     task.ManageContent,
		Cancellable:    true,
		Pausable:       true,
		Unit:           task.Bytes,
		OnInterruption: task.Resume, // what is left lies there
		ExclusiveKey:   func(a DeleteArgs) string { return exclusive(a.ChannelID) },
		Resource:       removals[DeleteArgs],
		Validate:       deps.checkDelete,
		Status:         deleteStatus,
		Run: using(deps, library.Writing, func(ctx context.Context, run *task.Run, args DeleteArgs) (any, error) {
			return (&deleter{Deps: deps, run: run, args: args, id: channel.ID(args.ChannelID)}).delete(ctx)
		}),
	})
}

// checkDelete looks whether the channel is here. Its database need not be
// sound: that, too, people want to get rid of.
func (d Deps) checkDelete(ctx context.Context, request task.Request[DeleteArgs]) (task.Validated[DeleteArgs], error) {
	args := request.Args
	var refused []fault.Field
	id, err := channel.ParseID(args.ChannelID)
	if err != nil {
		refused = append(refused, fault.At("channel_id", fault.FieldFormat, "want", "id", "value", args.ChannelID))
	}
	chosen, wrong := nodes("node_ids", args.NodeIDs)
	if err := fault.Invalid(append(refused, wrong...)...); err != nil {
		return task.Validated[DeleteArgs]{}, err
	}
	args.ChannelID, args.NodeIDs = string(id), texts32(chosen)
	if err := d.Library.May(library.Writing); err != nil {
		return task.Validated[DeleteArgs]{}, err
	}
	name, err := d.Library.Name(ctx, id)
	if err != nil {
		return task.Validated[DeleteArgs]{}, err
	}
	return task.Validated[DeleteArgs]{Args: args, Metadata: map[string]any{"channel_id": string(id), "channel_name": name}}, nil
}

// texts32 answers the ids as they are stored, nil for nil.
func texts32(ids []channel.NodeID) []string {
	if ids == nil {
		return nil
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return texts
}
