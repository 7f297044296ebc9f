package backup_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/backup"
	"nectar/backend/datadir"
	"nectar/backend/store"
	"nectar/backend/task"
)

// noon is when the tests take place.
var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// laptop is a data folder with a clock.
type laptop struct {
	*backup.Shelf

	t      *testing.T
	folder *datadir.Dir
	now    time.Time
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	folder, err := datadir.Open(filepath.Join(t.TempDir(), "data [1]*"))
	if err != nil {
		t.Fatal(err)
	}
	l := &laptop{t: t, folder: folder, now: noon}
	l.Shelf = backup.Of(folder, func() time.Time { return l.now })
	return l
}

// open opens the database and closes it at the end of the test, if nobody did
// before.
func (l *laptop) open() *store.Store {
	l.t.Helper()
	st, err := store.Open(l.t.Context(), l.folder.Database(), store.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = st.Close() })
	return st
}

// add stores jobs and answers the open database.
func (l *laptop) add(jobs int) *store.Store {
	l.t.Helper()
	st := l.open()
	drafts := make([]task.Draft, jobs)
	for i := range drafts {
		drafts[i].Job = &task.Job{
			Task: "maths.add", State: task.Queued, Queue: "maths", Priority: task.Regular,
			Args: json.RawMessage(`{}`), Due: noon, Created: noon,
		}
	}
	if _, err := st.Insert(l.t.Context(), drafts); err != nil {
		l.t.Fatal(err)
	}
	return st
}

// have stores jobs and closes the database.
func (l *laptop) have(jobs int) {
	l.t.Helper()
	if err := l.add(jobs).Close(); err != nil {
		l.t.Fatal(err)
	}
}

// die leaves the database as a process does that was killed: with its log, and
// marked as open.
func (l *laptop) die(st *store.Store) {
	l.t.Helper()
	if err := l.Mark(); err != nil {
		l.t.Fatal(err)
	}
	alive := map[string][]byte{}
	for _, name := range []string{"", "-wal"} {
		alive[name] = l.read(l.folder.Database() + name)
	}
	if err := st.Close(); err != nil {
		l.t.Fatal(err)
	}
	for name, content := range alive {
		l.write(l.folder.Database()+name, content)
	}
}

func (l *laptop) backup() backup.Backup {
	l.t.Helper()
	made, err := l.Make(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return made
}

// jobs answers how many jobs the database holds.
func (l *laptop) jobs() int64 {
	l.t.Helper()
	st := l.open()
	contents, err := st.Contents(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		l.t.Fatal(err)
	}
	return contents.Jobs
}

func (l *laptop) Path(b backup.Backup) string {
	return filepath.Join(l.folder.Backups(), b.Name+".sqlite3")
}

func (l *laptop) read(path string) []byte {
	l.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		l.t.Fatal(err)
	}
	return content
}

func (l *laptop) write(path string, content []byte) {
	l.t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		l.t.Fatal(err)
	}
}

func (l *laptop) remove(path string) {
	l.t.Helper()
	if err := os.Remove(path); err != nil {
		l.t.Fatal(err)
	}
}

// scratch overwrites a part of a file, from the given share of it on.
func (l *laptop) scratch(path string, from float64) {
	l.t.Helper()
	content := l.read(path)
	at := int(float64(len(content)) * from)
	copy(content[at:], bytes.Repeat([]byte{0xa5}, 6000))
	l.write(path, content)
}

// matching answers the files of the data folder that fit the pattern.
func (l *laptop) matching(pattern string) []string {
	l.t.Helper()
	entries, err := os.ReadDir(l.folder.Path())
	if err != nil {
		l.t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		if ok, err := filepath.Match(pattern, entry.Name()); err != nil {
			l.t.Fatal(err)
		} else if ok {
			found = append(found, filepath.Join(l.folder.Path(), entry.Name()))
		}
	}
	return found
}
