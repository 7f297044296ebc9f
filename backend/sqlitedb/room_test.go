package sqlitedb_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"nectar/backend/sqlitedb"
)

// frame is the length of one page in the log.
const frame = 24 + 4096

// used answers how much of a log was written since it began anew.
func used(log []byte) int {
	end := 32
	for len(log) >= end+frame && bytes.Equal(log[end+8:end+16], log[16:24]) && binary.BigEndian.Uint32(log[end:]) > 0 {
		end += frame
	}
	return end
}

func readLog(t testing.TB, path string) []byte {
	t.Helper()
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// whole fails when SQLite finds the database damaged, or another count of numbers
// in it.
func whole(t testing.TB, path string, numbers int) {
	t.Helper()
	db := stranger(t, path)
	defer func() { _ = db.Close() }()
	var found string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&found); err != nil || found != "ok" {
		t.Errorf("SQLite says %s, %v", found, err)
	}
	if got := count(t, db, "TRUE"); got != numbers {
		t.Errorf("%d numbers are there of %d", got, numbers)
	}
}

func TestTheLogHasRoomForTheNextChanges(t *testing.T) {
	t.Parallel()
	db, path := fresh(t)
	size, longer, without := 0, 0, 0
	for n := range 300 {
		if err := db.Write(t.Context(), insert(n)); err != nil {
			t.Fatal(err)
		}
		log := readLog(t, path)
		if len(log) != size {
			size, longer = len(log), longer+1
		}
		if used(log)+frame > len(log) {
			without++
		}
		if len(log)-used(log) > 400<<10 {
			t.Fatalf("%d bytes wait for changes", len(log)-used(log))
		}
	}
	if longer > 12 || without > 0 {
		t.Errorf("in 300 changes the log became longer %d times, and had no room for the next %d times", longer, without)
	}
}

