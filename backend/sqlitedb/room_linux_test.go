package sqlitedb_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

func TestADiskWithoutRoomTakesEveryChangeThatFits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(drivetest.Small(t, "size=300k", 0), "test.sqlite3")
	db := open(t, path, options())
	numbers := 0
	for ; numbers < 1000; numbers++ {
		if err := db.Write(t.Context(), insert(numbers)); fault.CodeOf(err) == fault.DiskFull {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if log := readLog(t, path); used(log)+frame <= len(log) || numbers < 30 {
		t.Errorf("%d bytes of a log of %d are used, by %d changes", used(log), len(log), numbers)
	}
	if got := count(t, db.Reader(), "TRUE"); got != numbers {
		t.Errorf("%d numbers are there of %d", got, numbers)
	}
}

func TestALogThatIsNotThereIsNotMade(t *testing.T) {
	t.Parallel()
	db, path := fresh(t)
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		if err := db.Write(t.Context(), insert(n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
	if got := count(t, db.Reader(), "TRUE"); got != 20 {
		t.Errorf("%d numbers are there of 20", got)
	}
}
