package content_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/plugins/content"
	"nectar/backend/task"
)

// sandisk is what a job waits for whose drive was taken out.
var sandisk = task.Need{Code: task.NeedDrive, Item: "SANDISK", Key: "1234"}

func resultOf(t *testing.T, j task.Job) content.ImportResult {
	t.Helper()
	var result content.ImportResult
	if err := json.Unmarshal(j.Result, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// copiedOnce checks that the two attempts of a job copied each file once.
func copiedOnce(t *testing.T, c *channeltest.Channel, j task.Job) {
	t.Helper()
	_, wanted := c.Wanted(c.Root)
	got := resultOf(t, j)
	if got.FilesPresent == 0 || got.FilesCopied == 0 || got.FilesPresent+got.FilesCopied != len(wanted) || got.FilesFailed != 0 {
		t.Errorf("of %d files the second attempt found %d and copied %d; %d failed", len(wanted), got.FilesPresent, got.FilesCopied, got.FilesFailed)
	}
}

func TestADriveThatIsPulledOut(t *testing.T) {
	t.Parallel()

	t.Run("half-way makes the import wait, and go on where it was when the drive is back, wherever it is mounted", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		aside, j := l.pulledHalfway(c, path, 5)
		if j.Outcome != task.OutcomeWaiting || j.Problems != 0 || j.Failure != nil || l.Busy() != 0 {
			t.Errorf("%d workers are busy while it waits as %+v", l.Busy(), j)
		}
		files, temporary := l.stored()
		if len(files) < surely || len(temporary) != 0 {
			t.Errorf("%d files are kept, temporary ones are %v", len(files), temporary)
		}
		l.plug("1234", "SANDISK", aside, filepath.Join(t.TempDir(), "another place"))
		j = l.ends(j.ID, task.Completed)
		if got := l.outcomes(j); !slices.Equal(got, []task.Outcome{task.OutcomeWaiting, task.OutcomeCompleted}) || j.Problems != 0 {
			t.Errorf("the attempts end %v, with %d problems", got, j.Problems)
		}
		copiedOnce(t, c, j)
		l.whole(c)
	})

	t.Run("before a restart makes the import wait before it begins", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		job, err := l.ask(c, path)
		if err != nil {
			t.Fatal(err)
		}
		l.ends(job.ID, task.Completed)
		aside := l.pull("1234")
		if jobs, err := l.Restart(t.Context(), []task.ID{job.ID}); err != nil || len(jobs) != 1 {
			t.Fatal(err)
		}
		if j := l.waits(job.ID, sandisk); j.Attempts != 1 {
			t.Errorf("it has %d attempts: it began without its drive", j.Attempts)
		}
		l.plug("1234", "SANDISK", aside, path)
		l.ends(job.ID, task.Completed)
	})

	t.Run("and another that comes to its place are told apart", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		aside, j := l.pulledHalfway(c, path, 2)
		other := channeltest.New(channeltest.Seed(7))
		if err := other.Write(path); err != nil {
			t.Fatal(err)
		}
		l.sticks.Plug("5678", "OTHER", path)
		l.ends(l.enqueue(other, path), task.Completed)
		l.waits(j.ID, sandisk)
		l.plug("1234", "SANDISK", aside, path+" 1")
		l.ends(j.ID, task.Completed)
	})

	t.Run("before the import was asked for is waited for, if it was seen there before", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New(channeltest.Name("Blockly Games"))
		path := l.stick(c, "1234", "SANDISK")
		beside := channeltest.New(channeltest.Seed(3))
		if err := beside.Write(path); err != nil {
			t.Fatal(err)
		}
		l.ends(l.enqueue(beside, path), task.Completed)
		aside := l.pull("1234")
		id := l.enqueue(c, path)
		j := l.waits(id, sandisk)
		if j.Attempts != 0 || !strings.Contains(string(j.Metadata), "Blockly Games") {
			t.Errorf("it waits as %+v, with %s", j, j.Metadata)
		}
		l.plug("1234", "SANDISK", aside, path)
		l.ends(id, task.Completed)
	})

	t.Run("and was never seen there is refused", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		if _, err := l.ask(c, filepath.Join(t.TempDir(), "never")); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("it says %v", err)
		}
	})

	t.Run("and has lost its channels when it is back fails the import in words", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		aside, j := l.pulledHalfway(c, path, 2)
		if err := os.RemoveAll(filepath.Join(aside, "KOLIBRI_DATA")); err != nil {
			t.Fatal(err)
		}
		l.plug("1234", "SANDISK", aside, path)
		if j := l.ends(j.ID, task.Failed); j.Failure.Code != fault.SourceMissing || j.Failure.Params["path"] != path {
			t.Errorf("it says %+v", j.Failure)
		}
	})

	t.Run("is a folder that was moved: it is waited for by its name", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		c, path := channeltest.Make(t)
		gate := l.shut(2)
		id := l.enqueue(c, path)
		l.reach(gate)
		if err := os.Rename(path, path+" aside"); err != nil {
			t.Fatal(err)
		}
		l.open(gate)
		l.waits(id, task.Need{Code: task.NeedFolder, Item: filepath.Base(path), Key: path})
		if err := os.Rename(path+" aside", path); err != nil {
			t.Fatal(err)
		}
		l.sticks.Plug("5678", "any news of drives", t.TempDir())
		copiedOnce(t, c, l.ends(id, task.Completed))
		l.whole(c)
	})
}

