package sqlitedb_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
)

// What a disk does at any step of a change is said in words for people.
func TestTroubleWithTheDiskIsExplained(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code    sqlite3.ErrNo
		errno   syscall.Errno
		writing bool
		want    fault.Code
	}{
		{sqlite3.ErrFull, noRoom, true, fault.DiskFull},
		{sqlite3.ErrIoErr, noRoom, true, fault.DiskFull},
		{sqlite3.ErrIoErr, noShare, true, fault.DiskFull},
		{sqlite3.ErrCantOpen, noRoom, true, fault.DiskFull},
		{sqlite3.ErrIoErr, syscall.EROFS, true, fault.NoWrite},
		{sqlite3.ErrIoErr, syscall.EIO, true, fault.NoWrite},
		{sqlite3.ErrCantOpen, syscall.EACCES, true, fault.NoWrite},
		{sqlite3.ErrIoErr, syscall.EIO, false, fault.NoRead},
		{sqlite3.ErrCorrupt, 0, true, fault.DamagedData},
		{sqlite3.ErrConstraint, 0, true, fault.Internal},
	} {
		err := fmt.Errorf("migration 6: %w", sqlite3.Error{Code: c.code, SystemErrno: c.errno})
		if got := fault.CodeOf(sqlitedb.Explain(err, c.writing)); got != c.want {
			t.Errorf("%v with %v, open for writing: %v, is %s, want %s", c.code, c.errno, c.writing, got, c.want)
		}
	}
}