func TestLargeChangesMakeTheirOwnRoom(t *testing.T) {
	t.Parallel()
	db, path := fresh(t)
	for range 5 {
		if err := db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
			_, err := tx.Exec("INSERT INTO numbers WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more LIMIT 20000)" +
				" SELECT n + (SELECT coalesce(max(n), 0) FROM numbers) FROM more")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if log := readLog(t, path); len(log) < 500<<10 || used(log) != len(log) {
		t.Errorf("of %d bytes %d are used", len(log), used(log))
	}
}

func TestALogThatIsAboutToBeginAnewNeedsNoRoom(t *testing.T) {
	t.Parallel()
	const pages = 50
	path := filepath.Join(t.TempDir(), "test.sqlite3")
	db := stranger(t, path)
	db.SetMaxOpenConns(1)
	execute(t, db, "PRAGMA journal_mode = wal", "PRAGMA wal_autocheckpoint = 0", "CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
	room := sqlitedb.NewRoom(path+"-wal", pages)
	t.Cleanup(room.Close)
	long := 0 // how long it was made without us
	changes := func(n int) {
		t.Helper()
		for range n {
			execute(t, db, "INSERT INTO numbers VALUES (NULL)")
			room.Keep()
			log := readLog(t, path)
			if len(log) > max(used(log), 32+pages*frame, long) {
				t.Fatalf("the log has %d bytes, of which %d are used, and begins anew with %d pages", len(log), used(log), pages)
			}
		}
	}
	changes(2 * pages)
	long = len(readLog(t, path))

	execute(t, db, "PRAGMA wal_checkpoint(RESTART)")
	changes(pages)
	if got := len(readLog(t, path)); got != long {
		t.Errorf("a log of %d bytes that began anew has %d", long, got)
	}

	execute(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	changes(pages / 2)
	if log := readLog(t, path); len(log) <= used(log) {
		t.Errorf("a log that was emptied has no room behind its %d bytes", used(log))
	}
}

// What a power cut leaves of the room is what the disk makes of bytes that were
// never flushed.
func TestAPowerCutLeavesEveryChangeThatWasTold(t *testing.T) {
	t.Parallel()
	db, path := fresh(t)
	cuts := []struct {
		name string
		left func(log []byte) []byte
	}{
		{"all of its room", func(log []byte) []byte { return log }},
		{"none of its room", func(log []byte) []byte { return log[:used(log)] }},
		{"some of its room", func(log []byte) []byte { return log[:used(log)+rand.IntN(len(log)-used(log))] }},
		{"bytes of others", func(log []byte) []byte {
			for i := used(log); i < len(log); i++ {
				log[i] = byte(rand.Int())
			}
			return log
		}},
		{"pages of an older log", func(log []byte) []byte {
			for at := used(log); at+frame <= len(log); at += frame {
				copy(log[at:], log[32:32+frame])
				log[at+8]++
			}
			return log
		}},
	}
	for n := range 100 {
		if err := db.Write(t.Context(), insert(n)); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cut := cuts[n%len(cuts)]
		copied := filepath.Join(t.TempDir(), "test.sqlite3")
		write(t, copied, file)
		write(t, copied+"-wal", cut.left(readLog(t, path)))
		if whole(t, copied, n+1); t.Failed() {
			t.Fatalf("after %d changes, with %s", n+1, cut.name)
		}
	}
}

func TestOthersSeeEveryChangeWhereTheLogHasRoom(t *testing.T) {
	t.Parallel()
	db, path := fresh(t)
	other := stranger(t, path)
	for n := range 150 {
		if err := db.Write(t.Context(), insert(n)); err != nil {
			t.Fatal(err)
		}
		if got := count(t, other, "TRUE"); got != n+1 {
			t.Fatalf("another connection sees %d of %d numbers", got, n+1)
		}
		if got := count(t, db.Reader(), "TRUE"); got != n+1 {
			t.Fatalf("our own reader sees %d of %d numbers", got, n+1)
		}
	}
}

func TestALogWithRoomIsCarriedOver(t *testing.T) {
	t.Parallel()

	for _, how := range []string{"PASSIVE", "FULL", "RESTART", "TRUNCATE"} {
		t.Run("by somebody else, "+how, func(t *testing.T) {
			t.Parallel()
			db, path := fresh(t)
			other := stranger(t, path)
			for n := range 120 {
				if err := db.Write(t.Context(), insert(n)); err != nil {
					t.Fatal(err)
				}
				if n%7 == 0 {
					execute(t, other, "PRAGMA wal_checkpoint("+how+")")
				}
			}
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			if how == "TRUNCATE" {
				if log := readLog(t, path); len(log) > 512<<10 {
					t.Errorf("the log has %d bytes", len(log))
				}
			}
			closesClean(t, db, path, 120)
		})
	}

	t.Run("by vacuum", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		for n := range 60 {
			if err := db.Write(t.Context(), insert(n)); err != nil {
				t.Fatal(err)
			}
			if n%20 == 0 {
				if err := db.Vacuum(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		closesClean(t, db, path, 60)
	})

	t.Run("in the midst of many changes", func(t *testing.T) {
		t.Parallel()
		db, path := fresh(t)
		const writers, each = 8, 30
		var writing, carrying sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					if err := db.Write(t.Context(), insert(w*each+i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		over := make(chan struct{})
		other := stranger(t, path)
		execute(t, other, "PRAGMA busy_timeout = 10000")
		carrying.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					if _, err := other.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
		writing.Wait()
		close(over)
		carrying.Wait()
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		closesClean(t, db, path, writers*each)
	})
}

// closesClean closes the database and looks what is left.
func closesClean(t *testing.T, db *sqlitedb.DB, path string, numbers int) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there: %v", err)
	}
	whole(t, path, numbers)
}

// Where nobody waits for the disk, a change takes what it takes.
func TestALogThatNobodyWaitsForHasNoRoom(t *testing.T) {
	t.Parallel()
	path, unsynced := filepath.Join(t.TempDir(), "test.sqlite3"), options()
	unsynced.Unsynced = true
	db := open(t, path, unsynced)
	for n := range 10 {
		if err := db.Write(t.Context(), insert(n)); err != nil {
			t.Fatal(err)
		}
	}
	if log := readLog(t, path); used(log) != len(log) {
		t.Errorf("%d bytes wait for changes", len(log)-used(log))
	}
}
