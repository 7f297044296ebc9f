package backend_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"nectar/backend"
	"nectar/backend/channel/channeltest"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// startOn opens a data folder on a machine with sticks.
func startOn(t *testing.T, folder string, sticks *drivetest.Sticks) *program {
	t.Helper()
	return startWith(t, backend.Config{Folder: folder, Drives: sticks})
}

// stick writes the channel to a folder that is plugged in as a drive.
func stick(t *testing.T, sticks *drivetest.Sticks, c *channeltest.Channel) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "stick")
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	sticks.Plug("1234", "SANDISK", path)
	return path
}

// until answers the job once it is as wanted.
func (p *program) until(id task.ID, wanted func(service.Detail) bool) service.Detail {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		found, err := p.Services.Jobs.Show(p.t.Context(), p.person, id)
		if err != nil {
			p.t.Fatalf("show %s: %v", id, err)
		}
		if wanted(found[0]) {
			return found[0]
		}
		select {
		case <-p.news.News():
			p.news.Take()
		case <-deadline:
			p.t.Fatalf("job %s is still %v and waits for %+v: %+v", id, found[0].State, found[0].Waiting, found[0].Failure)
		}
	}
}

func waits(job service.Detail) bool { return job.State == task.Queued && job.Waiting != nil }

func TestAnImportWaitsForItsDriveAlsoAcrossAStart(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(800, 1, 24<<20))
	var sticks drivetest.Sticks
	path := stick(t, &sticks, c)
	folder := t.TempDir()
	p := startOn(t, folder, &sticks)
	id, err := p.enqueue(importing(c, path))
	if err != nil {
		t.Fatal(err)
	}
	p.until(id, func(job service.Detail) bool { return job.Progress > 0 || job.State.Resting() })
	aside, err := sticks.Pull("1234")
	if err != nil {
		t.Fatal(err)
	}
	job := p.until(id, func(job service.Detail) bool { return waits(job) || job.State.Resting() })
	if job.State.Resting() {
		t.Skipf("this machine copies faster than a drive can be pulled out: the job ends %v", job.State)
	}
	if text := p.Maker.Job(job.Live); text.Waiting == nil || text.Waiting.Code != "drive" || text.Waiting.Item != "SANDISK" || text.StatusText != "Waits for the drive SANDISK" {
		t.Errorf("it waits for %+v and says %q", text.Waiting, text.StatusText)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	p = startOn(t, folder, &sticks)
	if job := p.until(id, waits); job.Waiting.Item != "SANDISK" {
		t.Errorf("after a start it waits for %+v", job.Waiting)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(aside, elsewhere); err != nil {
		t.Fatal(err)
	}
	sticks.Plug("1234", "SANDISK", elsewhere)
	job = p.await(id)
	var outcomes []task.Outcome
	for _, attempt := range job.History {
		outcomes = append(outcomes, attempt.Outcome)
	}
	if job.State != task.Completed || !slices.Equal(outcomes, []task.Outcome{task.OutcomeWaiting, task.OutcomeCompleted}) {
		t.Errorf("it ends %v after attempts that ended %v: %+v", job.State, outcomes, job.Failure)
	}
	p.checkWhole(c, elsewhere)
	if n := sticks.Watched(); n != 0 {
		t.Errorf("%d watch the drives although nothing waits", n)
	}
}

func TestADriveThatSomebodyLookedAtIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	var sticks drivetest.Sticks
	path := stick(t, &sticks, c)
	p := startOn(t, t.TempDir(), &sticks)
	if _, _, err := p.Services.Sources.Channels(t.Context(), p.person, path); err != nil {
		t.Fatal(err)
	}
	aside, err := sticks.Pull("1234")
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.enqueue(importing(c, path))
	if err != nil {
		t.Fatal(err)
	}
	p.until(id, waits)
	if code := p.refusal(importing(c, filepath.Join(t.TempDir(), "never"))); code != fault.SourceMissing {
		t.Errorf("a drive that nobody has seen: %q", code)
	}
	if err := os.Rename(aside, path); err != nil {
		t.Fatal(err)
	}
	sticks.Plug("1234", "SANDISK", path)
	if job := p.await(id); job.State != task.Completed {
		t.Errorf("it ends %v: %+v", job.State, job.Failure)
	}
	p.checkWhole(c, path)
}
