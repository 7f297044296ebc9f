// Package device is the plugin that looks after this laptop's own data:
// backups, and keeping within limits.
package device

import (
	"context"
	"embed"

	"nectar/backend/backup"
	"nectar/backend/store"
	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Deps is what the plugin stands on.
type Deps struct {
	// Backups are the copies of the database.
	Backups Backups
	// Database is the database itself.
	Database Database
	// Folder is the data folder.
	Folder string
	// Free measures the bytes that are free on the disk of a path.
	Free func(path string) (int64, error)
	// Expire removes the jobs that are over the limits, and answers how many.
	Expire func(ctx context.Context, limits task.Retention) (int, error)
	// Retention answers the limits that are set.
	Retention func(ctx context.Context) (task.Retention, error)
	// Diagnose writes logs and settings, with names and paths removed, to a
	// file.
	Diagnose func(ctx context.Context, path string) error
}

// Backups makes and checks copies of the database.
type Backups interface {
	Make(ctx context.Context) (backup.Backup, error)
	Verify(ctx context.Context, name string) (backup.Backup, store.Contents, error)
}

// Database knows how much of it is used.
type Database interface {
	Slack(ctx context.Context) (size, unused int64, err error)
	Vacuum(ctx context.Context) error
}

// Plugin makes the plugin. Its periodic jobs come at noon, when a laptop of a
// school is likely to be on; one that was missed runs at the next start.
func Plugin(deps Deps) task.Plugin {
	makes, checks, vacuums, retains := deps.backup(), deps.backupCheck(), deps.vacuum(), deps.retention()
	return task.Plugin{
		Tasks: []task.Declared{makes, checks, vacuums, retains, deps.diagnostics()},
		Periodic: []task.Periodic{
			makes.Periodic("0 12 * * *", NoArgs{}),
			checks.Periodic("15 12 * * 1", CheckArgs{}),
			retains.Periodic("30 12 * * *", NoArgs{}),
			vacuums.Periodic("45 12 1 * *", NoArgs{}),
		},
		Texts: texts,
	}
}
