package sqlitedb_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
)

func TestCopy(t *testing.T) {
	t.Parallel()

	t.Run("a copy holds what was committed, in one file, while the writer goes on", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		for n := range 100 {
			if err := db.Write(t.Context(), insert(n)); err != nil {
				t.Fatal(err)
			}
		}
		folder := t.TempDir()
		to := filepath.Join(folder, possible("it's a copy?.sqlite3"))
		err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
			if err := insert(1000)(tx); err != nil {
				return err
			}
			return sqlitedb.Copy(t.Context(), path, to)
		})
		if err != nil {
			t.Fatal(err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 1 {
			t.Errorf("beside the copy there is %v", entries)
		}
		if version, err := sqlitedb.Examine(t.Context(), to, options(), sqlitedb.Thorough); version != 1 || err != nil {
			t.Errorf("the copy has version %d, %v", version, err)
		}
		if got := count(t, open(t, to, options()).Reader(), "TRUE"); got != 100 {
			t.Errorf("the copy holds %d numbers, want the 100 that were committed", got)
		}
	})

	t.Run("nothing is copied over a file that holds something", func(t *testing.T) {
		t.Parallel()
		_, path := fresh(t)
		to := filepath.Join(t.TempDir(), "taken")
		write(t, to, []byte("mine"))
		if err := sqlitedb.Copy(t.Context(), path, to); err == nil {
			t.Error("it was")
		}
		if content, err := os.ReadFile(to); string(content) != "mine" {
			t.Errorf("the file holds %q, %v", content, err)
		}
	})

	t.Run("a copy can be called off", func(t *testing.T) {
		t.Parallel()
		_, path := fresh(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := sqlitedb.Copy(ctx, path, filepath.Join(t.TempDir(), "copy")); err == nil {
			t.Error("it was made all the same")
		}
	})
}

func TestExamine(t *testing.T) {
	t.Parallel()

	t.Run("damage inside the file is found, and looking changes nothing", func(t *testing.T) {
		t.Parallel()
		for _, depth := range []sqlitedb.Depth{sqlitedb.Quick, sqlitedb.Thorough} {
			path := filepath.Join(t.TempDir(), "db")
			filled(t, path)
			if _, err := sqlitedb.Examine(t.Context(), path, options(), depth); err != nil {
				t.Fatalf("a whole file is refused: %v", err)
			}
			scratch(t, path)
			before := snapshot(t, path)
			_, err := sqlitedb.Examine(t.Context(), path, options(), depth)
			if f := fault.Of(err); f == nil || f.Code != fault.DamagedData || f.Params["path"] != path {
				t.Errorf("%s: got %v", depth, err)
			}
			if after := snapshot(t, path); len(after) != len(before) {
				t.Errorf("%s: there are %d files now", depth, len(after))
			}
		}
	})

	t.Run("what the log holds counts", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		if err := db.Write(t.Context(), insert(1)); err != nil {
			t.Fatal(err)
		}
		if version, err := sqlitedb.Examine(t.Context(), path, options(), sqlitedb.Quick); version != 1 || err != nil {
			t.Errorf("version %d, %v", version, err)
		}
	})

	t.Run("an empty file is of version 0", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "db")
		write(t, path, nil)
		if version, err := sqlitedb.Examine(t.Context(), path, options(), sqlitedb.Quick); version != 0 || err != nil {
			t.Errorf("version %d, %v", version, err)
		}
	})
}

// filled makes a closed database of many pages.
func filled(t testing.TB, path string) {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), path, options())
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
		for n := range 20_000 {
			if err := insert(n)(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// scratch overwrites pages in the middle of the file.
func scratch(t testing.TB, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[len(content)/2:], bytes.Repeat([]byte{0xa5}, 8192))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