func TestOneDriveServesOneImportAtATime(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first, second, third := channeltest.New(), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	path := l.stick(first, "1234", "SANDISK")
	inside := filepath.Join(path, "year 2")
	if err := second.Write(inside); err != nil {
		t.Fatal(err)
	}
	other := l.stick(third, "5678", "OTHER")
	gate := l.shut(2)
	held := l.enqueue(first, path)
	l.reach(gate)
	behind, err := l.ask(second, inside)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Live(behind).Behind; got != 1 {
		t.Errorf("an import from another folder of the drive comes after %d others", got)
	}
	l.mu.Lock()
	l.gate = nil
	l.mu.Unlock()
	l.ends(l.enqueue(third, other), task.Completed) // another drive, at the same time
	if j, err := l.store.Job(t.Context(), behind.ID); err != nil || j.State != task.Queued {
		t.Errorf("the second import from the drive is %v, %v", j.State, err)
	}
	close(gate.opened)
	l.ends(held, task.Completed)
	l.ends(behind.ID, task.Completed)
}

func TestTwoPartitionsOfADiskAreReadOneAfterTheOther(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first, second, third := channeltest.New(), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	path, partition := l.stick(first, "1234", "SANDISK"), l.stick(second, "5678", "SECOND")
	away := l.stick(third, "9abc", "THIRD")
	l.sticks.Join("1234", "5678", "9abc")
	l.ends(l.enqueue(third, away), task.Completed)
	l.pull("9abc")
	gate := l.shut(2)
	held := l.enqueue(first, path)
	l.reach(gate)
	for name, ask := range map[string]func() (task.Job, error){
		"an import": func() (task.Job, error) { return l.ask(second, partition) },
		"an export": func() (task.Job, error) { return l.askExport(third, partition) },
		"an import from a drive that is not here": func() (task.Job, error) { return l.ask(third, away) },
	} {
		j, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := l.Live(j).Behind; got != 1 {
			t.Errorf("%s of another partition comes after %d others", name, got)
		}
		if _, err := l.Cancel(t.Context(), []task.ID{j.ID}, false); err != nil {
			t.Fatal(err)
		}
	}
	behind, err := l.ask(second, partition)
	if err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	l.gate = nil
	l.mu.Unlock()
	close(gate.opened)
	l.ends(held, task.Completed)
	l.ends(behind.ID, task.Completed)
}

