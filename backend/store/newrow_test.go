package store_test

import (
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
)

// What an insertion does not name, the table gives to the row.
func TestAnEmptyColumnHasItsDefault(t *testing.T) {
	t.Parallel()
	_, path := fresh(t)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "SELECT name, ifnull(dflt_value, 'NULL') FROM pragma_table_info('jobs')")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	// No job is without these: one that were would be refused.
	omitted := store.Omitted()
	for _, always := range []string{"state", "task", "queue", "priority", "args"} {
		delete(omitted, always)
	}
	given := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			t.Fatal(err)
		}
		if _, is := omitted[name]; is {
			given[name] = value
		}
	}
	if diff := cmp.Diff(omitted, given); diff != "" || rows.Err() != nil {
		t.Errorf("(-empty +default):\n%s%v", diff, rows.Err())
	}
}
