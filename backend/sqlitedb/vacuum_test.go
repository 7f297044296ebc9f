package sqlitedb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"nectar/backend/sqlitedb"
)

func TestVacuum(t *testing.T) {
	t.Parallel()

	t.Run("what holds nothing is given back, while others write and read", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "db")
		filled(t, path)
		db := open(t, path, options())
		err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
			_, err := tx.Exec("DELETE FROM numbers WHERE n >= 100")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		size, unused, err := db.Slack(t.Context())
		if err != nil || unused == 0 || unused >= size {
			t.Fatalf("%d of %d bytes hold nothing, %v", unused, size, err)
		}
		var writers sync.WaitGroup
		for n := range 50 {
			writers.Go(func() {
				if err := db.Write(t.Context(), insert(1000+n)); err != nil {
					t.Error(err)
				}
				if got := count(t, db.Reader(), "n < 100"); got != 100 {
					t.Errorf("a reader sees %d", got)
				}
			})
		}
		if err := db.Vacuum(t.Context()); err != nil {
			t.Error(err)
		}
		writers.Wait()
		if after, unused, err := db.Slack(t.Context()); err != nil || unused > 0 || after >= size/2 {
			t.Errorf("%d of %d bytes hold nothing, %v; before they were %d", unused, after, err, size)
		}
		if got := count(t, db.Reader(), "TRUE"); got != 150 {
			t.Errorf("%d numbers", got)
		}
		if info, err := os.Stat(path); err != nil || info.Size() >= size/2 {
			t.Errorf("the file is as large as before: %d, %v", info.Size(), err)
		}
	})

	t.Run("it can be called off, and is for those who write", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Vacuum(ctx); err == nil {
			t.Error("it was not called off")
		}
		if err := db.Write(t.Context(), insert(1)); err != nil {
			t.Errorf("nobody can write afterwards: %v", err)
		}
		reader, err := sqlitedb.OpenToRead(t.Context(), path, options())
		if err != nil {
			t.Fatal(err)
		}
		if err := reader.Vacuum(t.Context()); !errors.Is(err, sqlitedb.ErrClosed) {
			t.Errorf("a reader: %v", err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	})
}
