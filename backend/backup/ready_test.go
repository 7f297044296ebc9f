package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/backup"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// damages are the ways in which a database with 2,000 jobs comes to harm. Each
// begins with an open database and leaves a closed one.
var damages = []struct {
	name string
	harm func(l *laptop, st *store.Store)
}{
	{"a file that is no database", func(l *laptop, st *store.Store) {
		l.die(st)
		l.write(l.folder.Database(), []byte(strings.Repeat("Dear diary. ", 500)))
		l.remove(l.folder.Database() + "-wal")
	}},
	{"a damaged header", func(l *laptop, st *store.Store) {
		_ = st.Close()
		l.scratch(l.folder.Database(), 0)
		_ = l.Mark()
	}},
	{"damaged pages", func(l *laptop, st *store.Store) {
		_ = st.Close() // all pages are in the file, and not in its log
		l.scratch(l.folder.Database(), 0.5)
		_ = l.Mark()
	}},
	{"a file that was cut off", func(l *laptop, st *store.Store) {
		_ = st.Close()
		content := l.read(l.folder.Database())
		l.write(l.folder.Database(), content[:len(content)/2])
		_ = l.Mark()
	}},
	{"a log that went away with all that there was", func(l *laptop, st *store.Store) {
		l.die(st)
		l.write(l.folder.Database(), nil)
		l.remove(l.folder.Database() + "-wal")
		l.write(l.folder.Database(), emptyDatabase(l))
	}},
	{"a database that went away without its log", func(l *laptop, st *store.Store) {
		l.die(st)
		l.remove(l.folder.Database())
	}},
}

// emptyDatabase answers the bytes of a database whose tables were all in its
// log.
func emptyDatabase(l *laptop) []byte {
	other := newLaptop(l.t)
	st := other.open()
	defer func() { _ = st.Close() }()
	return other.read(other.folder.Database())[:4096]
}

func TestADamagedDatabaseIsSetAside(t *testing.T) {
	t.Parallel()
	for _, c := range damages {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			l.have(2)
			good := l.backup()
			c.harm(l, l.add(2000))
			before := map[string]string{}
			for _, path := range l.matching("app.sqlite3*") {
				before[strings.TrimPrefix(filepath.Base(path), "app.sqlite3")] = string(l.read(path))
			}
			delete(before, "-open")
			delete(before, "-shm") // is made by whoever looks

			err := l.Ready(t.Context())
			f := fault.Of(err)
			if f == nil || f.Code != fault.DataSetAside || f.Params["backup"] != good.Name {
				t.Fatalf("got %v, want the offer of %s", err, good.Name)
			}
			aside, _ := f.Params["path"].(string)
			if filepath.Base(aside) != "app.damaged-20260501-120000.sqlite3" {
				t.Errorf("it was set aside as %s", aside)
			}
			for suffix, content := range before {
				if got := string(l.read(aside + suffix)); got != content {
					t.Errorf("%q is not as it was: %d bytes, were %d", suffix, len(got), len(content))
				}
			}
			if left := l.matching("app.sqlite3*"); len(left) > 0 {
				t.Errorf("left in place: %v", left)
			}

			if err := l.Ready(t.Context()); fault.CodeOf(err) != fault.DataSetAside {
				t.Errorf("at the next start: %v", err)
			}
			if _, err := l.Restore(t.Context(), good.Name, nil); err != nil {
				t.Fatal(err)
			}
			if err := l.Ready(t.Context()); err != nil {
				t.Errorf("after the backup was brought back: %v", err)
			}
			if got := l.jobs(); got != 2 {
				t.Errorf("it holds %d jobs", got)
			}
			if _, err := os.Stat(aside); err != nil && c.name != "a database that went away without its log" {
				t.Errorf("what was set aside is gone: %v", err)
			}
		})
	}
}

func TestReady(t *testing.T) {
	t.Parallel()

	t.Run("a new folder, and one that was closed cleanly, are ready", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		if err := l.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		l.have(1)
		if err := l.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})

	t.Run("what a killed process left whole stays", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.die(l.add(10))
		if err := l.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if got := l.jobs(); got != 10 {
			t.Errorf("%d jobs, want those of the log too", got)
		}
	})

	t.Run("without a backup it says so once, and then begins anew", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(1)
		l.scratch(l.folder.Database(), 0)
		_ = l.Mark()
		if err := l.Ready(t.Context()); fault.CodeOf(err) != fault.DataSetAsideAlone {
			t.Errorf("got %v", err)
		}
		if err := l.Ready(t.Context()); err != nil {
			t.Errorf("at the next start: %v", err)
		}
	})

	t.Run("a lost log is told of when the rest is whole", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(5)
		st := l.add(3)
		before := l.read(l.folder.Database())
		l.die(st)
		l.write(l.folder.Database(), before)
		l.remove(l.folder.Database() + "-wal")
		if err := l.Ready(t.Context()); !errors.Is(err, backup.ErrChangesLost) {
			t.Errorf("got %v", err)
		}
		if got := l.jobs(); got != 5 {
			t.Errorf("%d jobs, want those outside of the log", got)
		}
	})

	t.Run("the offer is the last backup that is whole", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(2000)
		good, bad := l.backup(), l.backup()
		l.scratch(l.Path(bad), 0.5)
		l.scratch(l.folder.Database(), 0)
		_ = l.Mark()
		if err := l.Ready(t.Context()); fault.Of(err).Params["backup"] != good.Name {
			t.Errorf("got %v, want the offer of %s", err, good.Name)
		}
	})

	t.Run("an empty database can be chosen instead", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(3)
		l.backup()
		l.scratch(l.folder.Database(), 0)
		_ = l.Mark()
		if err := l.Ready(t.Context()); fault.CodeOf(err) != fault.DataSetAside {
			t.Fatal(err)
		}
		if _, err := l.StartEmpty(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if got := l.jobs(); got != 0 {
			t.Errorf("it holds %d jobs", got)
		}
	})

	t.Run("a newer database stays where it is", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(1)
		content := l.read(l.folder.Database())
		content[61] = 1 // the version is now beyond 65,536
		l.write(l.folder.Database(), content)
		_ = l.Mark()
		l.write(l.folder.Database()+"-wal", nil)
		if err := l.Ready(t.Context()); fault.CodeOf(err) != fault.NewerData {
			t.Errorf("got %v", err)
		}
		if string(l.read(l.folder.Database())) != string(content) {
			t.Error("it was changed")
		}
	})
}
