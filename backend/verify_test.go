package backend_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/plugins/content"
	"nectar/backend/service"
	"nectar/backend/task"
)

func verifying(channels ...*channeltest.Channel) service.Request {
	request := service.Request{"type": "content.verify"}
	var ids []any
	for _, c := range channels {
		ids = append(ids, string(c.ID))
	}
	if ids != nil {
		request["channel_ids"] = ids
	}
	return request
}

func verified(t *testing.T, job service.Detail) content.VerifyResult {
	t.Helper()
	var result content.VerifyResult
	if err := json.Unmarshal(job.Result, &result); err != nil {
		t.Fatalf("the job ends %v with %s: %v, %v", job.State, job.Result, err, job.Failure)
	}
	return result
}

// spoil changes a byte of a stored file, which keeps its length and its time.
func (p *program) spoil(f channel.LocalFile) {
	p.t.Helper()
	path := f.In(p.content())
	info, err := os.Stat(path)
	if err != nil {
		p.t.Fatal(err)
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	bytes[len(bytes)/2] ^= 1
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		p.t.Fatal(err)
	}
}

func TestACheckFindsWhatIsDamagedAndMissingAndRepairsIt(t *testing.T) {
	t.Parallel()
	c, other := channeltest.New(), channeltest.New(channeltest.Seed(9))
	drive := t.TempDir()
	if err := c.Write(drive); err != nil {
		t.Fatal(err)
	}
	p := start(t, t.TempDir())
	p.bring(c)
	p.bring(other)
	resources, _ := c.Totals()
	_, ours := c.Wanted(c.Root)
	_, theirs := other.Wanted(other.Root)
	all := len(ours) + len(theirs)
	for checksum := range ours {
		if _, both := theirs[checksum]; both {
			all--
		}
	}

	sound := p.run(verifying())
	if got := verified(t, sound); got != (content.VerifyResult{FilesChecked: all}) || sound.Job.Problems != 0 || sound.Progress != sound.Total || sound.Total == 0 {
		t.Errorf("of %d sound files it says %+v, with %d problems at %d of %d", all, got, sound.Job.Problems, sound.Progress, sound.Total)
	}

	audio, document := c.Node(channeltest.Audio).Files[0].LocalFile, c.Node(channeltest.Document).Files[0].LocalFile
	p.spoil(audio)
	if err := os.Remove(document.In(p.content())); err != nil {
		t.Fatal(err)
	}
	found := p.run(verifying(c))
	want := []string{"stored_damaged " + audio.Name(), "stored_missing " + document.Name()}
	if got := verified(t, found); got.FilesDamaged != 1 || got.FilesMissing != 1 || got.FilesRepaired != 0 || got.FilesChecked != len(ours) {
		t.Errorf("of %d files it says %+v", len(ours), got)
	}
	if found.State != task.Completed || !slices.Equal(problemItems(found), want) || found.Problems[0].Params["title"] == "" {
		t.Errorf("the job ends %v with %v, want %v", found.State, problemItems(found), want)
	}
	if here := p.checkTrue(c); here != resources-2 {
		t.Errorf("%d of %d resources are said to be here", here, resources)
	}

	request := verifying()
	request["repair_from"] = drive
	repaired := p.run(request)
	if got := verified(t, repaired); got != (content.VerifyResult{FilesChecked: all, FilesDamaged: 1, FilesMissing: 1, FilesRepaired: 2}) {
		t.Errorf("it says %+v", got)
	}
	if repaired.State != task.Completed || repaired.Job.Problems != 0 || repaired.Progress != repaired.Total {
		t.Errorf("it ends %v with %v at %d of %d: %v", repaired.State, problemItems(repaired), repaired.Progress, repaired.Total, repaired.Failure)
	}
	if here := p.checkTrue(c); here != resources {
		t.Errorf("%d of %d resources are here", here, resources)
	}
}

func TestWhatCannotBeRepairedIsNamed(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	p.bring(c)
	audio, document := c.Node(channeltest.Audio).Files[0].LocalFile, c.Node(channeltest.Document).Files[0].LocalFile
	p.spoil(audio)
	p.spoil(document)
	channeltest.Break(t, c, drive, channeltest.RemoveFile(audio))
	request := verifying(c)
	request["repair_from"] = drive
	job := p.run(request)
	if got := verified(t, job); got.FilesDamaged != 2 || got.FilesRepaired != 1 || !slices.Equal(problemItems(job), []string{"stored_damaged " + audio.Name()}) {
		t.Errorf("it says %+v, with %v", got, problemItems(job))
	}
	// The drive has it now, and only what was bad is looked at again.
	if err := c.Write(drive); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Services.Jobs.Do(t.Context(), p.person, task.RetryProblems, []task.ID{job.ID}); err != nil {
		t.Fatal(err)
	}
	again := p.await(job.ID)
	if got := verified(t, again); got != (content.VerifyResult{FilesChecked: 1, FilesDamaged: 1, FilesRepaired: 1}) || again.Job.Problems != 0 {
		t.Errorf("it says %+v, with %v", got, problemItems(again))
	}
}

