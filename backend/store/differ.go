package store

import (
	"bytes"
	"math/bits"
	"slices"

	"nectar/backend/task"
)

// Two jobs are compared for each change and each new job, and are the same in most
// columns. So the columns are taken together that are made of the same few things: where
// those are the same, none of the columns is looked at.

// part is a set of columns, as a mask, and what is quick to compare: where it is the
// same in two jobs, each of the columns is.
type part struct {
	same    func(a, b *task.Job) bool
	columns uint64
}

// parts are all columns, each once.
var parts = []part{
	partOf(func(a, b *task.Job) bool {
		return a.ID == b.ID && a.Task == b.Task && a.Queue == b.Queue && a.Unit == b.Unit &&
			a.StartedBy == b.StartedBy && a.StartedByName == b.StartedByName && a.RequestID == b.RequestID
	}, "fixed_id", "task", "queue", "unit", "started_by", "started_by_name", "request_id"),
	partOf(func(a, b *task.Job) bool {
		return a.State == b.State && a.Attempts == b.Attempts && a.Outcome == b.Outcome && a.Started.Equal(b.Started) && a.Finished.Equal(b.Finished)
	}, "state", "attempts", "outcome", "started", "finished"),
	partOf(func(a, b *task.Job) bool {
		return a.Priority == b.Priority && a.Rank == b.Rank && a.InTurn == b.InTurn && a.ExclusiveKey == b.ExclusiveKey && a.Resource == b.Resource
	}, "priority", "rank", "in_turn", "exclusive_key", "resource"),
	partOf(func(a, b *task.Job) bool { return bytes.Equal(a.Args, b.Args) }, "args", "args_hash"),
	partOf(func(a, b *task.Job) bool { return bytes.Equal(a.Metadata, b.Metadata) }, "metadata"),
	partOf(func(a, b *task.Job) bool {
		return a.Progress == b.Progress && a.Total == b.Total && a.Cancellable == b.Cancellable &&
			len(a.Result) == 0 && len(b.Result) == 0 && len(a.Checkpoint) == 0 && len(b.Checkpoint) == 0
	}, "progress", "total", "cancellable", "result", "checkpoint"),
	partOf(func(a, b *task.Job) bool { return a.Waiting == b.Waiting },
		"waiting_code", "waiting_item", "waiting_key", "waiting_since"),
	partOf(func(a, b *task.Job) bool { return a.Failure == b.Failure },
		"failure_code", "failure_params", "failure_detail"),
	partOf(func(a, b *task.Job) bool {
		return a.Retries == b.Retries && a.Interruptions == b.Interruptions &&
			a.Problems == b.Problems && a.ProblemsOf == b.ProblemsOf && a.ProblemsCode == b.ProblemsCode
	}, "retries", "interruptions", "problems", "problems_of", "problems_code"),
	partOf(func(a, b *task.Job) bool { return a.Schedule == b.Schedule && a.SeriesCanceled == b.SeriesCanceled },
		"series_canceled", "repeat", "interval", "cron", "catch_up", "retry_interval", "max_retries"),
	partOf(func(a, b *task.Job) bool {
		return a.Due.Equal(b.Due) && a.Planned.Equal(b.Planned) && a.Since.Equal(b.Since) && a.Created.Equal(b.Created) && a.Wall == b.Wall && a.Extra == b.Extra
	}, "due", "planned", "since", "created", "wall", "extra"),
}

func partOf(same func(a, b *task.Job) bool, names ...string) part {
	return part{same, maskOf(func(c *column) bool { return slices.Contains(names, c.name) })}
}

// maskOf answers the columns for which the condition holds.
func maskOf(condition func(*column) bool) (mask uint64) {
	for i := range columns {
		if condition(&columns[i]) {
			mask |= 1 << i
		}
	}
	return mask
}

// differing answers the columns in which the jobs differ.
func differing(a, b *task.Job) (mask uint64) {
	for i := range parts {
		if parts[i].same(a, b) {
			continue
		}
		for c := range each(parts[i].columns) {
			if !columns[c].same(a, b) {
				mask |= 1 << c
			}
		}
	}
	return mask
}

// alikeIn reports whether the jobs have the same in each of the columns.
func alikeIn(mask uint64, a, b *task.Job) bool {
	for ; mask != 0; mask &= mask - 1 {
		if !columns[bits.TrailingZeros64(mask)].same(a, b) {
			return false
		}
	}
	return true
}

// each answers the places of the columns of a mask, in order.
func each(mask uint64) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for ; mask != 0; mask &= mask - 1 {
			if !yield(bits.TrailingZeros64(mask)) {
				return
			}
		}
	}
}
