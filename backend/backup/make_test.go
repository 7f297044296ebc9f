package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nectar/backend/fault"
	"nectar/backend/store"
)

func TestMake(t *testing.T) {
	t.Parallel()

	t.Run("a backup is a whole copy, also of a database in use", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.add(3)
		made := l.backup()
		if made.Name != "backup-0001-20260501-120000" || !made.Made.Equal(noon) || made.Version == 0 || made.Bytes == 0 {
			t.Errorf("made %+v", made)
		}
		if version, err := store.Examine(t.Context(), l.Path(made), true); version != made.Version || err != nil {
			t.Errorf("it is of version %d, %v", version, err)
		}
		info, err := os.Stat(l.Path(made))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others may read it: %v, %v", info.Mode(), err)
		}
		_, contents, err := l.Verify(t.Context(), "")
		if contents.Jobs != 3 || contents.LastJob != 3 || err != nil {
			t.Errorf("it holds %+v, %v", contents, err)
		}
	})

	t.Run("the last seven stay, whatever the clock says", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(1)
		for n := range 10 {
			l.now = noon.AddDate(0, 0, n)
			if n == 8 {
				l.now = time.Unix(0, 0) // the battery of the clock was empty
			}
			l.backup()
		}
		all, err := l.List()
		if err != nil || len(all) != 7 {
			t.Fatalf("%d backups, %v", len(all), err)
		}
		if all[0].Name != "backup-0010-20260510-120000" || all[1].Name != "backup-0009-19700101-000000" || all[6].Name != "backup-0004-20260504-120000" {
			t.Errorf("kept %v", all)
		}
	})

	t.Run("a damaged database pushes no good backup out", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(2000)
		for range 7 {
			l.backup()
		}
		l.scratch(l.folder.Database(), 0.5)
		if _, err := l.Make(t.Context()); fault.CodeOf(err) != fault.DamagedData {
			t.Errorf("got %v", err)
		}
		all, err := l.List()
		if err != nil || len(all) != 7 || !strings.HasPrefix(all[0].Name, "backup-0007") {
			t.Errorf("kept %v, %v", all, err)
		}
		if files, _ := os.ReadDir(l.folder.Backups()); len(files) != 7 {
			t.Errorf("half a backup was left: %v", files)
		}
	})

	t.Run("what a power cut left is removed, and other files are not touched", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.have(1)
		half, mine := filepath.Join(l.folder.Backups(), "backup-0001-20260501-110000.sqlite3.transfer"), filepath.Join(l.folder.Backups(), "my notes.txt")
		l.write(half, []byte("half"))
		l.write(half+"-journal", []byte("half"))
		l.write(mine, []byte("mine"))
		l.backup()
		if _, err := os.Stat(half); err == nil {
			t.Error("the half backup is there")
		}
		if string(l.read(mine)) != "mine" {
			t.Error("a file of somebody's is gone")
		}
		if all, err := l.List(); len(all) != 1 || err != nil {
			t.Errorf("listed %v, %v", all, err)
		}
	})

	t.Run("without a folder there are none, and looking makes nothing", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.remove(l.folder.Backups())
		if all, err := l.List(); len(all) != 0 || err != nil {
			t.Errorf("listed %v, %v", all, err)
		}
		if _, err := os.Stat(l.folder.Backups()); err == nil {
			t.Error("the folder was made")
		}
	})
}
