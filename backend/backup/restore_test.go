package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/store"
)

func TestRestore(t *testing.T) {
	t.Parallel()

	t.Run("a backup takes the place of the database, which is kept", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(4)
		made := l.backup()
		l.have(3)
		before := l.read(l.folder.Database())
		settled := false
		got, err := l.Restore(t.Context(), made.Name+".sqlite3", func(_ context.Context, st *store.Store) error {
			contents, err := st.Contents(t.Context())
			settled = contents.Jobs == 4
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !settled {
			t.Error("nobody could settle what is restored")
		}
		if got.Name != made.Name || got.Contents.Jobs != 4 || got.LostJobs != 3 {
			t.Errorf("restored %+v", got)
		}
		if string(l.read(got.Replaced)) != string(before) || filepath.Base(got.Replaced) != "app.replaced-20260501-120000.sqlite3" {
			t.Errorf("the replaced database is not kept as %s", got.Replaced)
		}
		if jobs := l.jobs(); jobs != 4 {
			t.Errorf("%d jobs", jobs)
		}
		if all, _ := l.List(); len(all) != 1 {
			t.Error("the backup is gone")
		}
	})

	t.Run("a log of the replaced database goes with it", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(4)
		made := l.backup()
		l.die(l.add(3))
		got, err := l.Restore(t.Context(), made.Name, nil)
		if err != nil || got.LostJobs != 3 {
			t.Fatal(got, err)
		}
		if jobs := l.jobs(); jobs != 4 {
			t.Errorf("%d jobs: the log met another database", jobs)
		}
		st, err := store.OpenToRead(t.Context(), got.Replaced, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		if contents, err := st.Contents(t.Context()); contents.Jobs != 7 || err != nil {
			t.Errorf("the replaced database holds %d jobs, %v", contents.Jobs, err)
		}
	})

	refused := []struct {
		name string
		harm func(l *laptop, path string)
		want fault.Code
	}{
		{"a backup that is not there", func(l *laptop, path string) { l.remove(path) }, fault.NotFound},
		{"a damaged backup", func(l *laptop, path string) { l.scratch(path, 0.5) }, fault.BackupDamaged},
		{"an empty backup", func(l *laptop, path string) { l.write(path, nil) }, fault.BackupDamaged},
		{"a backup of a newer program", func(l *laptop, path string) {
			content := l.read(path)
			content[61] = 1
			l.write(path, content)
		}, fault.NewerData},
	}
	for _, c := range refused {
		t.Run(c.name+" is refused, and nothing changes", func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			l.have(2000)
			made := l.backup()
			c.harm(l, l.Path(made))
			if _, err := l.Restore(t.Context(), made.Name, nil); fault.CodeOf(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			l.unchanged(2000)
		})
	}

	t.Run("what cannot be settled is not restored", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(2)
		made := l.backup()
		l.have(1)
		odd := errors.New("odd")
		if _, err := l.Restore(t.Context(), made.Name, func(context.Context, *store.Store) error { return odd }); !errors.Is(err, odd) {
			t.Errorf("got %v", err)
		}
		l.unchanged(3)
	})

	t.Run("a name cannot lead out of the folder", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(2)
		for _, name := range []string{"../app", "/etc/passwd", "", ".", "backup-0001-20260501-120000/../../app"} {
			if _, err := l.Restore(t.Context(), name, nil); fault.CodeOf(err) != fault.NotFound {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

// unchanged checks that the database is in place and that nothing lies about.
func (l *laptop) unchanged(jobs int64) {
	l.t.Helper()
	if got := l.jobs(); got != jobs {
		l.t.Errorf("the database holds %d jobs, want %d", got, jobs)
	}
	for _, path := range l.matching("app.*") {
		if name := filepath.Base(path); !strings.HasPrefix(name, "app.sqlite3") {
			l.t.Errorf("left behind: %s", name)
		}
	}
}

func TestAPowerCutDuringARestore(t *testing.T) {
	t.Parallel()
	cuts := []struct {
		name string
		cut  func(l *laptop, ready, replaced string)
	}{
		{"before the old database is moved", func(*laptop, string, string) {}},
		{"between the old database and its log", func(l *laptop, _, replaced string) {
			if err := os.Rename(l.folder.Database(), replaced); err != nil {
				l.t.Fatal(err)
			}
		}},
		{"before the new database has its name", func(l *laptop, _, replaced string) {
			for _, suffix := range []string{"", "-wal"} {
				if err := os.Rename(l.folder.Database()+suffix, replaced+suffix); err != nil {
					l.t.Fatal(err)
				}
			}
		}},
	}
	for _, c := range cuts {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			l.have(4)
			copied := l.read(l.Path(l.backup()))
			l.die(l.add(3))
			l.write(filepath.Join(l.folder.Path(), "app.restoring.sqlite3"), []byte("half of an earlier attempt"))
			ready := filepath.Join(l.folder.Path(), "app.restored-20260501-110000.sqlite3")
			replaced := filepath.Join(l.folder.Path(), "app.replaced-20260501-110000.sqlite3")
			l.write(ready, copied)
			c.cut(l, ready, replaced)

			if err := l.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := l.jobs(); got != 4 {
				t.Errorf("the database holds %d jobs, want those of the backup", got)
			}
			for _, suffix := range []string{"", "-wal"} {
				if len(l.read(replaced+suffix)) == 0 {
					t.Errorf("the old database lost its %q", suffix)
				}
			}
			if _, err := os.Stat(ready); err == nil {
				t.Error("it would be restored again at the next start")
			}
		})
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.have(2000)
	first, second := l.backup(), l.backup()
	l.scratch(l.Path(second), 0.5)
	if _, _, err := l.Verify(t.Context(), ""); fault.CodeOf(err) != fault.BackupDamaged {
		t.Errorf("the latest is damaged: %v", err)
	}
	if checked, contents, err := l.Verify(t.Context(), first.Name); checked.Name != first.Name || contents.Jobs != 2000 || err != nil {
		t.Errorf("%+v, %+v, %v", checked, contents, err)
	}
	if files, _ := os.ReadDir(l.folder.Backups()); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
	l.unchanged(2000)
}
