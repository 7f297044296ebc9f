package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	c, drive := database(t)
	original := databaseOn(c, drive)
	of := func(path string) uint64 {
		t.Helper()
		d, err := db.Open(t.Context(), path, c.ID, db.Quick)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = d.Close() }()
		fingerprint, err := d.Fingerprint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return fingerprint
	}

	bytes, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.sqlite3")
	if err := os.WriteFile(copied, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if of(copied) != of(original) {
		t.Error("a copy has another fingerprint")
	}

	another := channeltest.New(channeltest.Version(c.Version + 1))
	if err := another.WriteDatabase(copied); err != nil {
		t.Fatal(err)
	}
	if of(copied) == of(original) {
		t.Error("another version of the channel has the same fingerprint")
	}
}

func TestAFileThatGoesOnAndOnHasNoFingerprint(t *testing.T) {
	t.Parallel()
	c, drive := database(t)
	d := open(t, c, drive, db.Quick)
	if err := os.Truncate(databaseOn(c, drive), 1<<30); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Fingerprint(t.Context()); err == nil {
		t.Error("it was read to its end")
	}
}