func TestAnImportThatIsStopped(t *testing.T) {
	t.Parallel()

	t.Run("and paused keeps what it has copied, and goes on from there", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		gate := l.shut(5)
		id := l.enqueue(c, l.stick(c, "1234", "SANDISK"))
		l.reach(gate)
		if _, err := l.Pause(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		l.until(id, "pauses", func(j task.Job) bool { return j.State == task.Paused })
		if files, temporary := l.stored(); len(files) < surely || len(temporary) != 0 {
			t.Errorf("%d files are kept, temporary ones are %v", len(files), temporary)
		}
		l.open(gate)
		if _, err := l.Resume(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		copiedOnce(t, c, l.ends(id, task.Completed))
		l.whole(c)
	})

	t.Run("and cancelled keeps what it has copied, says so, and leaves no temporary files", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		gate := l.shut(5)
		id := l.enqueue(c, l.stick(c, "1234", "SANDISK"))
		l.reach(gate)
		if _, err := l.Cancel(t.Context(), []task.ID{id}, false); err != nil {
			t.Fatal(err)
		}
		j := l.ends(id, task.Canceled)
		files, temporary := l.stored()
		if len(files) < surely || len(temporary) != 0 {
			t.Errorf("%d files are kept, temporary ones are %v", len(files), temporary)
		}
		if got := l.imports.Describe(j).Text; got != "content.import.canceled" {
			t.Errorf("it says %q", got)
		}
		here, err := l.library.Channel(t.Context(), c.ID)
		if err != nil || here.AvailableResources == 0 || here.AvailableResources == here.Resources {
			t.Errorf("the library has %d of %d resources, %v", here.AvailableResources, here.Resources, err)
		}
		l.open(gate)
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		copiedOnce(t, c, l.ends(id, task.Completed))
		l.whole(c)
	})
}

func TestAPlaceThatTakesNoMore(t *testing.T) {
	t.Parallel()

	t.Run("is a full disk: the import says how much is missing, keeps what it has, and goes on when there is room", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		id := l.holding(func() task.ID { return l.enqueue(c, path) }, func() { l.free.Store(1000) })
		j := l.ends(id, task.Failed)
		needed, _ := j.Failure.Params["needed"].(float64)
		if j.Failure.Code != fault.DiskFull || needed <= 1000 || j.Failure.Params["free"] != 1000.0 || j.Failure.Params["path"] != l.content {
			t.Errorf("it says %+v", j.Failure)
		}
		l.free.Store(1 << 40)
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Completed)
		l.whole(c)
	})

	t.Run("fills up meanwhile: what was copied is not copied again", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New(channeltest.Load(1500, 1, 3<<20)) // more than one group of files
		path := l.stick(c, "1234", "SANDISK")
		gate := l.shut(1200)
		id := l.holding(func() task.ID { return l.enqueue(c, path) }, func() { l.fills.Store(true) })
		if j := l.ends(id, task.Failed); j.Failure.Code != fault.DiskFull || j.Failure.Params["free"] != 0.0 {
			t.Errorf("it says %+v", j.Failure)
		}
		if files, temporary := l.stored(); len(files) == 0 || len(temporary) != 0 {
			t.Errorf("%d files are kept, temporary ones are %v", len(files), temporary)
		}
		l.free.Store(1 << 40)
		l.open(gate)
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		copiedOnce(t, c, l.ends(id, task.Completed))
		l.whole(c)
	})

	t.Run("cannot be written: the import says where, and goes on when it can", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS != "linux" {
			t.Skip("there is no place here that nobody may write, root included")
		}
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		if err := os.Symlink("/sys/kernel", l.content); err != nil {
			t.Fatal(err)
		}
		id := l.enqueue(c, path)
		if j := l.ends(id, task.Failed); j.Failure.Code != fault.NoWrite || j.Failure.Params["path"] != filepath.Join(l.content, "databases") {
			t.Errorf("it says %+v", j.Failure)
		}
		if err := os.Remove(l.content); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Completed)
		l.whole(c)
	})
}

