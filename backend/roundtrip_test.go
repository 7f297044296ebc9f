package backend_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/samber/lo"

	"nectar/backend/channel/channeltest"
	"nectar/backend/service"
	"nectar/backend/task"
)

func exporting(c *channeltest.Channel, to string) service.Request {
	return service.Request{"type": "content.export", "channel_id": string(c.ID), "path": to}
}

// TestAChannelGoesRoundFromLaptopToLaptop imports from a folder, exports to
// another, and imports that into a second data folder.
func TestAChannelGoesRoundFromLaptopToLaptop(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	first, second := start(t, t.TempDir()), start(t, t.TempDir())
	stick := filepath.Join(t.TempDir(), "stick")
	for _, step := range []struct {
		program *program
		request service.Request
	}{
		{first, importing(c, drive)},
		{first, exporting(c, stick)}, // made for it
		{second, importing(c, stick)},
	} {
		if job := step.program.run(step.request); job.State != task.Completed || job.Job.Problems != 0 {
			t.Fatalf("%v ends %v with %v: %v", step.request, job.State, problemItems(job), job.Failure)
		}
	}
	first.checkWhole(c, drive)
	second.checkWhole(c, drive)
	if diff := cmp.Diff(filesIn(t, first.content()), filesIn(t, second.content())); diff != "" {
		t.Errorf("the laptops differ:\n%s", diff)
	}
	there := filesIn(t, channeltest.ContentIn(stick))
	delete(there, "manifest.json")
	if diff := cmp.Diff(filesIn(t, first.content()), there); diff != "" {
		t.Errorf("the drive differs from the laptop:\n%s", diff)
	}
	// Beside them lie the manifest and the file that a double click opens.
	if got := filesIn(t, stick); len(got) != len(there)+2 {
		t.Errorf("there is more on the drive: %d files", len(got))
	}
}

func TestAKilledExportGoesOnAtTheNextStart(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t, channeltest.Load(2600, 1, 20<<20))
	var folder, stick string
	killHalfway(t, "TestExportAndDie", func() []string {
		folder, stick = t.TempDir(), t.TempDir()
		if job := runAndClose(t, folder, importing(c, drive)); job.State != task.Completed {
			t.Fatalf("the import ends %v: %v", job.State, job.Failure)
		}
		return []string{folder, string(c.ID), stick}
	}, func() bool {
		return realFiles(t, channeltest.ContentIn(stick)) < realFiles(t, filepath.Join(folder, "content"))
	})
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.export"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	job := p.await(jobs[0].ID)
	if job.State != task.Completed || len(job.History) != 2 || job.Job.Problems != 0 {
		t.Errorf("the job ends %v after %d attempts: %v", job.State, len(job.History), job.Failure)
	}
	var result struct {
		Copied  int `json:"files_copied"`
		Present int `json:"files_present"`
	}
	if err := json.Unmarshal(job.Result, &result); err != nil || result.Present == 0 || result.Copied == 0 {
		t.Errorf("the second attempt says %s, %v; it copies the rest and only that", job.Result, err)
	}
	there := filesIn(t, channeltest.ContentIn(stick))
	delete(there, "manifest.json")
	if diff := cmp.Diff(filesIn(t, p.content()), there); diff != "" {
		t.Errorf("the drive differs from the laptop:\n%s", diff)
	}
}

// runAndClose runs a job on a data folder and leaves that to another program.
func runAndClose(t *testing.T, folder string, request service.Request) service.Detail {
	t.Helper()
	p := start(t, folder)
	job := p.run(request)
	if err := p.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return job
}

// TestExportAndDie is the child of TestAKilledExportGoesOnAtTheNextStart. It
// dies while its export is half done, and passes when it came too late.
func TestExportAndDie(t *testing.T) {
	words := dying(t)
	p := start(t, words[0])
	id, err := p.enqueue(service.Request{"type": "content.export", "channel_id": words[1], "path": words[2]})
	if err != nil {
		t.Fatal(err)
	}
	untilSomeAreReal(t, channeltest.ContentIn(words[2]))
	found, err := p.Services.Jobs.Show(t.Context(), p.person, id)
	if err != nil {
		t.Fatal(err)
	}
	if found[0].State != task.Running {
		return // too late
	}
	die(t)
}

func TestAKilledUpdateLosesNothingAndGoesOnAtTheNextStart(t *testing.T) {
	t.Parallel()
	old, drive := channeltest.Make(t, channeltest.FileSize(20<<20))
	next, newer := channeltest.Next(channeltest.FileSize(20<<20)), t.TempDir()
	video := channeltest.New(channeltest.Seed(77), channeltest.FileSize(20<<20)).Node(channeltest.Video)
	next.Node(channeltest.Video).Files = append(video.Files[:2:2], next.Node(channeltest.Video).Files[:1]...)
	if err := next.Write(newer); err != nil {
		t.Fatal(err)
	}
	var folder string
	var before map[string]string
	killHalfway(t, "TestUpdateAndDie", func() []string {
		folder = t.TempDir()
		if job := runAndClose(t, folder, importing(old, drive)); job.State != task.Completed {
			t.Fatalf("the import ends %v: %v", job.State, job.Failure)
		}
		before = filesIn(t, filepath.Join(folder, "content"))
		return []string{folder, string(next.ID), newer}
	}, func() bool {
		have := filesIn(t, filepath.Join(folder, "content"))
		return !lo.EveryBy(next.Node(channeltest.Video).Files, func(f channeltest.File) bool { return hasBase(have, f.Name()) })
	})
	after := filesIn(t, filepath.Join(folder, "content"))
	for name, bytes := range before {
		if after[name] != bytes {
			t.Errorf("after the kill %s is gone or another", name)
		}
	}
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.update"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	if job := p.await(jobs[0].ID); job.State != task.Completed || job.Job.Problems != 0 {
		t.Errorf("the update ends %v with %v: %v", job.State, problemItems(job), job.Failure)
	}
	have := filesIn(t, p.content())
	for _, f := range next.Node(channeltest.Video).Files {
		if !hasBase(have, f.Name()) {
			t.Errorf("%s is not here", f.Name())
		}
	}
	channels, err := p.Services.Library.Channels(t.Context(), p.person)
	if err != nil || len(channels) != 1 || channels[0].Version != next.Version {
		t.Errorf("the library says %+v, %v", channels, err)
	}
	for name := range have {
		if strings.Contains(name, "transfer") {
			t.Errorf("%s was left", name)
		}
	}
}

// TestUpdateAndDie is the child of the test before. It dies while the new files
// come, and passes when it came too late.
func TestUpdateAndDie(t *testing.T) {
	words := dying(t)
	p := start(t, words[0])
	id, err := p.enqueue(service.Request{"type": "content.update", "channel_id": words[1], "source": words[2]})
	if err != nil {
		t.Fatal(err)
	}
	for {
		found, err := p.Services.Jobs.Show(t.Context(), p.person, id)
		if err != nil {
			t.Fatal(err)
		}
		switch job := found[0]; {
		case job.State.Resting():
			return // too late
		case job.State == task.Running && job.Total > 0 && job.Progress < job.Total:
			die(t)
		}
		runtime.Gosched()
	}
}
