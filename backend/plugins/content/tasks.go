package content

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Choice says what of a channel is imported, and how.
type Choice struct {
	NodeIDs        []string `json:"node_ids,omitzero" jsonschema:"title=Topics and resources,format=node,description=What to import. Left out: the whole channel,maxItems=100000"`
	ExcludeNodeIDs []string `json:"exclude_node_ids,omitzero" jsonschema:"title=Left out,format=node,description=Topics and resources to leave out. Wins over what is chosen,maxItems=100000"`
	RenderableOnly *bool    `json:"renderable_only,omitzero" jsonschema:"title=Only what can be shown,description=Leave out resources that no viewer of Kolibri shows,default=true"`
	FailOnError    bool     `json:"fail_on_error,omitzero" jsonschema:"title=Fail when any file fails,default=false"`
	MetadataOnly   bool     `json:"metadata_only,omitzero" jsonschema:"title=Only the list of contents,description=Bring the channel's list of topics and resources without their files,default=false"`
}

// allFiles reports whether also what no viewer shows is asked for.
func (c Choice) allFiles() bool { return c.RenderableOnly != nil && !*c.RenderableOnly }

// ImportRequest is what people ask of content.diskimport.
type ImportRequest struct {
	ChannelID string `json:"channel_id" jsonschema:"title=Channel,format=channel,minLength=32,maxLength=36"`
	Path      string `json:"path" jsonschema:"title=Drive or folder,format=source,description=The folder that holds KOLIBRI_DATA\\, or the word sample,minLength=1,maxLength=4096"`
	Choice
}

// ImportArgs are the arguments of content.diskimport: what was asked for, and
// on which drive that is.
type ImportArgs struct {
	ImportRequest

	Source source.On `json:"source,omitzero"`
}

// RemoteRequest is what people ask of content.remoteimport.
type RemoteRequest struct {
	ChannelID string `json:"channel_id" jsonschema:"title=Channel,format=channel,minLength=32,maxLength=36"`
	URL       string `json:"url" jsonschema:"title=Server,format=server,description=The address of a Kolibri server\\, or the word studio,minLength=1,maxLength=2048"`
	Choice
}

// RemoteArgs are the arguments of content.remoteimport: what was asked for,
// with the address at which the server was found, and which server that is.
type RemoteArgs struct {
	RemoteRequest

	Server Server `json:"server,omitzero"`
}

// Server tells a server from others at its address.
type Server struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// resource answers the disk that an import reads. One disk reads fastest for
// one job at a time.
func (a ImportArgs) resource() string { return diskOr(a.Source, "source:"+a.Path) }

func exclusive(channelID string) string { return "channel:" + channelID }

// diskImport declares the task that imports a channel from a drive, a folder
// or the sample.
func diskImport(deps Deps) task.Task[ImportArgs] {
	return task.Define(task.Spec[ImportArgs]{
		Name:            "content.diskimport",
		Summary:         "Import a channel from a drive or folder",
		Permission:      task.ManageContent,
		Cancellable:     true,
		Pausable:        true,
		RetriesProblems: true,
		LongRunning:     true,
		Unit:            task.Bytes,
		OnInterruption:  task.Resume, // what was verified stays, and is not copied again
		ExclusiveKey:    func(a ImportArgs) string { return exclusive(a.ChannelID) },
		Resource:        ImportArgs.resource,
		Needs:           importNeeds,
		Requests:        task.From(deps.checkImport),
		Status: func(d task.Described[ImportArgs]) task.Status {
			return importStatus(d.Job, d.Args.ChannelID, d.Args.MetadataOnly, d.Metadata, d.Result)
		},
		Run: using(deps, library.Writing, func(ctx context.Context, run *task.Run, args ImportArgs) (any, error) {
			return fromDrive(deps, run, args).importChannel(ctx)
		}),
	})
}

// remoteImport declares the task that imports a channel from a server or from
// Studio.
func remoteImport(deps Deps) task.Task[RemoteArgs] {
	return task.Define(task.Spec[RemoteArgs]{
		Name:            "content.remoteimport",
		Summary:         "Import a channel from a server on the network or from Kolibri Studio",
		Permission:      task.ManageContent,
		Cancellable:     true,
		Pausable:        true,
		RetriesProblems: true,
		LongRunning:     true,
		Disturbs:        true,
		Unit:            task.Bytes,
		OnInterruption:  task.Resume, // of files that were broken off, too, what came stays
		ExclusiveKey:    func(a RemoteArgs) string { return exclusive(a.ChannelID) },
		Resource:        func(a RemoteArgs) string { return "server:" + a.URL },
		Needs:           func(d task.Described[RemoteArgs]) []task.Need { return []task.Need{d.Args.need()} },
		Requests:        task.From(deps.checkRemote),
		Status: func(d task.Described[RemoteArgs]) task.Status {
			return importStatus(d.Job, d.Args.ChannelID, d.Args.MetadataOnly, d.Metadata, d.Result)
		},
		Run: using(deps, library.Writing, func(ctx context.Context, run *task.Run, args RemoteArgs) (any, error) {
			return fromServer(deps, run, args).importChannel(ctx)
		}),
	})
}

// nodes reads ids of topics and resources, and names the wrong ones.
func nodes(field string, ids []string) ([]channel.NodeID, []fault.Field) {
	if ids == nil {
		return nil, nil
	}
	parsed := make([]channel.NodeID, 0, len(ids))
	var refused []fault.Field
	for _, id := range ids {
		node, err := channel.ParseNodeID(id)
		if err != nil {
			refused = append(refused, fault.At(field, fault.FieldFormat, "want", "id", "value", id))
			continue
		}
		parsed = append(parsed, node)
	}
	return parsed, refused
}
