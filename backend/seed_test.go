package backend_test

import (
	"slices"
	"testing"

	"nectar/backend"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
)

// periodic answers the jobs that are due again, by their task.
func (p *program) periodic() map[string]task.Job {
	p.t.Helper()
	jobs, _, err := p.Services.Jobs.List(p.t.Context(), p.person, task.Filter{Repeating: true}, task.Page{Limit: 100})
	if err != nil {
		p.t.Fatal(err)
	}
	found := map[string]task.Job{}
	for _, j := range jobs {
		if _, twice := found[j.Task]; twice {
			p.t.Errorf("%s is there twice", j.Task)
		}
		found[j.Task] = j.Job
	}
	return found
}

func TestThePeriodicJobsAreThereFromTheFirstStartOn(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	found := p.periodic()
	for _, name := range []string{"device.backup", "device.backup_check", "device.retention", "device.vacuum"} {
		j, there := found[name]
		if !there || j.State != task.Scheduled || j.Attempts != 0 || j.StartedBy != "system" || j.Schedule.Cron == "" || !j.Due.After(j.Created) {
			t.Errorf("%s is %+v", name, j)
		}
	}
	gone := found["device.vacuum"]
	if _, err := p.Services.Jobs.Cancel(t.Context(), p.person, []task.ID{gone.ID}, true); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Services.Jobs.Clear(t.Context(), p.person, []task.ID{gone.ID}); err != nil {
		t.Fatal(err)
	}
	p.stop()

	again := start(t, p.folder).periodic()
	if _, back := again["device.vacuum"]; back {
		t.Error("a periodic job that was deleted came back")
	}
	if len(again) != len(found)-1 || again["device.backup"].ID != found["device.backup"].ID {
		t.Errorf("at the second start there are %v", again)
	}
}

func TestOnlyWhoRunsEveryJobBringsThePeriodicOnes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, how := range []backend.Config{{Folder: folder, Focused: true}, {Folder: folder}} {
		b, err := backend.Open(t.Context(), how)
		if err != nil {
			t.Fatal(err)
		}
		if how.Focused {
			if err := b.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b, err := backend.OpenToRead(t.Context(), backend.Config{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close(t.Context()) }()
	person, err := b.Services.People.SignedIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if jobs, _, err := b.Services.Jobs.List(t.Context(), person, task.Filter{}, task.Page{Limit: 10}); len(jobs) != 0 || err != nil {
		t.Errorf("there are %d jobs, %v", len(jobs), err)
	}
}

func TestTheDeviceLooksAfterItself(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	backUp := p.run(service.Request{"type": "device.backup"})
	if backUp.State != task.Completed {
		t.Fatalf("the backup ends %v: %v", backUp.State, backUp.Failure)
	}
	backups, err := backend.Backups(p.folder)
	if err != nil || len(backups) != 1 {
		t.Fatalf("%d backups, %v", len(backups), err)
	}
	for _, request := range []service.Request{
		{"type": "device.backup_check"},
		{"type": "device.backup_check", "name": backups[0].Name},
		{"type": "device.vacuum"},
		{"type": "device.retention"},
	} {
		job := p.run(request)
		if job.State != task.Completed {
			t.Errorf("%v ends %v: %v", request, job.State, job.Failure)
		}
		if text := p.Maker.Job(job.Live).StatusText; text == "" || slices.Contains([]string{"device.vacuum.done", "device.retention.done"}, text) {
			t.Errorf("%v says %q", request, text)
		}
	}
	if code := p.refusal(service.Request{"type": "device.backup_check", "name": "no such"}); code != fault.NotFound {
		t.Errorf("a backup that is not there says %q", code)
	}
}

func TestRetentionFollowsTheSettings(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	for range 5 {
		p.run(service.Request{"type": "device.vacuum"})
	}
	p.stop()
	set(t, p.folder, "retention_jobs", 2)
	p = start(t, p.folder)
	job := p.run(service.Request{"type": "device.retention"})
	if string(job.Result) != `{"jobs_removed":3}` {
		t.Errorf("retention says %s", job.Result)
	}
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{States: []task.State{task.Completed}}, task.Page{Limit: 100})
	if err != nil || len(jobs) != 3 { // two, and the one that removed the others
		t.Errorf("%d jobs at rest, %v", len(jobs), err)
	}
}

// set stores a setting in a folder that nobody uses.
func set(t *testing.T, folder, name string, value any) {
	t.Helper()
	st, err := store.Open(t.Context(), datadir.Peek(folder).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SetSetting(t.Context(), name, value); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}
