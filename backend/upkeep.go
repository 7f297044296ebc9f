package backend

import (
	"context"
	"encoding/json"

	"nectar/backend/plugins/device"
	"nectar/backend/task"
)

// The settings of what is kept of finished jobs.
const (
	retentionDays = "retention_days"
	retentionJobs = "retention_jobs"
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

// retention answers the limits that are set. A setting that is none of the
// numbers it may be counts as not set.
func (b *Backend) retention(ctx context.Context) (task.Retention, error) {
	settings, err := b.store.Settings(ctx)
	if err != nil {
		return task.Retention{}, err
	}
	return task.Retention{
		Days: count(settings[retentionDays], task.DefaultRetentionDays),
		Jobs: count(settings[retentionJobs], task.DefaultRetentionJobs),
	}, nil
}

func count(setting json.RawMessage, otherwise int64) int64 {
	var n int64
	if len(setting) == 0 || json.Unmarshal(setting, &n) != nil || n < 0 {
		return otherwise
	}
	return n
}