func TestAnImportAgain(t *testing.T) {
	t.Parallel()

	t.Run("with nothing to do neither fetches the database nor reads the library anew", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		l.ends(l.enqueue(c, path), task.Completed)
		before, err := os.Stat(c.ID.DatabaseIn(l.content))
		if err != nil {
			t.Fatal(err)
		}
		j := l.ends(l.enqueue(c, path), task.Completed)
		after, err := os.Stat(c.ID.DatabaseIn(l.content))
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("the database was made anew: %v", err)
		}
		if !strings.Contains(string(j.Result), `"files_copied":0`) || !strings.Contains(string(j.Metadata), c.Name) {
			t.Errorf("it says %s of %s", j.Result, j.Metadata)
		}
		l.whole(c)
	})

	t.Run("brings what is missing by now, and the library knows", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		l.ends(l.enqueue(c, path), task.Completed)
		if err := os.Remove(c.Node(channeltest.Audio).Files[0].In(l.content)); err != nil {
			t.Fatal(err)
		}
		l.ends(l.enqueue(c, path), task.Completed)
		l.whole(c)
	})

	t.Run("looks at every file, and makes one good that was written over in its place", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		l.ends(l.enqueue(c, path), task.Completed)
		file := c.Node(channeltest.Audio).Files[0]
		bytes, err := os.ReadFile(file.In(l.content))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file.In(l.content), make([]byte, len(bytes)), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := resultOf(t, l.ends(l.enqueue(c, path), task.Completed)); got.FilesCopied != 1 {
			t.Errorf("it does %+v", got)
		}
		if now, err := os.ReadFile(file.In(l.content)); err != nil || !slices.Equal(now, bytes) {
			t.Errorf("the file is not as it was; %v", err)
		}
	})

	t.Run("says the same of the channel whether it had to be read or not", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		l.ends(l.enqueue(c, path), task.Completed)
		quick := l.ends(l.enqueue(c, path), task.Completed)
		must(t, l.library.Files().ForgetChannels(t.Context()))
		read := l.ends(l.enqueue(c, path), task.Completed)
		if string(quick.Result) != string(read.Result) || string(quick.Metadata) != string(read.Metadata) || quick.Progress != read.Progress || quick.Total != read.Total {
			t.Errorf("it says %s of %s, %d of %d\nand, read, %s of %s, %d of %d",
				quick.Result, quick.Metadata, quick.Progress, quick.Total, read.Result, read.Metadata, read.Progress, read.Total)
		}
		if _, is, err := l.library.Whole(t.Context(), c.ID); err != nil || !is {
			t.Errorf("after it was read, the channel is known as whole: %v; %v", is, err)
		}
	})

	t.Run("from a database of the same length and other bytes looks at it as closely as at a new one", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		l.ends(l.enqueue(c, path), task.Completed)
		channeltest.Break(t, c, path, channeltest.TraversalExtension)
		if j := l.ends(l.enqueue(c, path), task.Failed); j.Failure == nil || j.Failure.Code != fault.UnsafeDatabase {
			t.Errorf("it fails with %+v", j.Failure)
		}
	})
}

// What came stays known as just arrived, also when its job begins once more and
// finds nothing to bring, and when it is cleared.
func TestWhatCameIsKnownWhateverBecomesOfItsJob(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	since := time.Now()
	came := func() int {
		t.Helper()
		arrivals, err := l.library.Arrivals(t.Context(), since)
		if err != nil || len(arrivals) != 1 || arrivals[0].Channel != c.ID {
			t.Fatalf("arrived: %+v, %v", arrivals, err)
		}
		return arrivals[0].Resources
	}
	job := l.ends(l.enqueue(c, l.stick(c, "1234", "SANDISK")), task.Completed)
	all := resultOf(t, job).ResourcesAdded
	if got := came(); got != all || all == 0 {
		t.Errorf("of %d resources %d arrived", all, got)
	}
	if _, err := l.Restart(t.Context(), []task.ID{job.ID}); err != nil {
		t.Fatal(err)
	}
	job = l.until(job.ID, "the second run to end", func(j task.Job) bool { return j.State == task.Completed && j.Attempts == 2 })
	if got := came(); got != all || resultOf(t, job).ResourcesAdded != 0 {
		t.Errorf("after a run that brought nothing, of %d resources %d arrived", all, got)
	}
	if err := l.Clear(t.Context(), []task.ID{job.ID}); err != nil {
		t.Fatal(err)
	}
	if got := came(); got != all {
		t.Errorf("after its job was cleared, of %d resources %d arrived", all, got)
	}
}

// A video that lacks one of its two sizes can be opened, a sound without its file
// cannot; the job counts them as Home and the library do.
func TestAnImportWithProblemsCountsWhatCanBeOpened(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	path := l.stick(c, "1234", "SANDISK")
	channeltest.Break(t, c, path,
		channeltest.FlipByte(c.Node(channeltest.Video).Files[0].LocalFile),
		channeltest.FlipByte(c.Node(channeltest.Audio).Files[0].LocalFile))
	job := l.ends(l.enqueue(c, path), task.Completed)
	all, _ := c.Totals()
	said := l.imports.Describe(job)
	if said.Text != "content.import.done_problems" || said.Params["total"] != int64(all) || said.Params["good"] != int64(all-1) || job.Problems != 2 {
		t.Errorf("of %d resources it says %q of %v, with %d problems", all, said.Text, said.Params, job.Problems)
	}
	arrivals, err := l.library.Arrivals(t.Context(), time.Time{})
	if _, available := l.version(c); err != nil || len(arrivals) != 1 || arrivals[0].Resources != all-1 || available != all-1 {
		t.Errorf("of %d resources %d can be opened, and arrived: %+v, %v", all, available, arrivals, err)
	}
}

