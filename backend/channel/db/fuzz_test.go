package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/fault"
)

// FuzzOpen overwrites some bytes of a small valid database. Whatever comes of
// it is read to the end or refused by a fault; it never panics.
func FuzzOpen(f *testing.F) {
	c := channeltest.New()
	path := filepath.Join(f.TempDir(), "valid")
	if err := c.WriteDatabase(path); err != nil {
		f.Fatal(err)
	}
	valid, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{})
	f.Add(uint32(16), []byte{0xff, 0xff})
	f.Add(uint32(100), []byte{0x05})
	f.Add(uint32(5000), []byte("CREATE VIEW"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		damaged := append([]byte(nil), valid...)
		copy(damaged[int(at)%len(damaged):], patch)
		path := filepath.Join(t.TempDir(), "damaged")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, check := range []db.Check{db.Quick, db.Full} {
			readAll(t, path, c.ID, check)
		}
	})
}

// readAll reads all that the database yields.
func readAll(t *testing.T, path string, id channel.ID, check db.Check) {
	t.Helper()
	d, err := db.Open(t.Context(), path, id, check)
	if err != nil {
		expectFault(t, err)
		return
	}
	defer func() { _ = d.Close() }()
	for _, err := range d.Nodes(t.Context()) {
		expectFault(t, err)
	}
	for _, err := range d.Files(t.Context()) {
		expectFault(t, err)
	}
	for _, err := range d.Roles(t.Context()) {
		expectFault(t, err)
	}
}

func expectFault(t *testing.T, err error) {
	t.Helper()
	if err != nil && fault.CodeOf(err) == fault.Internal {
		t.Errorf("refused without a reason: %v", err)
	}
}
