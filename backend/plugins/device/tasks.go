package device

import (
	"context"

	"nectar/backend/task"
)

// NoArgs are the arguments of a task that takes none.
type NoArgs struct{}

// CheckArgs are the arguments of device.backup_check.
type CheckArgs struct {
	Name string `json:"name,omitzero" jsonschema:"title=Backup,description=The name of the backup. Left out: the latest,maxLength=200"`
}

// together is the key of the tasks that read or write the whole database: they
// run one after the other.
func together[A any](A) string { return "device:database" }

// backup declares the task that copies the database.
func (d Deps) backup() task.Task[NoArgs] {
	return task.Define(task.Spec[NoArgs]{
		Name:         "device.backup",
		Summary:      "Back up the database of this laptop",
		Permission:   task.CoordinatorOnly,
		Cancellable:  true,
		Unit:         task.Bytes,
		ExclusiveKey: together[NoArgs],
		Status:       backupStatus,
		Run: func(ctx context.Context, run *task.Run, _ NoArgs) (any, error) {
			return d.makeBackup(ctx, run)
		},
	})
}

// backupCheck declares the task that proves that a backup can be restored.
func (d Deps) backupCheck() task.Task[CheckArgs] {
	return task.Define(task.Spec[CheckArgs]{
		Name:         "device.backup_check",
		Summary:      "Check that a backup can be brought back",
		Permission:   task.CoordinatorOnly,
		Cancellable:  true,
		ExclusiveKey: together[CheckArgs],
		Status:       checkStatus,
		Run: func(ctx context.Context, run *task.Run, args CheckArgs) (any, error) {
			return d.checkBackup(ctx, run, args)
		},
	})
}

// vacuum declares the task that gives unused room back to the disk.
func (d Deps) vacuum() task.Task[NoArgs] {
	return task.Define(task.Spec[NoArgs]{
		Name:         "device.vacuum",
		Summary:      "Give unused room of the database back to the disk",
		Permission:   task.CoordinatorOnly,
		Cancellable:  true,
		ExclusiveKey: together[NoArgs],
		Status:       vacuumStatus,
		Run: func(ctx context.Context, run *task.Run, _ NoArgs) (any, error) {
			return d.giveBack(ctx, run)
		},
	})
}

// retention declares the task that removes finished jobs over the limits.
func (d Deps) retention() task.Task[NoArgs] {
	return task.Define(task.Spec[NoArgs]{
		Name:        "device.retention",
		Summary:     "Remove finished jobs that are over the limits",
		Permission:  task.CoordinatorOnly,
		Cancellable: true,
		Status:      retentionStatus,
		Run: func(ctx context.Context, run *task.Run, _ NoArgs) (any, error) {
			return d.expire(ctx, run)
		},
	})
}
