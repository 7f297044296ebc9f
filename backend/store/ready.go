package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nectar/backend/task"
)

// Most jobs that are read to be run were never run before and have no schedule:
// they have nothing in most columns. Of those the others alone are read, which
// is half the work.

// leanColumns are those in which such a job has something.
var leanColumns = []string{
	"number", "task", "queue", "priority", "rank", "args", "metadata", "unit", "cancellable",
	"due", "planned", "exclusive_key", "resource", "started_by", "started_by_name", "created", "since", "in_turn",
}

// leanJobs selects the columns, and whether there is nothing in any other.
var leanJobs = func() string {
	known := map[string]bool{"state": true, "args_hash": true}
	for _, name := range leanColumns {
		known[name] = true
	}
	var empty []string
	for i := range columns {
		switch value := columns[i].value(&noJob); {
		case known[columns[i].name]:
		case value == nil:
			empty = append(empty, columns[i].name+" IS NULL")
		default:
			empty = append(empty, columns[i].name+" = "+literal(value))
		}
	}
	return "SELECT " + strings.Join(leanColumns, ", ") + ", " + strings.Join(empty, " AND ") + " FROM jobs WHERE "
}()

// queued answers the QUEUED jobs that meet the rest of the statement.
func (s *Store) queued(ctx context.Context, rest string, limit int, args ...any) (jobs []task.Job, err error) {
	err = s.atOneMoment(ctx, func(ctx context.Context) error {
		var others map[int64]int
		if jobs, others, err = s.lean(ctx, rest, limit, args...); err != nil || len(others) == 0 {
			return err
		}
		whole, err := s.jobsOf(ctx, slices.Collect(maps.Keys(others)))
		for i := range whole {
			jobs[others[whole[i].Number]] = whole[i]
		}
		return err
	})
	return jobs, err
}

// lean reads the jobs, and answers the places of those of which there is more
// to read.
func (s *Store) lean(ctx context.Context, rest string, limit int, args ...any) (jobs []task.Job, others map[int64]int, err error) {
	rows, err := s.reader(ctx).QueryContext(ctx, leanJobs+"state = 2 AND "+rest, append(args, limit)...)
	if err != nil {
		return nil, nil, fmt.Errorf("read queued jobs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if jobs == nil {
			jobs, others = make([]task.Job, 0, limit), map[int64]int{}
		}
		var args, metadata string
		var due, planned, created, since int64
		var lean bool
		jobs = append(jobs, task.Job{State: task.Queued})
		j := &jobs[len(jobs)-1] // in its place: jobs are large
		err := rows.Scan(&j.Number, &j.Task, &j.Queue, &j.Priority, &j.Rank, &args, &metadata, &j.Unit, &j.Cancellable,
			&due, &planned, &j.ExclusiveKey, &j.Resource, &j.StartedBy, &j.StartedByName, &created, &since, &j.InTurn, &lean)
		if err != nil {
			return nil, nil, fmt.Errorf("read queued job: %w", err)
		}
		j.ID, j.Args, j.Metadata = numbered(j.Number), json.RawMessage(args), json.RawMessage(metadata)
		j.Due, j.Planned, j.Created, j.Since = fromMillis(due), fromMillis(planned), fromMillis(created), fromMillis(since)
		if !lean {
			others[j.Number] = len(jobs) - 1
		}
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("read queued jobs: %w", err)
	}
	return jobs, others, nil
}
