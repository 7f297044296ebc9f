package sqlitedb_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"nectar/backend/sqlitedb"
)

func TestWrite(t *testing.T) {
	t.Parallel()

	t.Run("what a writer was told is seen by another connection at once", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		other := stranger(t, path)
		const writers, each = 8, 20
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for i := range each {
					n := w*each + i
					if err := db.Write(t.Context(), insert(n)); err != nil {
						t.Error(err)
						return
					}
					if count(t, other, "n = "+strconv.Itoa(n)) != 1 {
						t.Errorf("%d was promised and is not there", n)
						return
					}
				}
			})
		}
		group.Wait()
		if got := count(t, other, "TRUE"); got != writers*each {
			t.Errorf("%d numbers, want %d", got, writers*each)
		}
	})

	t.Run("a change larger than the writer's memory is made or undone as a whole", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		other := stranger(t, path)
		const large = 200_000 // some 500 pages
		change := func(from int) error {
			return db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
				_, err := tx.Exec("WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n LIMIT ?) INSERT INTO numbers SELECT i FROM n", from, large)
				if got := count(t, other, "n >= "+strconv.Itoa(from)); err == nil && got > 0 {
					t.Errorf("%d are seen before the end", got)
				}
				return errors.Join(err, insert(0)(tx))
			})
		}
		if err := change(1); err != nil {
			t.Fatal(err)
		}
		if err := change(large + 1); err == nil {
			t.Error("the second was made, with a number that is there")
		}
		if got := count(t, other, "TRUE"); got != large+1 {
			t.Errorf("%d numbers, want %d", got, large+1)
		}
	})

	t.Run("changes that come while another is committed share a commit, and a bad one is undone alone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			db, _ := fresh(t)
			begun, proceed := make(chan struct{}), make(chan struct{})
			answers := make([]error, 6)
			var group sync.WaitGroup
			group.Go(func() {
				answers[0] = db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
					close(begun)
					<-proceed
					return insert(0)(tx)
				})
			})
			<-begun
			bad := errors.New("changed my mind")
			changes := []func(*sqlitedb.Tx) error{
				1: insert(1),
				2: func(tx *sqlitedb.Tx) error { return errors.Join(insert(2)(tx), insert(20)(tx), bad) },
				3: func(tx *sqlitedb.Tx) error { _ = insert(3)(tx); panic("a mistake") },
				4: insert(1), // taken by then
				5: insert(5),
			}
			for i := 1; i < len(changes); i++ {
				group.Go(func() { answers[i] = db.Write(t.Context(), changes[i]) })
				synctest.Wait() // in this order
			}
			close(proceed)
			group.Wait()
			for i, want := range []string{"", "", "changed my mind", "panic in a change: a mistake", "UNIQUE", ""} {
				if got := answers[i]; (got == nil) != (want == "") || got != nil && !strings.Contains(got.Error(), want) {
					t.Errorf("change %d: %v, want %q", i, got, want)
				}
			}
			if got := count(t, db.Reader(), "n IN (0, 1, 5)"); got != 3 {
				t.Errorf("%d of the three good numbers are there", got)
			}
			if got := count(t, db.Reader(), "n IN (2, 20, 3)"); got != 0 {
				t.Errorf("%d of the bad numbers are there", got)
			}
		})
	})

	t.Run("a writer is not kept to serve those who came after", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			db, _ := fresh(t)
			gates := []chan struct{}{make(chan struct{}), make(chan struct{})}
			ended := make([]bool, 2)
			var group sync.WaitGroup
			for i, gate := range gates {
				group.Go(func() {
					if err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error { <-gate; return insert(i)(tx) }); err != nil {
						t.Error(err)
					}
					ended[i] = true
				})
				synctest.Wait()
			}
			close(gates[0])
			synctest.Wait()
			if !ended[0] || ended[1] {
				t.Errorf("the writers have ended: %v; want the first alone", ended)
			}
			close(gates[1])
			group.Wait()
		})
	})

	t.Run("a caller who has left is not begun, and one who leaves later is not interrupted", func(t *testing.T) {
		t.Parallel()
		db, _ := fresh(t)
		ctx, leave := context.WithCancel(t.Context())
		if err := db.Write(ctx, func(tx *sqlitedb.Tx) error { leave(); return insert(1)(tx) }); err != nil {
			t.Error(err)
		}
		if err := db.Write(ctx, insert(2)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if count(t, db.Reader(), "n = 1") != 1 || count(t, db.Reader(), "n = 2") != 0 {
			t.Error("want the first number alone")
		}
	})

	t.Run("a reader sees what was committed and nothing else", func(t *testing.T) {
		t.Parallel()
		db, _ := fresh(t)
		if err := db.Write(t.Context(), insert(1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
			err := insert(2)(tx)
			if got := count(t, db.Reader(), "TRUE"); got != 1 {
				t.Errorf("the reader sees %d numbers during the change", got)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := count(t, db.Reader(), "TRUE"); got != 2 {
			t.Errorf("the reader sees %d numbers after the change", got)
		}
		if _, err := db.Reader().ExecContext(t.Context(), "DELETE FROM numbers"); err == nil {
			t.Error("a reader may write")
		}
	})

	t.Run("after Close nothing is written, and closing twice is allowed", func(t *testing.T) {
		t.Parallel()
		db, _ := fresh(t)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), insert(1)); !errors.Is(err, sqlitedb.ErrClosed) {
			t.Errorf("got %v", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})

	t.Run("Close waits for the changes under way", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			db, path := fresh(t)
			proceed := make(chan struct{})
			var group sync.WaitGroup
			for i := range 3 {
				group.Go(func() {
					if err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error { <-proceed; return insert(i)(tx) }); err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			closed := false
			group.Go(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				closed = true
			})
			synctest.Wait()
			if closed {
				t.Error("closed during a change")
			}
			close(proceed)
			group.Wait()
			if got := count(t, stranger(t, path), "TRUE"); got != 3 {
				t.Errorf("%d of three changes are there", got)
			}
		})
	})
}

func TestRow(t *testing.T) {
	t.Parallel()
	db, _ := fresh(t)
	err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
		var n int
		if err := tx.QueryRow("SELECT count(*) FROM nothing").Scan(&n); err == nil || !strings.Contains(err.Error(), "prepare") {
			t.Errorf("a query of no table: %v", err)
		}
		if err := insert(7)(tx); err != nil {
			return err
		}
		if err := tx.QueryRow("SELECT n FROM numbers").Scan(&n); err != nil || n != 7 {
			t.Errorf("a change does not see itself: %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
