package content

import (
	"context"

	"nectar/backend/channel/source"
	"nectar/backend/library"
	"nectar/backend/task"
)

// UpdateRequest is what people ask of content.update.
type UpdateRequest struct {
	ChannelID    string `json:"channel_id" jsonschema:"title=Channel,format=channel,minLength=32,maxLength=36"`
	Source       string `json:"source" jsonschema:"title=Where the new version is,format=source,description=The folder that holds KOLIBRI_DATA\\, or the address of a server\\, or the word studio,minLength=1,maxLength=4096"`
	RemoveUnused bool   `json:"remove_unused,omitzero" jsonschema:"title=Remove what is not needed any more,description=Remove the files that neither the new version nor another channel has,default=false"`
}

// UpdateArgs are the arguments of content.update: what was asked for, and on
// which drive or server that is.
type UpdateArgs struct {
	UpdateRequest

	Drive  source.On `json:"drive,omitzero"`
	Server Server    `json:"server,omitzero"`
}

// remote reports whether the new version is at a server.
func (a UpdateArgs) remote() bool { return a.Server != Server{} }

// disk answers the arguments of an import from the same drive.
func (a UpdateArgs) disk() ImportArgs {
	return ImportArgs{ImportRequest: ImportRequest{ChannelID: a.ChannelID, Path: a.Source}, Source: a.Drive}
}

// net answers the arguments of an import from the same server.
func (a UpdateArgs) net() RemoteArgs {
	return RemoteArgs{RemoteRequest: RemoteRequest{ChannelID: a.ChannelID, URL: a.Source}, Server: a.Server}
}

// needs answers the things of the world that the update needs.
func (a UpdateArgs) needs() []task.Need {
	if a.remote() {
		return []task.Need{a.net().need()}
	}
	if need, any := a.disk().need(); any {
		return []task.Need{need}
	}
	return nil
}

func (a UpdateArgs) resource() string {
	if a.remote() {
		return "server:" + a.Source
	}
	return a.disk().resource()
}

// update declares the task that brings a new version of a channel that is
// here.
func update(deps Deps) task.Task[UpdateArgs] {
	return task.Define(task.Spec[UpdateArgs]{
		Name:            "content.update",
		Summary:         "Update a channel to a new version",
		Permission:      task.ManageContent,
		Cancellable:     true,
		Pausable:        true,
		RetriesProblems: true,
		LongRunning:     true,
		Unit:            task.Bytes,
		OnInterruption:  task.Resume, // what was verified stays, and is not copied again
		ExclusiveKey:    func(a UpdateArgs) string { return exclusive(a.ChannelID) },
		Resource:        UpdateArgs.resource,
		Needs:           func(d task.Described[UpdateArgs]) []task.Need { return d.Args.needs() },
		Requests:        task.From(deps.checkUpdate),
		Status:          updateStatus,
		Run: using(deps, library.Writing, func(ctx context.Context, run *task.Run, args UpdateArgs) (any, error) {
			i := fromDrive(deps, run, args.disk())
			if args.remote() {
				i = fromServer(deps, run, args.net())
			}
			return (&updater{importer: i, args: args}).update(ctx)
		}),
	})
}
