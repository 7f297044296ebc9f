package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

// Columns that stand in the order of the table go into the row as they are handed over;
// in any other order SQLite copies each.
func TestANewRowIsHandedOverInTheOrderOfTheTable(t *testing.T) {
	t.Parallel()
	_, path := fresh(t)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "SELECT name FROM pragma_table_info('jobs') ORDER BY cid")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if diff := cmp.Diff(names, store.Inserted()); diff != "" || rows.Err() != nil {
		t.Errorf("(-table +insertion):\n%s%v", diff, rows.Err())
	}
}

// A large batch is stored and answered as the same drafts are one by one.
func TestALargeBatchIsStoredAsItsJobsOneByOne(t *testing.T) {
	t.Parallel()
	together, _ := fresh(t)
	apart, _ := fresh(t)
	mixed := func() []task.Draft {
		drafts := make([]task.Draft, 1500)
		for i := range drafts {
			drafts[i] = queued(func(j *task.Job) {
				switch {
				case i < 700: // all the same
				case i < 1000: // each with arguments of its own
					j.Args = fmt.Appendf(nil, `{"x":%d,"y":2}`, i)
				case i < 1300: // of two tasks by turns
					j.Task = []string{"maths.add", "maths.sub"}[i%2]
				default: // some that ask whether they are there already
					j.RequestID = strconv.Itoa(i % 7 * 10)
				}
			})
			drafts[i].IfNot = i == 1100
		}
		return drafts
	}
	all := insert(t, together, mixed()...)
	for i, draft := range mixed() {
		one := insert(t, apart, draft)[0]
		if diff := cmp.Diff(one, all[i]); diff != "" {
			t.Fatalf("job %d (-alone +of a batch):\n%s", i, diff)
		}
		if diff := cmp.Diff(read(t, apart, one.ID), read(t, together, one.ID)); diff != "" {
			t.Fatalf("job %d is read as (-alone +of a batch):\n%s", i, diff)
		}
	}
}

// A fault of the last draft of a large batch takes all of it back.
func TestALargeBatchIsStoredWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	drafts := alikes(1000)
	drafts[999].Job.Args = json.RawMessage("{")
	if _, err := s.Insert(t.Context(), drafts); err == nil {
		t.Fatal("arguments that are no JSON were stored")
	}
	if counts, err := s.Counts(t.Context(), task.Filter{Readable: everything}); len(counts) > 0 || err != nil {
		t.Errorf("there are %v, %v", counts, err)
	}
	insert(t, s, queued())
}

// Jobs at rest that are inserted together are counted in each block and volume that
// their numbers reach.
func TestABatchIsCountedInEachBlockThatItReaches(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	store.Leap(s, 15_000) // the volume ends in the midst of the second thousand
	for hour := range 3 {
		at := noon.Add(time.Duration(hour) * time.Hour)
		insert(t, s, alikes(1000, func(j *task.Job) {
			j.State, j.Attempts, j.Created, j.Started, j.Finished = task.Completed, 1, at, at, at
		})...)
	}
	for hours := range 4 {
		counts, err := s.Counts(t.Context(), task.Filter{Readable: everything, Since: noon, Until: noon.Add(time.Duration(hours) * time.Hour)})
		if got := counts[task.Completed]; got != int64(hours)*1000 || err != nil {
			t.Errorf("of %d hours there are %d, %v", hours, got, err)
		}
	}
	listed, err := s.List(t.Context(), task.Filter{Readable: everything, Since: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour)}, task.Page{Limit: 1500})
	if n := len(listed.Jobs); err != nil || n == 0 || slices.ContainsFunc(listed.Jobs, func(j task.Job) bool { return j.Number <= 16_000 || j.Number > 17_000 }) {
		t.Errorf("of the second hour %d are listed, %v", n, err)
	}
}