func TestWhatWasCopiedByHandCountsOnceItIsChecked(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	p := start(t, t.TempDir())
	if err := c.WriteContent(p.content()); err != nil {
		t.Fatal(err)
	}
	channels, err := p.Services.Library.Channels(t.Context(), p.person)
	if err != nil || len(channels) != 1 || channels[0].AvailableResources != 0 {
		t.Errorf("before it is checked the library says %+v, %v", channels, err)
	}
	bad := c.Node(channeltest.Audio).Files[0].LocalFile
	p.spoil(bad)
	job := p.run(verifying(c))
	if got := verified(t, job); got.FilesChecked != len(c.Files()) || got.FilesDamaged != 1 || !slices.Equal(problemItems(job), []string{"stored_damaged " + bad.Name()}) {
		t.Errorf("of %d files it says %+v, with %v", len(c.Files()), got, problemItems(job))
	}
	here, resources := p.checkTrue(c), 0
	for _, n := range c.Nodes() {
		if n.Kind != channel.Topic {
			resources++
		}
	}
	if here != resources-1 {
		t.Errorf("%d of %d resources are here", here, resources)
	}
}

func TestAKilledCheckDoesNotBeginAnew(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(4000, 1, 2<<20))
	files := c.Files()
	slices.SortFunc(files, func(a, b channeltest.File) int { return strings.Compare(a.Name(), b.Name()) })
	early := files[10].LocalFile // in the part that is done when it dies
	if strings.HasSuffix(early.Name(), ".zim") {
		early = files[11].LocalFile
	}
	var folder string
	var begun *program
	killHalfway(t, "TestVerifyAndDie", func() []string {
		folder = t.TempDir()
		begun = start(t, folder)
		begun.bring(c)
		begun.spoil(early)
		begun.stop()
		return []string{folder}
	}, func() bool { return true })
	// One of those that were read is spoilt now: only a check that begins anew
	// finds it.
	begun.spoil(files[20].LocalFile)
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.verify"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	job := p.await(jobs[0].ID)
	_, wanted := c.Wanted(c.Root)
	if got := verified(t, job); got != (content.VerifyResult{FilesChecked: len(wanted), FilesDamaged: 1}) {
		t.Errorf("over both attempts it says %+v of %d files", got, len(wanted))
	}
	if !slices.Equal(problemItems(job), []string{"stored_damaged " + early.Name()}) || len(job.History) != 2 || job.Progress != job.Total {
		t.Errorf("it ends %v after %d attempts with %v, at %d of %d", job.State, len(job.History), problemItems(job), job.Progress, job.Total)
	}
}

// TestVerifyAndDie is the child of TestAKilledCheckDoesNotBeginAnew. It passes
// when it came too late.
func TestVerifyAndDie(t *testing.T) {
	p := start(t, dying(t)[0])
	id, err := p.enqueue(verifying())
	if err != nil {
		t.Fatal(err)
	}
	for {
		found, err := p.Services.Jobs.Show(t.Context(), p.person, id)
		if err != nil {
			t.Fatal(err)
		}
		if found[0].State.Resting() {
			return
		}
		if len(found[0].Checkpoint) > 0 {
			break
		}
		select {
		case <-p.news.News():
			p.news.Take()
		case <-t.Context().Done():
		}
	}
	die(t)
}

func TestChannelsAreCheckedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t, channeltest.Name("Blockly Games"))
	type answer struct {
		Status string               `json:"status"`
		Result content.VerifyResult `json:"result"`
		Title  string               `json:"status_title"`
		Text   string               `json:"status_text"`
	}
	if none := answers[answer](l.call("verify", "--json"), 0); none.Status != "COMPLETED" || none.Result != (content.VerifyResult{}) {
		t.Errorf("of no channel: %+v", none)
	}
	answers[told](l.call("import", "Blockly Games", "--from", drive, "--json"), 0)
	refuses(l.call("verify", "Nobody", "--json"), 2, fault.ChannelNotHere)
	refuses(l.call("verify", "--repair-from", filepath.Join(drive, "none"), "--json"), 2, fault.SourceMissing)
	if err := os.Remove(c.Node(channeltest.Audio).Files[0].In(filepath.Join(l.folder, "content"))); err != nil {
		t.Fatal(err)
	}
	if left := answers[answer](l.call("verify", "Blockly Games", "--json"), 3); left.Result.FilesMissing != 1 || left.Text != "1 file is damaged or missing" {
		t.Errorf("with damage left: %+v", left)
	}
	if mended := answers[answer](l.call("verify", "--repair-from", drive, "--json"), 0); mended.Result.FilesRepaired != 1 || mended.Title != "Checked all channels" {
		t.Errorf("repaired: %+v", mended)
	}
	if again := answers[answer](l.call("verify", "Blockly Games", "--json"), 0); again.Result.FilesMissing != 0 {
		t.Errorf("again: %+v", again)
	}
}
