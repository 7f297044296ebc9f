package backend

import (
	"context"

	"nectar/backend/plugins/device"
	"nectar/backend/task"
)

// deviceDeps answers what the plugin that looks after the data stands on. The
// engine is asked when a job runs: by then there is one.
func (b *Backend) deviceDeps() device.Deps {
	return device.Deps{
		Backups:  b.shelf,
		Database: b.store,
		Folder:   b.folder.Path(),
		Free:     free,
		Expire: func(ctx context.Context, limits task.Retention) (int, error) {
			return b.engine.Expire(ctx, limits)
		},
		Retention: b.retention,
	}
}

// retention answers the limits that are set.
func (b *Backend) retention(ctx context.Context) (task.Retention, error) {
	values, err := b.Services.Settings.Values(ctx)
	return task.Retention{Days: int64(values.RetentionDays), Jobs: int64(values.RetentionJobs)}, err
}
