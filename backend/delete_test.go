package backend_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/service"
	"nectar/backend/task"
)

func deleting(c *channeltest.Channel) service.Request {
	return service.Request{"type": "content.delete", "channel_id": string(c.ID)}
}

func deleted(t *testing.T, job service.Detail) content.DeleteResult {
	t.Helper()
	var result content.DeleteResult
	if err := json.Unmarshal(job.Result, &result); err != nil {
		t.Fatalf("the job ends %v with %s: %v, %v", job.State, job.Result, err, job.Failure)
	}
	return result
}

// bring imports the channel from a drive of its own.
func (p *program) bring(c *channeltest.Channel) {
	p.t.Helper()
	drive := p.t.TempDir()
	if err := c.Write(drive); err != nil {
		p.t.Fatal(err)
	}
	if job := p.run(importing(c, drive)); job.State != task.Completed || job.Job.Problems != 0 {
		p.t.Fatalf("the import ends %v with %v: %v", job.State, problemItems(job), job.Failure)
	}
}

// checkTrue checks that what the library says to be here lies on the disk, and
// answers how many resources of the channel that are.
func (p *program) checkTrue(c *channeltest.Channel) (available int) {
	p.t.Helper()
	root, err := p.Services.Library.Tree(p.t.Context(), p.person, c.ID, "", "", -1)
	if err != nil {
		p.t.Fatal(err)
	}
	byID := map[channel.NodeID]*channeltest.Node{}
	for _, n := range c.Nodes() {
		byID[n.ID] = n
	}
	var walk func(n service.Node)
	walk = func(n service.Node) {
		for _, child := range n.Children {
			walk(child)
		}
		if n.Kind == channel.Topic || n.AvailableResources == 0 {
			return
		}
		for _, f := range byID[n.ID].Files {
			if info, err := os.Stat(f.In(p.content())); err == nil && info.Size() == f.Size && !f.Supplementary {
				return
			}
		}
		p.t.Errorf("%q is said to be here and nothing of it is", n.Title)
	}
	walk(root)
	channels, err := p.Services.Library.Channels(p.t.Context(), p.person)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, listed := range channels {
		if listed.ID == c.ID && listed.AvailableResources != root.AvailableResources {
			p.t.Errorf("the list says that %d resources are here, the tree %d", listed.AvailableResources, root.AvailableResources)
		}
	}
	return root.AvailableResources
}

// lie counts the resources of which a file that shows them lies in the content folder,
// whatever is remembered. Those that no viewer shows are none.
func (p *program) lie(c *channeltest.Channel) (resources int) {
	for _, n := range c.Nodes() {
		if n.Kind == channel.Topic || !slices.ContainsFunc(n.Files, func(f channeltest.File) bool { return f.Preset.Renderable() }) {
			continue
		}
		if slices.ContainsFunc(n.Files, func(f channeltest.File) bool {
			info, err := os.Stat(f.In(p.content()))
			return err == nil && info.Size() == f.Size && !f.Supplementary
		}) {
			resources++
		}
	}
	return resources
}

func TestAChannelIsDeletedAndWhatOthersNeedStays(t *testing.T) {
	t.Parallel()
	first, other := channeltest.New(channeltest.Name("First")), channeltest.New(channeltest.Name("Other"), channeltest.Seed(9))
	other.Node(channeltest.Video).Files = first.Node(channeltest.Video).Files
	p := start(t, t.TempDir())
	p.bring(first)
	p.bring(other)
	stranger := channel.LocalFile{Checksum: channel.Checksum{1}, Extension: "mp4"}.In(p.content())
	if err := os.MkdirAll(filepath.Dir(stranger), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stranger, []byte("of a channel that nobody knows"), 0o600); err != nil {
		t.Fatal(err)
	}
	removal, err := p.Services.Library.Removal(t.Context(), p.person, library.RemovalRequest{Channel: first.ID})
	if err != nil {
		t.Fatal(err)
	}
	before := filesIn(t, p.content())

	job := p.run(deleting(first))
	got := deleted(t, job)
	if job.State != task.Completed || job.Job.Problems != 0 || job.Progress != job.Total || job.Total != removal.Bytes {
		t.Errorf("the job ends %v at %d of %d with %d problems: %v", job.State, job.Progress, job.Total, job.Job.Problems, job.Failure)
	}
	shared := len(first.Node(channeltest.Video).Files)
	if got.FilesRemoved != len(removal.Files) || got.BytesFreed != removal.Bytes || got.FilesShared != shared || removal.SharedFiles != shared {
		t.Errorf("it says %+v; the preview said %d files of %d bytes, and %d shared", got, len(removal.Files), removal.Bytes, removal.SharedFiles)
	}
	after := filesIn(t, p.content())
	if len(after) != len(before)-got.FilesRemoved-1 {
		t.Errorf("%d files were there, %d are left", len(before), len(after))
	}
	if _, err := os.Stat(stranger); err != nil {
		t.Errorf("a file of a channel that nobody knows is gone: %v", err)
	}
	if resources, _ := other.Totals(); p.checkTrue(other) != resources {
		t.Error("the other channel is not whole any more")
	}
	channels, err := p.Services.Library.Channels(t.Context(), p.person)
	if err != nil || len(channels) != 1 || channels[0].ID != other.ID {
		t.Errorf("the library has %+v, %v", channels, err)
	}
	if code := p.refusal(deleting(first)); code != fault.ChannelNotHere {
		t.Errorf("deleting it again says %q", code)
	}
}

