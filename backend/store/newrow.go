package store

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"nectar/backend/task"
)

// Of a new job most columns are empty: those are left out of the statement where
// they are NULL, and else written into it. Jobs that are asked for together are
// mostly alike: one statement inserts many of them, and is handed a value once
// that all of them have.

// rowsAtOnce is how many jobs that are alike are inserted by one statement, when
// there are so many.
const rowsAtOnce = 32

// noJob has nothing in any column.
var noJob task.Job

// filled answers the columns in which the job has something, as a mask.
func filled(j *task.Job) uint64 { return differing(j, &noJob) }

// alike answers how many of the first drafts, at most rowsAtOnce, one statement
// can insert: they fill the same columns, and with the same but for those that
// are each job's own.
func alike(drafts []task.Draft, mask uint64) int {
	first, most := &drafts[0].Job, min(len(drafts), rowsAtOnce)
	for n := 1; n < most; n++ {
		j := &drafts[n].Job
		differ := differing(j, first)
		if differ&^ownColumns != 0 {
			return n
		}
		for i := range each(differ) {
			if fills := mask&(1<<i) != 0; fills == columns[i].same(j, &noJob) {
				return n
			}
		}
	}
	return most
}

// insertRows inserts jobs that are alike, the first under the given number and the
// others under those that follow.
func (e *edit) insertRows(drafts []task.Draft, mask uint64, number, kind int64) error {
	values := append(e.values[:0], kind)
	for i := range each(mask &^ ownColumns) {
		values = append(values, columns[i].value(&drafts[0].Job))
	}
	for n := range drafts {
		values = append(values, number+int64(n))
		for i := range each(mask & ownColumns) {
			values = append(values, columns[i].value(&drafts[n].Job))
		}
	}
	e.values = values
	_, err := e.Exec(insertion(mask, len(drafts)), values...)
	return err
}

// insertions keeps the texts of statements.
var insertions sync.Map // insertKey to string

type insertKey struct {
	mask uint64
	rows int
}

// insertion answers the statement that inserts so many rows, given what
// insertRows hands to it.
func insertion(mask uint64, rows int) string {
	key := insertKey{mask, rows}
	if text, ok := insertions.Load(key); ok {
		return text.(string) //nolint:forcetypeassert // nothing else is stored
	}
	names, row := []string{"number", "kind"}, []string{"", ""}
	once, each := []int{1}, []int{0} // the places in a row of what is handed over once, and of what is for each
	for i := range columns {
		fills, empty, place := mask&(1<<i) != 0, columns[i].value(&noJob), len(names)
		value := ""
		switch {
		case !fills && empty == nil:
			continue
		case !fills:
			value = literal(empty)
		case columns[i].own:
			each = append(each, place)
		default:
			once = append(once, place)
		}
		names, row = append(names, columns[i].name), append(row, value)
	}
	handed := 0
	hand := func(places []int) {
		for _, place := range places {
			handed++
			row[place] = "?" + strconv.Itoa(handed)
		}
	}
	hand(once)
	list := make([]string, rows)
	for n := range list {
		hand(each)
		list[n] = "(" + strings.Join(row, ", ") + ")"
	}
	text := "INSERT INTO jobs (" + strings.Join(names, ", ") + ") VALUES " + strings.Join(list, ", ")
	insertions.Store(key, text)
	return text
}

// literal writes a value of an empty column in SQL.
func literal(value any) string {
	switch v := value.(type) {
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
