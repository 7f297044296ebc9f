package store

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"nectar/backend/task"
)

// Of a new job most columns are empty, and left to the table. Jobs that are asked for together are mostly alike: one statement inserts
// many of them, and is handed a value once that all of them have.

// runs are how many jobs that are alike are inserted by one statement: as many as
// there are, so that few statements are prepared. More at once are no faster.
var runs = [...]int{64, 8, 1}

// noJob has nothing in any column.
var noJob task.Job

// insertion is what one statement inserts: jobs that are alike.
type insertion struct {
	filled uint64 // the columns in which they have something, as a mask
	own    uint64 // those of them in which each may have its own
	rows   int
}

// atOnce answers how many of so many jobs that are alike one statement inserts.
func atOnce(jobs int) int {
	for _, rows := range runs {
		if rows <= jobs {
			return rows
		}
	}
	return 1
}

// alike answers the first of the drafts that are inserted together, and how: one that
// stands for many jobs, or as many as one statement takes that have the same but for what
// is each job's own.
func alike(drafts []task.Draft) ([]task.Draft, insertion) {
	first, own := drafts[0].Job, uint64(0)
	of := insertion{filled: differing(first, &noJob)}
	if drafts[0].More > 0 {
		return drafts[:1], of
	}
	same := 1
	for most := min(len(drafts), runs[0]); same < most && drafts[same].More == 0; same++ {
		differ := differing(drafts[same].Job, first)
		if differ&^ownColumns != 0 {
			break
		}
		own |= differ
	}
	same = atOnce(same)
	if same > 1 && own != 0 {
		of.filled |= own
		of.own = of.filled & ownColumns // all of them: fewer statements are prepared
	}
	return drafts[:same], of
}

// values answers what the statement is handed of jobs of a kind that are alike, the first
// under the given number and the others under those that follow. Of a draft that stands for
// many jobs nothing is a job's own.
func (of insertion) values(drafts []task.Draft, number, kind int64) []any {
	size := 2 + bits.OnesCount64(of.filled&^of.own) + of.rows*bits.OnesCount64(of.own)
	values := append(make([]any, 0, size), number)
	for i := range each(of.filled &^ of.own) {
		values = append(values, columns[i].value(drafts[0].Job))
	}
	for n := range drafts {
		for i := range each(of.own) {
			values = append(values, columns[i].value(drafts[n].Job))
		}
	}
	return append(values, kind)
}

// insertions keeps the texts of statements.
var insertions sync.Map // insertion to string

// statement answers the statement, to be given the values and then the kind.
func (of insertion) statement() string {
	if text, ok := insertions.Load(of); ok {
		return text.(string) //nolint:forcetypeassert // nothing else is stored
	}
	names, row, own := []string{"number", "kind"}, []string{"", ""}, []int(nil)
	handed := 1 // the number
	hand := func() string {
		handed++
		return "?" + strconv.Itoa(handed)
	}
	for i := range columns {
		value := ""
		switch {
		case of.filled&(1<<i) != 0 && of.own&(1<<i) != 0:
			own = append(own, len(names))
		case of.filled&(1<<i) != 0:
			value = hand()
		default:
			empty := columns[i].value(&noJob)
			if isDefault(empty) {
				continue
			}
			value = literal(empty)
		}
		names, row = append(names, columns[i].name), append(row, value)
	}
	row[1] = "?" + strconv.Itoa(handed+1+of.rows*len(own)) // the last
	list := make([]string, of.rows)
	for n := range list {
		row[0] = "?1 + " + strconv.Itoa(n)
		for _, place := range own {
			row[place] = hand()
		}
		list[n] = "(" + strings.Join(row, ", ") + ")"
	}
	text := "INSERT INTO jobs (" + strings.Join(names, ", ") + ") VALUES " + strings.Join(list, ", ")
	insertions.Store(of, text)
	return text
}

// isDefault reports whether the table gives that to a column which an insertion does not
// name. SQLite makes it ready once for all rows of the statement.
func isDefault(empty any) bool {
	switch v := empty.(type) {
	case int64:
		return v == 0
	case string:
		return v == "" || v == string(emptyObject)
	}
	return empty == nil || empty == false
}

// literal writes a value of an empty column in SQL.
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