func TestAPartOfAChannelIsDeletedAndComesBack(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	p := start(t, t.TempDir())
	p.bring(c)
	resources, _ := c.Totals()
	request := deleting(c)
	request["node_ids"] = []any{string(c.Node(channeltest.Videos).ID)}
	job := p.run(request)
	if got := deleted(t, job); job.State != task.Completed || got.FilesRemoved == 0 || got.BytesFreed == 0 {
		t.Errorf("the job ends %v with %+v: %v", job.State, got, job.Failure)
	}
	if left := p.checkTrue(c); left != resources-2 {
		t.Errorf("%d of %d resources are left", left, resources)
	}
	p.bring(c)
	if again := p.checkTrue(c); again != resources {
		t.Errorf("imported again %d of %d resources are here", again, resources)
	}
}

func TestADeletionThatIsCancelledLeavesTheTruth(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(3000, 1, 3<<20))
	p := start(t, t.TempDir())
	p.bring(c)
	whole := realFiles(t, p.content())
	id, err := p.enqueue(deleting(c))
	if err != nil {
		t.Fatal(err)
	}
	for realFiles(t, p.content()) > whole-150 {
		runtime.Gosched()
	}
	if _, err := p.Services.Jobs.Cancel(t.Context(), p.person, []task.ID{id}, false); err != nil && fault.CodeOf(err) != fault.IllegalMove {
		t.Fatal(err)
	}
	job := p.await(id)
	if job.State == task.Completed {
		t.Skip("this machine was too quick to stop it")
	}
	left := realFiles(t, p.content())
	available := p.checkTrue(c)
	if available == 0 || left == 0 {
		t.Errorf("%d files are left, %d resources are here", left, available)
	}
	if lie := p.lie(c); available != lie {
		t.Errorf("%d resources are said to be here, and of %d a file lies here that shows them", available, lie)
	}
	if _, err := p.Services.Jobs.Restart(t.Context(), p.person, []task.ID{id}); err != nil {
		t.Fatal(err)
	}
	job = p.await(id)
	if got := deleted(t, job); job.State != task.Completed || got.FilesRemoved != whole || job.Progress != job.Total {
		t.Errorf("it ends %v with %+v at %d of %d: %v", job.State, got, job.Progress, job.Total, job.Failure)
	}
	if files := filesIn(t, p.content()); len(files) != 0 {
		t.Errorf("%d files are left", len(files))
	}
}

