package device

import (
	"context"

	"nectar/backend/task"
)

// BackupResult is what a backup is.
type BackupResult struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

func (d Deps) makeBackup(ctx context.Context, run *task.Run) (BackupResult, error) {
	made, err := d.Backups.Make(ctx)
	if err != nil {
		return BackupResult{}, err
	}
	run.SetProgress(made.Bytes, made.Bytes)
	return BackupResult{made.Name, made.Bytes}, nil
}

// CheckResult is what a backup holds.
type CheckResult struct {
	Name   string `json:"name"`
	Jobs   int64  `json:"jobs"`
	People int64  `json:"people"`
}

func (d Deps) checkBackup(ctx context.Context, run *task.Run, args CheckArgs) (CheckResult, error) {
	checked, contents, err := d.Backups.Verify(ctx, args.Name)
	if err != nil {
		return CheckResult{}, err
	}
	run.Info("%s was opened as if it were restored", checked.Name)
	return CheckResult{checked.Name, contents.Jobs, contents.People}, nil
}
