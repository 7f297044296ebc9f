package store

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"nectar/backend/task"
)

// newRow is a job about to be inserted. Most of its columns are empty, and
// those are written into the statement, so that few values are handed over.
type newRow struct {
	mask   uint64 // the columns that are not empty
	values []any  // of those, after the number and the kind
}

// empty are the values of the columns of a job without anything.
var empty = func() []any {
	values := make([]any, len(columns))
	for i := range columns {
		values[i] = columns[i].value(&task.Job{})
	}
	return values
}()

func rowOf(j *task.Job, number, kind int64) newRow {
	r := newRow{values: make([]any, 2, 24)}
	r.values[0], r.values[1] = number, kind
	for i := range columns {
		if v := columns[i].value(j); v != empty[i] {
			r.mask |= 1 << i
			r.values = append(r.values, v)
		}
	}
	return r
}

// rowsAtOnce is how many rows with the same columns are inserted by one
// statement, when there are so many.
const rowsAtOnce = 32

// inserts keeps the texts of statements.
var inserts sync.Map // insertKey to string

type insertKey struct {
	mask uint64
	rows int
}

func (r newRow) statement(rows int) string {
	key := insertKey{r.mask, rows}
	if text, ok := inserts.Load(key); ok {
		return text.(string) //nolint:forcetypeassert // nothing else is stored
	}
	names, values := []string{"number", "kind"}, []string{"?", "?"}
	for i := range columns {
		names = append(names, columns[i].name)
		if r.mask&(1<<i) != 0 {
			values = append(values, "?")
		} else {
			values = append(values, literal(empty[i]))
		}
	}
	row := "(" + strings.Join(values, ", ") + ")"
	text := "INSERT INTO jobs (" + strings.Join(names, ", ") + ") VALUES " + row + strings.Repeat(", "+row, rows-1)
	inserts.Store(key, text)
	return text
}

// literal writes a value of empty in SQL.
func literal(value any) string {
	switch v := value.(type) {
	case nil:
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		if v {
			return "1"
		}
		return "0"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	panic(fmt.Sprintf("column of type %T", value))
}

// insertRows inserts rows that fill the same columns.
func (e *edit) insertRows(rows []newRow) error {
	values := rows[0].values
	if len(rows) > 1 {
		values = make([]any, 0, len(rows)*len(values))
		for i := range rows {
			values = append(values, rows[i].values...)
		}
	}
	_, err := e.Exec(rows[0].statement(len(rows)), values...)
	return err
}