func TestAKilledDeletionLeavesTheTruthAndGoesOn(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(3000, 1, 3<<20))
	other := channeltest.New(channeltest.Seed(9))
	other.Node(channeltest.Video).Files = c.Node(channeltest.Video).Files
	var folder string
	killHalfway(t, "TestDeleteAndDie", func() []string {
		folder = t.TempDir()
		begun := start(t, folder)
		begun.bring(c)
		begun.bring(other)
		begun.stop()
		return []string{folder, string(c.ID)}
	}, func() bool {
		_, stays := other.Wanted(other.Root)
		return realFiles(t, filepath.Join(folder, "content")) > len(stays)
	})
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.delete"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	job := p.await(jobs[0].ID)
	if job.State != task.Completed {
		t.Errorf("the job ends %v: %v", job.State, job.Failure)
	}
	if got := deleted(t, job); got.FilesRemoved != len(c.Files())-len(c.Node(channeltest.Video).Files)-zimAndEmpty(c) {
		t.Errorf("over both attempts it says %+v of %d files", got, len(c.Files()))
	}
	resources, _ := other.Totals()
	if p.checkTrue(other) != resources {
		t.Error("the other channel is not whole any more")
	}
	if _, wanted := other.Wanted(other.Root); realFiles(t, p.content()) != len(wanted) {
		t.Errorf("%d files are left, want %d", realFiles(t, p.content()), len(wanted))
	}
}

// TestADeletionThatWasKilledAndThenCancelledCountsWhatIsGone holds what is known of a
// deletion whose process died and that somebody cancels before it goes on.
func TestADeletionThatWasKilledAndThenCancelledCountsWhatIsGone(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(3000, 1, 3<<20))
	var whole, all int64 // files and their bytes before
	killed := func(t *testing.T) *program {
		t.Helper()
		l := newLaptop(t)
		killHalfway(t, "TestDeleteAndDie", func() []string {
			l.folder = t.TempDir()
			begun := start(t, l.folder)
			begun.bring(c)
			begun.stop()
			whole, all = lying(t, begun.content())
			return []string{l.folder, string(c.ID)}
		}, func() bool { return realFiles(t, filepath.Join(l.folder, "content")) > 0 })
		stopped := answers[[]told](l.call("jobs", "cancel", "--all", "--task", "content.delete", "--json"), 0)
		p := start(t, l.folder)
		if job := p.await(p.jobOf("content.delete")); job.State != task.Canceled || len(stopped) != 1 {
			t.Fatalf("of %d jobs it is %v", len(stopped), job.State)
		}
		return p
	}

	t.Run("all but a step of what lies there is said to be here, and a check finds the rest", func(t *testing.T) {
		p := killed(t)
		files, bytes := lying(t, p.content())
		here, lie := p.checkTrue(c), p.lie(c)
		if here > lie || here < lie-deleteStep {
			t.Errorf("%d resources are said to be here, and files of %d lie here", here, lie)
		}
		p.run(service.Request{"type": "content.verify"})
		if here = p.checkTrue(c); here != lie {
			t.Errorf("after a check %d resources are said to be here of %d", here, lie)
		}
		if got := deleted(t, p.run(deleting(c))); int64(got.FilesRemoved) != files || got.BytesFreed != bytes {
			t.Errorf("of %d files of %d bytes another deletion says %+v", files, bytes, got)
		}
	})

	t.Run("another deletion frees all that lies there", func(t *testing.T) {
		p := killed(t)
		files, bytes := lying(t, p.content())
		if got := deleted(t, p.run(deleting(c))); int64(got.FilesRemoved) != files || got.BytesFreed != bytes {
			t.Errorf("of %d files of %d bytes it says %+v", files, bytes, got)
		}
		if left, _ := lying(t, p.content()); left != 0 {
			t.Errorf("%d files are left", left)
		}
	})

	t.Run("begun once more it says what is gone of all, and not what another channel needs since", func(t *testing.T) {
		p := killed(t)
		other := channeltest.New(channeltest.Seed(9))
		for _, n := range c.Nodes() {
			if n.Kind != channel.Topic && len(other.Node(channeltest.Video).Files) < 400 {
				other.Node(channeltest.Video).Files = append(other.Node(channeltest.Video).Files, n.Files...)
			}
		}
		p.bring(other)
		id := p.jobOf("content.delete")
		if _, err := p.Services.Jobs.Restart(t.Context(), p.person, []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		got := deleted(t, p.await(id))
		var left, leftBytes int64
		for _, f := range c.Files() {
			if info, err := os.Stat(f.In(p.content())); err == nil {
				left, leftBytes = left+1, leftBytes+info.Size()
			}
		}
		if left == 0 || int64(got.FilesRemoved) != whole-left || got.BytesFreed != all-leftBytes || int64(got.FilesShared) != left {
			t.Errorf("it says %+v; of %d files of %d bytes %d of %d are left", got, whole, all, left, leftBytes)
		}
	})
}

