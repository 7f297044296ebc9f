package backend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend"
	"nectar/backend/backup"
	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// stop closes the program.
func (p *program) stop() {
	p.t.Helper()
	if err := p.Close(context.Background()); err != nil {
		p.t.Fatalf("close: %v", err)
	}
}

// backUp makes a backup of the program's database.
func (p *program) backUp() backup.Backup {
	p.t.Helper()
	made, err := backup.Of(datadir.Peek(p.folder), nil).Make(p.t.Context())
	if err != nil {
		p.t.Fatalf("back up: %v", err)
	}
	return made
}

// spoil overwrites the first bytes of the database of a folder.
func spoil(t *testing.T, folder string) {
	t.Helper()
	path := datadir.Peek(folder).Database()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(content, bytes.Repeat([]byte{0xa5}, 200))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedDatabaseIsSaidAndTheBackupComesBack(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	job := p.run(importing(c, drive))
	made := p.backUp()
	p.run(importing(c, drive))
	p.stop()
	spoil(t, p.folder)

	config := backend.Config{Folder: p.folder}
	for range 2 { // it says so until somebody decides
		_, err := backend.Open(t.Context(), config)
		if f := fault.Of(err); f == nil || f.Code != fault.DataSetAside || f.Params["backup"] != made.Name {
			t.Fatalf("opening says %v", err)
		}
		if _, err := backend.OpenToRead(t.Context(), config); fault.CodeOf(err) != fault.DataSetAside {
			t.Fatalf("opening to read says %v", err)
		}
	}
	restored, err := backend.Restore(t.Context(), p.folder, made.Name)
	if err != nil || restored.Replaced != "" || restored.LostJobs != -1 {
		t.Fatalf("restored %+v, %v", restored, err)
	}
	again := start(t, p.folder)
	found, err := again.Services.Jobs.Show(t.Context(), again.person, job.ID)
	if err != nil || found[0].State != task.Completed {
		t.Errorf("the job of before the backup is %v, %v", found, err)
	}
	if aside, _ := filepath.Glob(filepath.Join(p.folder, "app.damaged-*")); len(aside) == 0 {
		t.Error("the damaged database was not kept")
	}
}

func TestARestoredDatabaseFitsTheContentFolder(t *testing.T) {
	t.Parallel()
	first, drive := channeltest.Make(t, channeltest.Seed(1))
	second, other := channeltest.Make(t, channeltest.Seed(2))
	p := start(t, t.TempDir())
	p.run(importing(first, drive))
	made := p.backUp()
	p.run(importing(second, other))
	p.stop()
	gone := first.Files()[0].LocalFile
	if err := os.Remove(gone.In(p.content())); err != nil {
		t.Fatal(err)
	}

	restored, err := backend.Restore(t.Context(), p.folder, made.Name)
	if err != nil || restored.LostJobs != 1 {
		t.Fatalf("restored %+v, %v", restored, err)
	}
	again := start(t, p.folder)
	channels, err := again.Services.Library.Channels(t.Context(), again.person)
	if err != nil || len(channels) != 2 {
		t.Fatalf("the library has %d channels, %v; want both that lie in the folder", len(channels), err)
	}
	job := again.run(importing(first, drive))
	if got := filesCopied(t, job); got != 1 {
		t.Errorf("%d files of the first channel were copied, want the one that is gone", got)
	}
	job = again.run(importing(second, other))
	if got := filesCopied(t, job); got != 0 {
		t.Errorf("%d files of the second channel were copied, though all are here", got)
	}
	channels, err = again.Services.Library.Channels(t.Context(), again.person)
	for _, c := range channels {
		if c.AvailableResources != c.Resources {
			t.Errorf("%s has %d of %d resources, %v", c.Name, c.AvailableResources, c.Resources, err)
		}
	}
}

func TestWhatWaitedInABackupIsHeldUntilSomebodyDecides(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	if _, err := p.Services.Jobs.PauseQueue(t.Context(), p.person, "content"); err != nil {
		t.Fatal(err)
	}
	waiting := p.ask(importing(c, drive))
	daily, tomorrow := importing(c, drive), importing(c, drive)
	daily["enqueue_args"] = map[string]any{"cron": "@daily"}
	tomorrow["enqueue_args"] = map[string]any{"enqueue_in": 86400}
	rule, later := p.ask(daily), p.ask(tomorrow)
	maker := p.run(service.Request{"type": "device.backup"}) // which is running in the backup that it makes
	made, err := backend.Backups(p.folder)
	if err != nil || len(made) != 1 {
		t.Fatalf("there are the backups %v, %v", made, err)
	}
	if _, err := p.Services.Jobs.ResumeQueue(t.Context(), p.person, "content"); err != nil {
		t.Fatal(err)
	}
	p.ends(waiting) // it is done after the backup was made
	p.stop()

	restored, err := backend.Restore(t.Context(), p.folder, made[0].Name)
	if err != nil || restored.Contents.Held != 1 {
		t.Fatalf("restored %+v, %v", restored, err)
	}
	again := start(t, p.folder)
	if _, err := again.Services.Jobs.ResumeQueue(t.Context(), again.person, "content"); err != nil {
		t.Fatal(err)
	}
	states := map[task.ID]task.State{waiting: task.Paused, rule: task.Scheduled, later: task.Scheduled, maker.ID: task.Completed}
	for id, want := range states {
		if job := again.until(id, func(job service.Detail) bool { return !job.State.Active() }); job.State != want {
			t.Errorf("job %s of %s is %v, want %v", id, job.Task, job.State, want)
		}
	}
	found, err := again.Services.Jobs.Show(t.Context(), again.person, waiting)
	if err != nil {
		t.Fatal(err)
	}
	want := "It was waiting when the backup was made, and may have been done since. Resume it or cancel it."
	if told := again.Maker.Detail(found[0]); told.StatusText != want {
		t.Errorf("it says %q", told.StatusText)
	}
	home, err := again.Services.Home.Now(t.Context(), again.person)
	if err != nil || len(home.Wanted) != 1 || home.Wanted[0].Code != task.NeedDecision || home.Wanted[0].Jobs != 1 {
		t.Errorf("home tells of %+v, %v", home.Wanted, err)
	}
	if _, err := again.Services.Jobs.Resume(t.Context(), again.person, []task.ID{waiting}); err != nil {
		t.Fatal(err)
	}
	again.ends(waiting)
	if home, err := again.Services.Home.Now(t.Context(), again.person); err != nil || len(home.Wanted) != 0 {
		t.Errorf("then home tells of %+v, %v", home.Wanted, err)
	}
}

func filesCopied(t *testing.T, job service.Detail) int {
	t.Helper()
	var result struct {
		Copied int `json:"files_copied"`
	}
	if err := json.Unmarshal(job.Result, &result); err != nil || job.State != task.Completed {
		t.Fatalf("the job ends %v: %v, %v", job.State, job.Failure, err)
	}
	return result.Copied
}

func TestNothingIsRestoredIntoAFolderInUse(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	made := p.backUp()
	if _, err := backend.Restore(t.Context(), p.folder, made.Name); fault.CodeOf(err) != fault.InUse {
		t.Errorf("restoring says %v", err)
	}
}

func TestADatabaseThatWasClosedIsNotMarked(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	mark := datadir.Peek(p.folder).OpenMark()
	if _, err := os.Stat(mark); err != nil {
		t.Errorf("an open database has no mark: %v", err)
	}
	p.stop()
	if _, err := os.Stat(mark); err == nil {
		t.Error("the mark of a closed database stays")
	}
}

func TestAMigrationIsPrecededByABackup(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, err := os.ReadFile(filepath.Join("store", "migrations", "0001_first.sql"))
	if err != nil {
		t.Fatal(err)
	}
	older, err := sqlitedb.Open(t.Context(), datadir.Peek(folder).Database(), sqlitedb.Options{ApplicationID: 0x4e637452, Migrations: []string{string(first)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	p := start(t, folder)
	backups, err := backend.Backups(folder)
	if err != nil || len(backups) != 1 || backups[0].Version != 1 {
		t.Fatalf("backups are %+v, %v", backups, err)
	}
	p.stop()
	start(t, folder).stop()
	if backups, err := backend.Backups(folder); len(backups) != 1 || err != nil {
		t.Errorf("a start without a migration made a backup: %v, %v", backups, err)
	}
	if _, err := backend.Restore(t.Context(), folder, backups[0].Name); err != nil {
		t.Errorf("an older backup does not come back: %v", err)
	}
	start(t, folder)
}
