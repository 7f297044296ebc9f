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
// is half the work, and in a form that most of them have nothing in either: what costs
// is each value that is handed over.

// leanColumns are those in which such a job has something, and how each is read.
var leanColumns = []struct{ name, read string }{
	{"number", "number"},
	{"kind", "kind"}, // the task, the queue and who asked
	{"priority", "priority"},
	{"rank", "rank"},
	{"args", "nullif(args, '{}')"},
	{"metadata", "nullif(metadata, '{}')"},
	{"unit", "unit"},
	{"cancellable", "cancellable"},
	{"due", "due"},
	{"planned", "planned - due"},
	{"created", "created - due"},
	{"since", "since - due"},
	{"exclusive_key", "exclusive_key"},
	{"resource", "resource"},
	{"started_by_name", "started_by_name"},
	{"in_turn", "in_turn"},
}

// leanJobs selects the columns, and whether there is nothing in any other.
var leanJobs = func() string {
	known := map[string]bool{"state": true, "args_hash": true, "task": true, "queue": true, "started_by": true}
	var read []string
	for _, c := range leanColumns {
		known[c.name] = true
		read = append(read, c.read)
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
	return "SELECT " + strings.Join(read, ", ") + ", " + strings.Join(empty, " AND ") + " FROM jobs"
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
	rows, err := s.reader(ctx).QueryContext(ctx, leanJobs+rest, append(args, limit)...)
	if err != nil {
		return nil, nil, fmt.Errorf("read queued jobs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	r := newLeanRow()
	for rows.Next() {
		if jobs == nil {
			jobs, others = make([]task.Job, 0, limit), map[int64]int{}
		}
		if err := rows.Scan(r.into...); err != nil {
			return nil, nil, fmt.Errorf("read queued job: %w", err)
		}
		jobs = append(jobs, task.Job{State: task.Queued})
		j := &jobs[len(jobs)-1] // in its place: jobs are large
		lean := r.read(j)
		if r.kind.kind != r.number(1) {
			if r.kind, err = s.kindOf(ctx, r.number(1)); err != nil {
				return nil, nil, err
			}
		}
		j.Task, j.Queue, j.StartedBy = r.kind.key.task, r.kind.key.queue, r.kind.key.startedBy
		if !lean {
			others[j.Number] = len(jobs) - 1
		}
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("read queued jobs: %w", err)
	}
	return jobs, others, nil
}

// leanRow is a row of leanJobs.
type leanRow struct {
	values []any
	into   []any // where they are
	kind   storedKind
}

func newLeanRow() *leanRow {
	n := len(leanColumns) + 1
	r := &leanRow{values: make([]any, n), into: make([]any, n)}
	for i := range r.values {
		r.into[i] = &r.values[i]
	}
	return r
}

func (r *leanRow) number(i int) int64 {
	n, _ := r.values[i].(int64)
	return n
}

func (r *leanRow) text(i int) string {
	text, _ := r.values[i].(string)
	return text
}

func (r *leanRow) json(i int) json.RawMessage {
	if r.values[i] == nil {
		return emptyObject
	}
	return json.RawMessage(r.text(i))
}

// read takes the job from the row, but for what its kind says. It reports whether that is
// all of it.
func (r *leanRow) read(j *task.Job) bool {
	j.Number = r.number(0)
	j.ID, j.Priority, j.Rank = task.NumberID(j.Number), task.Priority(r.number(2)), r.number(3)
	j.Args, j.Metadata = r.json(4), r.json(5)
	j.Unit, j.Cancellable = task.Unit(r.text(6)), r.number(7) != 0
	due := r.number(8)
	j.Due, j.Planned, j.Created, j.Since = fromMillis(due), fromMillis(due+r.number(9)), fromMillis(due+r.number(10)), fromMillis(due+r.number(11))
	j.ExclusiveKey, j.Resource, j.StartedByName, j.InTurn = r.text(12), r.text(13), r.text(14), r.number(15) != 0
	return r.number(16) != 0
}

// kindOf answers what the number of a kind stands for. Nobody changes that.
func (s *Store) kindOf(ctx context.Context, kind int64) (storedKind, error) {
	s.mu.Lock()
	key, known := s.keys[kind]
	s.mu.Unlock()
	if known {
		return storedKind{kind, key}, nil
	}
	kinds, err := s.storedKinds(ctx)
	if err != nil {
		return storedKind{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range kinds {
		s.keys[k.kind] = k.key
	}
	if key, known = s.keys[kind]; !known {
		return storedKind{}, fmt.Errorf("jobs are of the kind %d, which there is not", kind)
	}
	return storedKind{kind, key}, nil
}