// deleteStep is how many files a deletion forgets before it removes them.
const deleteStep = 100

// jobOf answers the one job of a task.
func (p *program) jobOf(name string) task.ID {
	p.t.Helper()
	jobs, _, err := p.Services.Jobs.List(p.t.Context(), p.person, task.Filter{Task: name}, task.Page{Limit: 2})
	if err != nil || len(jobs) != 1 {
		p.t.Fatalf("there are %d jobs of %s, %v", len(jobs), name, err)
	}
	return jobs[0].ID
}

// lying answers the files of the storage under their own names, and their bytes.
func lying(t *testing.T, content string) (files, bytes int64) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(content, "storage", "?", "?", strings.Repeat("?", 32)+".*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if !atomicfile.IsTemp(path) {
			files, bytes = files+1, bytes+info.Size()
		}
	}
	return files, bytes
}

// zimAndEmpty counts the files that a plain import does not bring.
func zimAndEmpty(c *channeltest.Channel) int {
	_, wanted := c.Wanted(c.Root)
	return len(c.Files()) - len(wanted)
}

// TestDeleteAndDie is the child of TestAKilledDeletionLeavesTheTruthAndGoesOn.
func TestDeleteAndDie(t *testing.T) {
	words := dying(t)
	p := start(t, words[0])
	whole := realFiles(t, p.content())
	if _, err := p.enqueue(service.Request{"type": "content.delete", "channel_id": words[1]}); err != nil {
		t.Fatal(err)
	}
	for realFiles(t, p.content()) > whole-550 {
		runtime.Gosched()
	}
	die(t)
}

// TestAChannelThatIsNotHereIsSaidByEveryCommand holds that nobody is told where its
// database would lie, whichever command looks for it first.
func TestAChannelThatIsNotHereIsSaidByEveryCommand(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t, channeltest.Name("Blockly Games"))
	answers[told](l.call("import", string(c.ID), "--from", drive, "--json"), 0)
	nobodys := strings.Repeat("a", 32)
	for _, command := range [][]string{
		{"tree"}, {"delete"}, {"verify"}, {"diff", "--from", drive}, {"update", "--from", drive}, {"export", "--to", t.TempDir()}, {"channels", "--order"},
	} {
		p := l.call(append(slices.Clone(command), nobodys, "--json")...)
		refuses(p, 2, fault.ChannelNotHere)
		if said := p.stderr.String(); strings.Contains(said, ".sqlite3") || strings.Contains(said, "drive") {
			t.Errorf("%s: %s", command[0], said)
		}
	}
}

func TestAChannelIsDeletedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t, channeltest.Name("Blockly Games"))
	answers[told](l.call("import", "Blockly Games", "--from", drive, "--json"), 0)
	refuses(l.call("delete", "Nobody", "--json"), 2, fault.ChannelNotHere)
	refuses(l.call("delete", strings.Repeat("a", 32), "--json"), 2, fault.ChannelNotHere)
	refuses(l.call("delete", "Blockly Games", "--node", "nonsense", "--json"), 2, fault.InvalidRequest)
	if failed := answers[told](l.call("delete", "Blockly Games", "--node", strings.Repeat("a", 32), "--json"), 1); failed.Status != "FAILED" {
		t.Errorf("a resource that is not there: %+v", failed)
	}
	part := answers[struct {
		Status string               `json:"status"`
		Result content.DeleteResult `json:"result"`
		Title  string               `json:"status_title"`
		Text   string               `json:"status_text"`
		Args   content.DeleteArgs   `json:"args"`
	}](l.call("delete", "Blockly Games", "--node", string(c.Node(channeltest.Audio).ID), "--copies-too", "--json"), 0)
	if part.Status != "COMPLETED" || part.Result.FilesRemoved != 2 || !part.Args.ForceDelete || part.Title != "Deleted Blockly Games" {
		t.Errorf("a part: %+v", part)
	}
	if stored := answers[told](l.call("delete", "Blockly Games", "--no-wait", "--json"), 0); stored.Status != "QUEUED" {
		t.Errorf("stored: %+v", stored)
	}
	if all := answers[told](l.call("delete", "Blockly Games", "--json"), 0); all.Status != "COMPLETED" {
		t.Errorf("the whole: %+v", all)
	}
	if left := answers[[]any](l.call("channels", "--json"), 0); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}
