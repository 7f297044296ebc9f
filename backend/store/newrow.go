package store

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"nectar/backend/task"
)

// Of a new job most columns are empty: what they have then is written into the
// statement. Jobs that are asked for together are mostly alike: one statement inserts
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

// alike answers how many of the first drafts one statement can insert, and how: they
// have the same but for what is each job's own.
func alike(drafts []task.Draft) insertion {
	first, own := drafts[0].Job, uint64(0)
	same := 1
	for most := min(len(drafts), runs[0]); same < most; same++ {
		if drafts[same].Again {
			continue
		}
		differ := differing(drafts[same].Job, first)
		if differ&^ownColumns != 0 {
			break
		}
		own |= differ
	}
	of := insertion{filled: differing(first, &noJob)}
	for _, of.rows = range runs {
		if of.rows <= same {
			break
		}
	}
	if of.rows > 1 && own != 0 {
		of.filled |= own
		of.own = of.filled & ownColumns // all of them: fewer statements are prepared
	}
	return of
}

// values answers what the statement is handed of jobs that are alike, the first under
// the given number and the others under those that follow; without the kind.
func (of insertion) values(drafts []task.Draft, number int64) []any {
	size := 2 + bits.OnesCount64(of.filled&^of.own) + of.rows*bits.OnesCount64(of.own) // with the kind
	values := append(make([]any, 0, size), number)
	for i := range each(of.filled &^ of.own) {
		values = append(values, columns[i].value(drafts[0].Job))
	}
	for n := range drafts {
		for i := range each(of.own) {
			values = append(values, columns[i].value(drafts[n].Job))
		}
	}
	return values
}

// insertPiece inserts jobs of a kind.
func (e *edit) insertPiece(p piece, kind int64) error {
	_, err := e.Exec(p.statement(), append(p.values, kind)...)
	return err
}

// insertions keeps the texts of statements.
var insertions sync.Map // insertion to string

// statement answers the statement, to be given the values and then the kind.
func (of insertion) statement() string {
	if text, ok := insertions.Load(of); ok {
		return text.(string) //nolint:forcetypeassert // nothing else is stored
	}
	names, row, own := []string{"number"}, []string{""}, []int(nil)
	handed := 1 // the number
	hand := func() string {
		handed++
		return "?" + strconv.Itoa(handed)
	}
	kindAt := 0
	for i := range columns {
		value := ""
		switch {
		case of.filled&(1<<i) == 0:
			value = literal(columns[i].value(&noJob))
		case of.own&(1<<i) == 0:
			value = hand()
		default:
			own = append(own, len(names))
		}
		names, row = append(names, columns[i].name), append(row, value)
		if columns[i].name == beforeKind {
			kindAt = len(names)
			names, row = append(names, "kind"), append(row, "")
		}
	}
	row[kindAt] = "?" + strconv.Itoa(handed+1+of.rows*len(own)) // the last
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

// beforeKind is the column of the table that the kind comes after.
const beforeKind = "fixed_id"

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
