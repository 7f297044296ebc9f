package content

import (
	"context"

	"nectar/backend/channel/source"
	"nectar/backend/library"
	"nectar/backend/task"
)

// ExportRequest is what people ask of content.export.
type ExportRequest struct {
	ChannelID      string   `json:"channel_id" jsonschema:"title=Channel,format=channel,minLength=32,maxLength=36"`
	Path           string   `json:"path" jsonschema:"title=Drive or folder,format=folder,description=Where the folder KOLIBRI_DATA is or is to be,minLength=1,maxLength=4096"`
	NodeIDs        []string `json:"node_ids,omitzero" jsonschema:"title=Topics and resources,format=node,description=What to export. Left out: all that is on this laptop,maxItems=100000"`
	ExcludeNodeIDs []string `json:"exclude_node_ids,omitzero" jsonschema:"title=Left out,format=node,description=Topics and resources to leave out. Wins over what is chosen,maxItems=100000"`
}

// ExportArgs are the arguments of content.export: what was asked for, and on
// which drive that is.
type ExportArgs struct {
	ExportRequest

	Target source.On `json:"target,omitzero"`
}

// resource answers the disk that an export writes to. One disk writes
// fastest for one job at a time.
func (a ExportArgs) resource() string { return diskOr(a.Target, "target:"+a.Path) }

// diskOr answers the resource that a physical disk is, or the other where nobody
// knows on which disk something is.
func diskOr(on source.On, other string) string {
	if on.Drive == "" {
		return other
	}
	return "drive:" + on.Physical()
}

// need answers the drive that the export cannot do without. It reports whether
// there is one: a folder on a drive that stays is always there.
func (a ExportArgs) need() (task.Need, bool) {
	if !a.Target.Comes {
		return task.Need{}, false
	}
	return task.Need{Code: task.NeedDrive, Item: a.Target.Name, Key: a.Target.Drive}, true
}

// export declares the task that puts a channel on a drive, for a Kolibri or
// another Nectar to import.
func export(deps Deps) task.Task[ExportArgs] {
	return task.Define(task.Spec[ExportArgs]{
		Name:            "content.export",
		Summary:         "Export a channel to a drive or folder",
		Permission:      task.ManageContent,
		Cancellable:     true,
		Pausable:        true,
		RetriesProblems: true,
		LongRunning:     true,
		Unit:            task.Bytes,
		OnInterruption:  task.Resume, // what was read back stays, and is not copied again
		ExclusiveKey:    func(a ExportArgs) string { return exclusive(a.ChannelID) },
		Resource:        ExportArgs.resource,
		Needs: func(d task.Described[ExportArgs]) []task.Need {
			if need, any := d.Args.need(); any {
				return []task.Need{need}
			}
			return nil
		},
		Requests: task.From(deps.checkExport),
		Status:   exportStatus,
		Run: using(deps, library.Reading, func(ctx context.Context, run *task.Run, args ExportArgs) (any, error) {
			return (&exporter{Deps: deps, run: run, args: args}).export(ctx)
		}),
	})
}
