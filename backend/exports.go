package backend

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/plugins/content"
)

// importDisk measures the disk of the content folder, as the tasks that import
// do.
func importDisk(deps content.Deps) func(context.Context, channel.ID) (preflight.Disk, error) {
	return func(ctx context.Context, id channel.ID) (preflight.Disk, error) { return deps.ImportDisk(ctx, id, nil) }
}

// preflightExport answers what an export would do, by the same rules by which
// the task itself is checked.
func preflightExport(deps content.Deps) func(context.Context, channel.ID, string, selection.Options) (preflight.Answer, error) {
	return func(ctx context.Context, id channel.ID, path string, options selection.Options) (preflight.Answer, error) {
		looked, err := deps.PreflightExport(ctx, id, path, options.Include, options.Exclude, nil)
		return looked.Answer, err
	}
}