// What one run brings in several attempts is one arrival.
func TestWhatComesInSeveralAttemptsIsOneArrival(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	since := time.Now()
	path := l.stick(c, "1234", "SANDISK")
	aside, j := l.pulledHalfway(c, path, 5)
	l.plug("1234", "SANDISK", aside, path)
	l.ends(j.ID, task.Completed)
	_, available := l.version(c)
	arrivals, err := l.library.Arrivals(t.Context(), since)
	if err != nil || len(arrivals) != 1 || arrivals[0].Resources != available {
		t.Errorf("of %d resources arrived: %+v, %v", available, arrivals, err)
	}
}

// A coordinator gives a part of a channel to a stick. Whoever imports the channel
// from there has what was given, no problems with the rest, and no need of its room.
func TestWhatADriveWasNeverGivenIsNoProblem(t *testing.T) {
	t.Parallel()
	giving, l, c := newLaptop(t), newLaptop(t), channeltest.New()
	giving.has(c)
	song := c.Node(channeltest.Audio)
	path := giving.blank("1234", "SANDISK")
	giving.ends(giving.export(c, path, "node_ids", []any{string(song.ID)}), task.Completed)
	l.sticks.Plug("1234", "SANDISK", path)

	job := l.ends(l.enqueue(c, path), task.Completed)
	all, _ := c.Totals()
	said := l.imports.Describe(job)
	if said.Text != "content.import.done_part" || said.Params["total"] != int64(all) || said.Params["good"] != int64(1) || job.Problems != 0 {
		t.Errorf("of %d resources it says %q of %v, with %d problems", all, said.Text, said.Params, job.Problems)
	}
	if job.Progress != job.Total || resultOf(t, job).FilesFailed != 0 {
		t.Errorf("it ends at %d of %d bytes: %+v", job.Progress, job.Total, resultOf(t, job))
	}
	var asked struct {
		Needed int64 `json:"needed_bytes"`
	}
	if err := json.Unmarshal(job.Metadata, &asked); err != nil || asked.Needed == 0 || asked.Needed > 64<<10 {
		t.Errorf("it wants room for %d bytes: %v", asked.Needed, err)
	}

	t.Run("what somebody added by hand comes", func(t *testing.T) {
		video := c.Node(channeltest.Video).Files[0].LocalFile
		from, to := video.In(giving.library.Content()), video.In(channeltest.ContentIn(path))
		data, err := os.ReadFile(from)
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o750), os.WriteFile(to, data, 0o600))
		}
		if err != nil {
			t.Fatal(err)
		}
		job := l.ends(l.enqueue(c, path), task.Completed)
		if said := l.imports.Describe(job); resultOf(t, job).FilesCopied != 1 || said.Params["good"] != int64(2) || job.Problems != 0 {
			t.Errorf("it says %q of %v: %+v", said.Text, said.Params, resultOf(t, job))
		}
	})

	t.Run("once the rest came from elsewhere, nothing is said to lack", func(t *testing.T) {
		l.has(c)
		if _, err := l.Restart(t.Context(), []task.ID{job.ID}); err != nil {
			t.Fatal(err)
		}
		again := l.until(job.ID, "the second run to end", func(j task.Job) bool { return j.State == task.Completed && j.Attempts == 2 })
		if said := l.imports.Describe(again); said.Text != "content.import.done_nothing" {
			t.Errorf("it says %q of %v", said.Text, said.Params)
		}
	})

	t.Run("what was given and is gone is a problem", func(t *testing.T) {
		other := newLaptop(t)
		other.sticks.Plug("1234", "SANDISK", path)
		if err := os.Remove(song.Files[0].In(channeltest.ContentIn(path))); err != nil {
			t.Fatal(err)
		}
		job := other.ends(other.enqueue(c, path), task.Completed)
		if said := other.imports.Describe(job); said.Text != "content.import.done_problems" || job.Problems != 1 {
			t.Errorf("it says %q of %v, with %d problems", said.Text, said.Params, job.Problems)
		}
	})
}
