package device

import (
	"context"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// VacuumResult is the size of the database before and after.
type VacuumResult struct {
	BytesBefore int64 `json:"bytes_before"`
	BytesAfter  int64 `json:"bytes_after"`
}

// worthwhile is which part of the database must be unused for its pages to be
// written anew.
const worthwhile = 0.05

func (d Deps) giveBack(ctx context.Context, run *task.Run) (VacuumResult, error) {
	size, unused, err := d.Database.Slack(ctx)
	if err != nil {
		return VacuumResult{}, err
	}
	if float64(unused) < worthwhile*float64(size) {
		run.Info("nothing to give back: %d of %d bytes are unused", unused, size)
		return VacuumResult{size, size}, nil
	}
	// Once beside it and once in its log.
	needed := 2 * (size - unused)
	free, err := d.Free(d.Folder)
	if err != nil {
		return VacuumResult{}, err
	}
	if free < needed {
		return VacuumResult{}, fault.New(fault.DiskFull, "needed", needed, "free", free, "path", d.Folder)
	}
	if err := d.Database.Vacuum(ctx); err != nil {
		return VacuumResult{}, err
	}
	after, _, err := d.Database.Slack(ctx)
	return VacuumResult{size, after}, err
}

// RetentionResult is what was removed.
type RetentionResult struct {
	JobsRemoved int `json:"jobs_removed"`
}

func (d Deps) expire(ctx context.Context, run *task.Run) (RetentionResult, error) {
	limits, err := d.Retention(ctx)
	if err != nil {
		return RetentionResult{}, err
	}
	run.Info("kept are %d days (0: for ever) and %d jobs (0: all)", limits.Days, limits.Jobs)
	removed, err := d.Expire(ctx, limits)
	return RetentionResult{removed}, err
}
