package sqlitedb_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
)

// snapshot answers the names and bytes of all files beside the path.
func snapshot(t *testing.T, path string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}

func TestRefusedUnharmed(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		make func(t *testing.T, path string)
		want fault.Code
	}{
		{"another program's database", func(t *testing.T, path string) {
			execute(t, stranger(t, path), "CREATE TABLE recipes (name TEXT)", "PRAGMA application_id = 77")
		}, fault.ForeignData},
		{"an unmarked database with tables", func(t *testing.T, path string) {
			execute(t, stranger(t, path), "CREATE TABLE recipes (name TEXT)")
		}, fault.ForeignData},
		{"another program's database with a write-ahead log", func(t *testing.T, path string) {
			db := stranger(t, path)
			execute(t, db, "PRAGMA journal_mode = wal", "CREATE TABLE recipes (name TEXT)", "PRAGMA application_id = 77")
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}, fault.ForeignData},
		{"a newer database", func(t *testing.T, path string) {
			db := open(t, path, options())
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			newer := stranger(t, path)
			execute(t, newer, "PRAGMA user_version = 2")
			if err := newer.Close(); err != nil {
				t.Fatal(err)
			}
		}, fault.NewerData},
		{"a text file", func(t *testing.T, path string) {
			write(t, path, []byte(strings.Repeat("Dear diary. ", 500)))
		}, fault.DamagedData},
		{"a file of two bytes", func(t *testing.T, path string) { write(t, path, []byte("no")) }, fault.DamagedData},
		{"a database with a damaged schema", func(t *testing.T, path string) {
			db := open(t, path, options())
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, append(content[:100:100], bytes.Repeat([]byte{0xff}, len(content)-100)...))
		}, fault.DamagedData},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "data.sqlite3")
			c.make(t, path)
			before := snapshot(t, path)
			db, err := sqlitedb.Open(t.Context(), path, options())
			if err == nil {
				_ = db.Close()
			}
			if got := fault.Of(err); got == nil || got.Code != c.want || got.Params["path"] != path {
				t.Errorf("got %v, want %s of the path", err, c.want)
			}
			if diff := cmp.Diff(before, snapshot(t, path)); diff != "" {
				t.Errorf("the refused file is not as it was:\n%.500s", diff)
			}
			if db, err := sqlitedb.OpenToRead(t.Context(), path, options()); fault.CodeOf(err) != c.want {
				if err == nil {
					_ = db.Close()
				}
				t.Errorf("opened to read: %v, want %s", err, c.want)
			}
		})
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("any name of a file is only a name", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{
			"plain", "with space", "50%", "%41", "why?", "why?mode=memory", "a#b", "a&_journal_mode=off", "été 北京 ✓", "a'b\"c", ":memory:", "file:x", "a+b;c",
		} {
			name = possible(name)
			folder := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, name)
			db := open(t, path, options())
			if err := db.Write(t.Context(), insert(1)); err != nil {
				t.Errorf("%q: %v", name, err)
			}
			if got := count(t, db.Reader(), "TRUE"); got != 1 {
				t.Errorf("%q: the reader sees %d numbers", name, got)
			}
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("%q: the file is elsewhere: %v", name, err)
			}
		}
	})

	t.Run("an empty file becomes a database", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "empty")
		write(t, path, nil)
		if err := open(t, path, options()).Write(t.Context(), insert(1)); err != nil {
			t.Error(err)
		}
	})

	t.Run("power cuts are provided for", func(t *testing.T) {
		t.Parallel()
		db, _ := fresh(t)
		err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
				var got string
				if err := tx.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})

	t.Run("a database opened to read follows its writer and writes nothing", func(t *testing.T) {
		t.Parallel()
		writer, path := fresh(t)
		reader, err := sqlitedb.OpenToRead(t.Context(), path, options())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = reader.Close() })
		if err := writer.Write(t.Context(), insert(1)); err != nil {
			t.Fatal(err)
		}
		if got := count(t, reader.Reader(), "TRUE"); got != 1 {
			t.Errorf("the reader sees %d numbers", got)
		}
		if err := reader.Write(t.Context(), insert(2)); !errors.Is(err, sqlitedb.ErrClosed) {
			t.Errorf("a reader wrote: %v", err)
		}
	})

	t.Run("what is not there cannot be opened to read, and is not made", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "absent")
		if _, err := sqlitedb.OpenToRead(t.Context(), path, options()); fault.CodeOf(err) != fault.NoRead {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("it was made: %v", err)
		}
	})

	t.Run("a folder that is not there cannot be written", func(t *testing.T) {
		t.Parallel()
		_, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "absent", "db"), options())
		if fault.CodeOf(err) != fault.NoWrite {
			t.Errorf("got %v", err)
		}
	})
}

func TestMigrations(t *testing.T) {
	t.Parallel()
	first := options()
	both := options()
	both.Migrations = append(both.Migrations, "ALTER TABLE numbers ADD COLUMN name TEXT NOT NULL DEFAULT 'none'")

	t.Run("an older database is brought up to date, and somebody is told before", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "db")
		old := open(t, path, first)
		if err := old.Write(t.Context(), insert(7)); err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		with, told := both, 0
		with.BeforeMigration = func(where string, version int) error {
			told++
			if where != path || version != 1 {
				t.Errorf("told of version %d of %s", version, where)
			}
			return nil
		}
		db := open(t, path, with)
		if got := count(t, db.Reader(), "n = 7 AND name = 'none'"); got != 1 {
			t.Error("the number did not come along")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		open(t, path, with)
		if told != 1 {
			t.Errorf("told %d times, want once", told)
		}
	})

	t.Run("a new database is nobody's migration", func(t *testing.T) {
		t.Parallel()
		with := both
		with.BeforeMigration = func(string, int) error { return errors.New("there is nothing to keep") }
		open(t, filepath.Join(t.TempDir(), "db"), with)
	})

	t.Run("without its backup a database stays as it was", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "db")
		if err := open(t, path, first).Close(); err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, path)
		with, full := both, errors.New("no room for a backup")
		with.BeforeMigration = func(string, int) error { return full }
		if _, err := sqlitedb.Open(t.Context(), path, with); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(before, snapshot(t, path)); diff != "" {
			t.Errorf("it changed:\n%.500s", diff)
		}
	})

	t.Run("a migration is applied whole or not at all", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "db")
		broken := options()
		broken.Migrations = append(broken.Migrations, "CREATE TABLE half (n INTEGER); INSERT INTO nowhere VALUES (1)")
		if _, err := sqlitedb.Open(t.Context(), path, broken); err == nil || !strings.Contains(err.Error(), "migration 2") {
			t.Fatalf("got %v", err)
		}
		db := open(t, path, first)
		var tables int
		if err := db.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema WHERE type = 'table'").Scan(&tables); err != nil || tables != 1 {
			t.Errorf("%d tables, %v; want that of the first migration", tables, err)
		}
	})
}
