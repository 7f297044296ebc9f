package sqlitedb_test

import (
	"database/sql"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"nectar/backend/sqlitedb"
)

const mark = 0x74657374

// possible answers a name without the signs that no name has on Windows.
func possible(name string) string {
	if runtime.GOOS == "windows" {
		return strings.NewReplacer("?", "_", ":", "_", `"`, "_").Replace(name)
	}
	return name
}

// options are those of a database with one table of numbers.
func options() sqlitedb.Options {
	return sqlitedb.Options{ApplicationID: mark, Migrations: []string{"CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT"}}
}

// open opens the database and closes it at the end of the test.
func open(t testing.TB, path string, options sqlitedb.Options) *sqlitedb.DB {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func fresh(t testing.TB) (*sqlitedb.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.sqlite3")
	return open(t, path, options()), path
}

// insert is a change that adds a number.
func insert(n int) func(*sqlitedb.Tx) error {
	return func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT INTO numbers (n) VALUES (?)", n)
		return err
	}
}

// stranger opens the file as another program would.
func stranger(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func count(t testing.TB, db *sql.DB, condition string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM numbers WHERE "+condition).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
