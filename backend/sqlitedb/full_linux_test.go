package sqlitedb_test

import (
	"path/filepath"
	"testing"

	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
	"nectar/backend/sqlitedb"
)

func TestADatabaseThatNoFileFitsForSaysThatTheDiskIsFull(t *testing.T) {
	t.Parallel()
	for name, inodes := range map[string]string{
		"not even its first": "nr_inodes=1", "nor one beside it": "nr_inodes=2", "nor a second beside it": "nr_inodes=3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := drivetest.Small(t, inodes, 0)
			db, err := sqlitedb.Open(t.Context(), filepath.Join(folder, "test.sqlite3"), options())
			if err == nil {
				_ = db.Close()
			}
			if got := fault.CodeOf(err); got != fault.DiskFull {
				t.Errorf("it says %s: %v", got, err)
			}
		})
	}
}
