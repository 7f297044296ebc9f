package store

import (
	"strings"
	"sync"

	"nectar/backend/task"
)

// assignments are the columns that a change of a job writes. A row has many
// columns and most changes touch few, so only those are written.
type assignments struct {
	mask   uint64 // a bit for each of the columns
	values []any
}

// differences answers the columns in which the jobs differ, after it has taken from the
// later one the turn that it lost.
func differences(before, after *task.Job) assignments {
	return assigned(differing(before, keepingTurn(before, after)), after)
}

// assigned answers what the job has in the columns of the mask.
func assigned(mask uint64, job *task.Job) assignments {
	a := assignments{mask: mask, values: make([]any, 0, 16)}
	for i := range each(mask) {
		a.values = append(a.values, columns[i].value(job))
	}
	return a
}

// updates keeps the text of the statement for each set of columns: the
// database prepares a text once.
var updates sync.Map // updateKey to string

type updateKey struct {
	mask uint64
	jobs string
}

// Which jobs a statement writes the columns of.
const (
	ofOne  = "number = ?"
	ofMany = "number BETWEEN ? AND ? AND +state = ? AND attempts = ?" // from one to another, that are as they were known to be; found by their numbers, since the index of states changes
)

// statement answers the statement that writes the columns of such jobs.
func (a assignments) statement(jobs string) string {
	key := updateKey{a.mask, jobs}
	if text, ok := updates.Load(key); ok {
		return text.(string) //nolint:forcetypeassert // nothing else is stored
	}
	text := "UPDATE jobs SET " + a.list() + " WHERE " + jobs
	updates.Store(key, text)
	return text
}

func (a assignments) list() string {
	var names []string
	for i := range columns {
		if a.mask&(1<<i) != 0 {
			names = append(names, columns[i].name+" = ?")
		}
	}
	return strings.Join(names, ", ")
}

// writeJob stores in what the job differs from what is stored.
func (e *edit) writeJob(before, after *task.Job) error {
	from, err := e.kind(before)
	if err != nil {
		return err
	}
	to := from
	if kindOf(before) != kindOf(after) {
		if to, err = e.kind(after); err != nil {
			return err
		}
		if _, err := e.Exec("UPDATE jobs SET kind = ? WHERE number = ?", to, before.Number); err != nil {
			return err
		}
	}
	changes := differences(before, after)
	if changes.mask == 0 {
		return nil
	}
	if err := e.keepAttempt(before, after); err != nil {
		return err
	}
	if _, err := e.Exec(changes.statement(ofOne), append(changes.values, before.Number)...); err != nil {
		return err
	}
	e.moved(before, after, from, to)
	return nil
}
