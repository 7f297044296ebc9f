package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
)

// shapes are the generations that differ in how they are read.
var shapes = []int{channeltest.V020Beta1, channeltest.Unversioned, 1, 5, 6}

// sound answers a small valid database of each of the shapes.
func sound(f *testing.F) (id channel.ID, databases [][]byte) {
	f.Helper()
	for _, shape := range shapes {
		c := channeltest.New(channeltest.Schema(shape))
		path := filepath.Join(f.TempDir(), "sound")
		if err := c.WriteDatabase(path); err != nil {
			f.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		id, databases = c.ID, append(databases, content)
	}
	return id, databases
}

// FuzzOpen overwrites some bytes of a small valid database. Whatever comes of
// it is read to the end or refused by a fault; it never panics.
func FuzzOpen(f *testing.F) {
	id, databases := sound(f)
	// Places of the header, of the page of the schema, and of later pages: the
	// kind of a page, its free blocks, the number and places of its cells.
	for _, at := range []uint32{0, 16, 18, 20, 24, 28, 32, 36, 44, 52, 56, 60, 92, 96, 100, 101, 103, 105, 107, 108, 4096, 4097, 4099, 4101, 4104, 8191, 20480, 40960} {
		for i, patch := range [][]byte{{0}, {0xff, 0xff}, {0x7f, 0xff, 0xff, 0xff}} {
			f.Add(uint8(i+int(at)), at, patch)
		}
	}
	for shape, content := range databases {
		for _, word := range []string{"CREATE TABLE content_contentnode", "CREATE INDEX", "content_channelmetadata", "NOT NULL", "lft INTEGER", "high_res_video", "topic"} {
			at := max(bytes.Index(content, []byte(word)), 6)
			f.Add(uint8(shape), uint32(at), []byte("CREATE VIEW x AS SELECT 1"))
			f.Add(uint8(shape), uint32(at), []byte{0, 1, 2, 3})
			f.Add(uint8(shape), uint32(at-6), []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
		}
	}
	f.Fuzz(func(t *testing.T, shape uint8, at uint32, patch []byte) {
		damaged := slices.Clone(databases[int(shape)%len(databases)])
		copy(damaged[int(at)%len(damaged):], patch)
		path := filepath.Join(t.TempDir(), "damaged")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		readAll(t, path, id)
	})
}

// FuzzValue puts a value of any type into a column of some rows, which the
// pages stay sound with.
func FuzzValue(f *testing.F) {
	id, databases := sound(f)
	values := [][]byte{
		[]byte("../../x"), {0, 0xff, 0xe2, 0x80, 0xae}, {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {0x7f, 0xf0, 0, 0, 0, 0, 0, 0}, {},
	}
	for column := range uint8(80) {
		strange := values[int(column)%len(values)]
		f.Add(column, column, column, 1+column%7, strange)
	}
	f.Fuzz(func(t *testing.T, shape, column, kind, every uint8, value []byte) {
		path := filepath.Join(t.TempDir(), "strange")
		if err := os.WriteFile(path, databases[int(shape)%len(databases)], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := put(path, int(column), typed(kind, value), max(every, 1)); err != nil {
			t.Skip(err) // SQLite itself does not take it
		}
		readAll(t, path, id)
	})
}

// typed makes a value of one of SQLite's types.
func typed(kind uint8, value []byte) any {
	number := binary.BigEndian.Uint64(append(slices.Clone(value), make([]byte, 8)...))
	switch kind % 5 {
	case 0:
		return string(value)
	case 1:
		return value
	case 2:
		return int64(number)
	case 3:
		return math.Float64frombits(number)
	default:
		return nil
	}
}

// put writes the value into a column of every so manieth row.
func put(path string, column int, value any, every uint8) error {
	pool, err := sql.Open("sqlite3", path+"?_synchronous=0")
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	var table, name string
	if err := pool.QueryRowContext(context.Background(), `
		SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
		WHERE  t.name LIKE 'content%' ORDER BY t.name, c.name
		LIMIT  1 OFFSET ? % (SELECT count(*) FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c WHERE t.name LIKE 'content%')`,
		column).Scan(&table, &name); err != nil {
		return err
	}
	_, err = pool.ExecContext(context.Background(), "UPDATE OR IGNORE "+table+" SET "+name+" = ? WHERE rowid % ? = 0", value, every)
	return err
}

// readAll reads all that the database yields, after either check.
func readAll(t *testing.T, path string, id channel.ID) {
	t.Helper()
	for _, check := range []db.Check{db.Quick, db.Pages} {
		d, err := look(t.Context(), path, id, check)
		if err != nil {
			expectFault(t, err)
			continue
		}
		expectHarmless(t, d, check == db.Pages)
		tree, err := selection.Load(t.Context(), d)
		if expectFault(t, err); check == db.Pages && err != nil {
			t.Errorf("a database that loaded does not load again: %v", err)
		}
		if err == nil {
			tree.Totals(nil)
		}
		_ = d.Close()
	}
}

func expectFault(t *testing.T, err error) {
	t.Helper()
	if err != nil && fault.CodeOf(err) == fault.Internal {
		t.Errorf("refused without a reason: %v", err)
	}
}
