package store_test

import (
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
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
