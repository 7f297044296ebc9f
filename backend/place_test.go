package backend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/service"
	"nectar/backend/task"
)

func putting(kind, path string, more ...any) service.Request {
	request := service.Request{"type": "content." + kind, "path": path}
	for i := 0; i < len(more); i += 2 {
		request[fmt.Sprint(more[i])] = more[i+1]
	}
	return request
}

// elsewhere answers a folder on another file system than that of temporary
// files.
func elsewhere(t *testing.T) string {
	t.Helper()
	const memory = "/dev/shm"
	one, err := os.Stat(memory)
	other, missing := os.Stat(os.TempDir())
	if runtime.GOOS != "linux" || err != nil || missing != nil {
		t.Skip("there is no second file system")
	}
	folder, err := os.MkdirTemp(memory, "nectar") //nolint:usetesting // on that file system
	if err != nil {
		t.Skip("there is no second file system")
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if device(one) == device(other) {
		t.Skip("there is no second file system")
	}
	return folder
}

func TestTheContentFolderMoves(t *testing.T) {
	t.Parallel()
	const fileByFile = "to another one, file by file"
	for name, where := range map[string]func(t *testing.T) string{
		"within a file system, in one step": func(t *testing.T) string { t.Helper(); return t.TempDir() },
		fileByFile:                          elsewhere,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := filepath.Join(where(t), "channels")
			c := channeltest.New()
			folder := t.TempDir()
			p := start(t, folder)
			p.bring(c)
			stranger := filepath.Join(p.content(), "storage", "f", "f", strings.Repeat("f", 32)+".mp4")
			if err := os.MkdirAll(filepath.Dir(stranger), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(stranger, []byte("of a channel that nobody knows"), 0o600); err != nil {
				t.Fatal(err)
			}
			before := filesIn(t, p.content())
			if name == fileByFile { // what was never whole stays behind, and goes
				brokenOff := filepath.Join(p.content(), "storage", "f", "e.transfer", "fe"+strings.Repeat("f", 30)+".mp4")
				if err := os.MkdirAll(filepath.Dir(brokenOff), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(brokenOff, []byte("half a file"), 0o600); err != nil {
					t.Fatal(err)
				}
			}

			job := p.run(putting("move", target))
			if job.State != task.Completed || job.Progress != job.Total || job.Total == 0 || job.Job.Problems != 0 {
				t.Fatalf("the move ends %v at %d of %d: %v", job.State, job.Progress, job.Total, job.Failure)
			}
			if !mapsEqual(before, filesIn(t, target)) || p.Services.Library.Path() != target {
				t.Errorf("at the new place are %d of %d files; the folder is %s", len(filesIn(t, target)), len(before), p.Services.Library.Path())
			}
			if _, err := os.Lstat(p.content()); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something is left at the old place: %v", err)
			}
			resources, _ := c.Totals()
			check := func(p *program) {
				t.Helper()
				channels, err := p.Services.Library.Channels(t.Context(), p.person)
				if err != nil || len(channels) != 1 || channels[0].AvailableResources != resources {
					t.Errorf("the library has %+v, %v", channels, err)
				}
			}
			check(p)
			other := channeltest.New(channeltest.Seed(9))
			p.bring(other) // to the new place
			if err := p.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			brokenOff := filepath.Join(target, "databases", ".nectar-1.transfer")
			if err := os.WriteFile(brokenOff, []byte("half a list"), 0o600); err != nil {
				t.Fatal(err)
			}
			again := start(t, folder)
			if _, err := os.Stat(brokenOff); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a database that was broken off is still there: %v", err)
			}
			if _, err := os.Stat(other.ID.DatabaseIn(target)); err != nil || again.Services.Library.Path() != target {
				t.Errorf("after a restart the folder is %s, %v", again.Services.Library.Path(), err)
			}
			if job := again.run(deleting(other)); job.State != task.Completed {
				t.Errorf("a deletion there ends %v: %v", job.State, job.Failure)
			}
			check(again)
			if job := again.run(putting("move", filepath.Join(folder, "content"))); job.State != task.Completed {
				t.Errorf("the move back ends %v: %v", job.State, job.Failure)
			}
			check(again)
		})
	}
}

func TestAMoveWaitsForWhatUsesTheFolder(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t, channeltest.Load(1500, 1, 8<<20))
	target := filepath.Join(t.TempDir(), "channels")
	p := start(t, t.TempDir())
	brings, err := p.enqueue(importing(c, drive))
	if err != nil {
		t.Fatal(err)
	}
	for realFiles(t, p.content()) == 0 {
		runtime.Gosched()
	}
	moves, err := p.enqueue(putting("move", target))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []task.ID{brings, moves} {
		if job := p.await(id); job.State != task.Completed || job.Job.Problems != 0 {
			t.Errorf("%s ends %v with %v: %v", job.Task, job.State, problemItems(job), job.Failure)
		}
	}
	_, wanted := c.Wanted(c.Root)
	if there, here := realFiles(t, target), realFiles(t, p.content()); there != len(wanted) || here != 0 {
		t.Errorf("of %d files %d are at the new place and %d at the old one", len(wanted), there, here)
	}
}

func TestAPlaceThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	p := start(t, t.TempDir())
	p.bring(c)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fault.Code{
		full:        fault.PlaceNotEmpty,
		p.content(): fault.MoveInside,
		p.folder:    fault.MoveInside,
		filepath.Join(p.content(), "storage", "deeper"): fault.MoveInside,
		filepath.Join(full, "letter.txt", "below"):      fault.NoWrite,
		"a/folder": fault.FieldFormat,
	} {
		if got := p.refusal(putting("move", path)); got != want {
			t.Errorf("a move to %s says %q, want %q", path, got, want)
		}
	}
	if resources, _ := c.Totals(); p.checkTrue(c) != resources {
		t.Error("the channel is not whole any more")
	}
}

func TestAKilledMoveGoesOn(t *testing.T) {
	t.Parallel()
	c := channeltest.New(channeltest.Load(1500, 1, 3<<20))
	var folder, target string
	var before map[string]string
	killHalfway(t, "TestMoveAndDie", func() []string {
		folder, target = t.TempDir(), filepath.Join(elsewhere(t), "channels")
		begun := start(t, folder)
		begun.bring(c)
		before = filesIn(t, begun.content())
		begun.stop()
		return []string{folder, target}
	}, func() bool { return realFiles(t, target) < len(before)-1 }) // all but the database of the channel
	if !mapsEqual(before, filesIn(t, filepath.Join(folder, "content"))) {
		t.Error("in the middle of the move the old place is not whole any more")
	}
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.move"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	job := p.await(jobs[0].ID)
	// It may have waited for the sweep of the start, which counts as an attempt.
	if job.State != task.Completed || len(job.History) < 2 || job.Progress != job.Total {
		t.Errorf("it ends %v after %d attempts at %d of %d: %v", job.State, len(job.History), job.Progress, job.Total, job.Failure)
	}
	if !mapsEqual(before, filesIn(t, target)) || realFiles(t, p.content()) != 0 {
		t.Errorf("at the new place are %d of %d files, at the old one %d", len(filesIn(t, target)), len(before), realFiles(t, p.content()))
	}
	channels, err := p.Services.Library.Channels(t.Context(), p.person)
	if resources, _ := c.Totals(); err != nil || len(channels) != 1 || channels[0].AvailableResources != resources {
		t.Errorf("the library has %+v, %v", channels, err)
	}
}

// TestMoveAndDie is the child of TestAKilledMoveGoesOn.
func TestMoveAndDie(t *testing.T) {
	words := dying(t)
	p, target := start(t, words[0]), words[1]
	if _, err := p.enqueue(putting("move", target)); err != nil {
		t.Fatal(err)
	}
	for realFiles(t, target) < 300 {
		runtime.Gosched()
	}
	die(t)
}

// traces answers all that lies below a folder with its times, which tell of
// whatever was written there.
func traces(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			found[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAFolderOfKolibriIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	home := t.TempDir()
	if err := c.WriteContent(filepath.Join(home, "content")); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(filepath.Dir(c.Files()[0].In(filepath.Join(home, "content"))), strings.Repeat("a", 32)+".mp4.transfer")
	if err := os.WriteFile(half, []byte("half-copied by Kolibri"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	p := start(t, folder)

	pid := filepath.Join(home, "server.pid")
	if err := os.WriteFile(pid, fmt.Appendf(nil, "%d\n8080\n0\n0\n", os.Getpid()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{home, filepath.Join(home, "content")} {
		if got := p.refusal(putting("adopt", path)); got != fault.KolibriRunning {
			t.Errorf("while Kolibri runs %s says %q", path, got)
		}
	}
	dead := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pid, fmt.Appendf(nil, "%d\n8080\n0\n0\n", dead.Process.Pid), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.refusal(putting("adopt", t.TempDir())); got != fault.SourceEmpty {
		t.Errorf("a folder without channels says %q", got)
	}

	before := traces(t, home)
	job := p.run(putting("adopt", home))
	var result content.AdoptResult
	if err := json.Unmarshal(job.Result, &result); err != nil || job.State != task.Completed {
		t.Fatalf("it ends %v with %s: %v, %v", job.State, job.Result, err, job.Failure)
	}
	if result.Channels != 1 || result.FilesChecked != len(c.Files()) || result.FilesDamaged != 0 || job.Progress != job.Total {
		t.Errorf("of %d files it says %+v", len(c.Files()), result)
	}
	available := func(p *program) int {
		t.Helper()
		channels, err := p.Services.Library.Channels(t.Context(), p.person)
		if err != nil || len(channels) != 1 {
			t.Fatalf("the library has %+v, %v", channels, err)
		}
		return channels[0].AvailableResources
	}
	resources := available(p)
	if least, _ := c.Totals(); resources < least {
		t.Errorf("%d resources are here, want %d", resources, least)
	}
	drive := t.TempDir()
	other := channeltest.New(channeltest.Seed(9))
	if err := other.Write(drive); err != nil {
		t.Fatal(err)
	}
	for name, request := range map[string]service.Request{
		"an import": importing(other, drive), "a deletion": deleting(c), "a move": putting("move", filepath.Join(drive, "new")),
	} {
		if got := p.refusal(request); got != fault.ContentReadOnly {
			t.Errorf("%s says %q", name, got)
		}
	}
	if job := p.run(verifying()); job.State != task.Completed || job.Job.Problems != 0 {
		t.Errorf("a check ends %v with %v", job.State, problemItems(job))
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := start(t, folder)
	if got := available(again); got != resources {
		t.Errorf("after a restart %d of %d resources are here", got, resources)
	}
	if !mapsEqual(before, traces(t, home)) {
		t.Error("something was written to the folder")
	}

	if job := again.run(putting("adopt", home, "take_over", true)); job.State != task.Completed {
		t.Fatalf("the taking over ends %v: %v", job.State, job.Failure)
	}
	again.bring(other)
	if _, err := os.Stat(other.ID.DatabaseIn(filepath.Join(home, "content"))); err != nil {
		t.Errorf("what is imported then is not there: %v", err)
	}
	if err := os.WriteFile(pid, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := again.refusal(deleting(other)); got != fault.KolibriRunning {
		t.Errorf("when Kolibri runs there again a deletion says %q", got)
	}
}

func TestAnAdoptedFolderCanBeLeftForOurOwn(t *testing.T) {
	t.Parallel()
	c, other := channeltest.New(), channeltest.New(channeltest.Seed(9))
	home, wrong, folder := t.TempDir(), t.TempDir(), t.TempDir()
	for at, in := range map[string]*channeltest.Channel{home: c, wrong: other} {
		if err := in.WriteContent(filepath.Join(at, "content")); err != nil {
			t.Fatal(err)
		}
	}
	before := traces(t, wrong)
	p := start(t, folder)
	goTo := func(path string, channels ...channel.ID) {
		t.Helper()
		if job := p.run(putting("adopt", path)); job.State != task.Completed {
			t.Fatalf("it ends %v: %v", job.State, job.Failure)
		}
		here, err := p.Services.Library.Channels(t.Context(), p.person)
		if err != nil {
			t.Fatal(err)
		}
		ids := lo.Map(here, func(c library.Channel, _ int) channel.ID { return c.ID })
		if !slices.Equal(ids, channels) {
			t.Errorf("in %s are %v, want %v", path, ids, channels)
		}
	}
	goTo(wrong, other.ID)
	goTo(home, c.ID)
	goTo(p.content())
	if place, own := p.Services.Library.Place(); place.Path != own || place.Adopted || place.ReadOnly {
		t.Errorf("the folder is %+v", place)
	}
	p.bring(c)
	if p.checkTrue(c) == 0 {
		t.Error("nothing of the channel came into our own folder")
	}
	if !mapsEqual(before, traces(t, wrong)) {
		t.Error("something was written to the folder that was left")
	}
}

func TestAFolderIsNotAdoptedInPlaceOfChannelsOfOurOwn(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	p.bring(channeltest.New(channeltest.Seed(9)))
	if got := p.refusal(putting("adopt", drive)); got != fault.ContentNotEmpty {
		t.Errorf("it says %q", got)
	}
	// Our own is scanned.
	if err := c.WriteContent(p.content()); err != nil {
		t.Fatal(err)
	}
	if job := p.run(putting("adopt", p.content())); job.State != task.Completed {
		t.Errorf("the scan ends %v: %v", job.State, job.Failure)
	}
	if p.checkTrue(c) == 0 {
		t.Error("nothing of the channel is here")
	}
}

func TestAContentFolderOnADriveThatIsAwayLosesNothing(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	folder, drive := t.TempDir(), t.TempDir()
	p := start(t, folder)
	p.bring(c)
	target := filepath.Join(drive, "channels")
	if job := p.run(putting("move", target)); job.State != task.Completed {
		t.Fatalf("the move ends %v: %v", job.State, job.Failure)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(target, target+" aside"); err != nil {
		t.Fatal(err)
	}
	source := t.TempDir()
	if err := c.Write(source); err != nil {
		t.Fatal(err)
	}
	p = start(t, folder)
	if got := p.refusal(importing(c, source)); got != fault.ContentAway {
		t.Errorf("an import says %q", got)
	}
	if _, err := os.Stat(target); !os.IsNotExist(err) {
		t.Errorf("a folder was made in its place: %v", err)
	}
	if err := os.Rename(target+" aside", target); err != nil {
		t.Fatal(err)
	}
	channels, err := p.Services.Library.Channels(t.Context(), p.person)
	if resources, _ := c.Totals(); err != nil || len(channels) != 1 || channels[0].AvailableResources != resources {
		t.Errorf("when it is back the library has %+v, %v", channels, err)
	}
}

// TestEveryCommandSaysThatTheContentFolderIsAway holds that nobody is told that a
// channel, or all of them, are not there because the drive is not that they are on.
func TestEveryCommandSaysThatTheContentFolderIsAway(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t, channeltest.Name("Blockly Games"))
	answers[told](l.call("import", string(c.ID), "--from", drive, "--json"), 0)
	target := filepath.Join(t.TempDir(), "channels")
	answers[told](l.call("move", target, "--json"), 0)
	if err := os.Rename(target, target+" aside"); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		{"tree"}, {"delete"}, {"verify"}, {"diff", "--from", drive}, {"update", "--from", drive}, {"export", "--to", t.TempDir()}, {"channels", "--order"},
	} {
		refuses(l.call(append(slices.Clone(command), string(c.ID), "--json")...), 2, fault.ContentAway)
		refuses(l.call(append(slices.Clone(command), "Blockly Games", "--json")...), 2, fault.ContentAway)
	}
	refuses(l.call("channels", "--json"), 2, fault.ContentAway)
	refuses(l.call("verify", "--json"), 2, fault.ContentAway)
	if err := os.Rename(target+" aside", target); err != nil {
		t.Fatal(err)
	}
	if here := answers[[]map[string]any](l.call("channels", "--json"), 0); len(here) != 1 {
		t.Errorf("when it is back %v are here", here)
	}
}

func TestTheContentFolderIsPutElsewhereFromTheCommandLine(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t, channeltest.Name("Blockly Games"))
	type answer struct {
		Status string         `json:"status"`
		Result map[string]int `json:"result"`
	}
	if adopted := answers[answer](l.call("adopt", drive, "--json"), 0); adopted.Result["channels"] != 1 || adopted.Result["files_checked"] != len(c.Files()) {
		t.Errorf("adopted: %+v", adopted)
	}
	refuses(l.call("delete", "Blockly Games", "--json"), 2, fault.ContentReadOnly)
	if taken := answers[answer](l.call("adopt", drive, "--take-over", "--json"), 0); taken.Status != "COMPLETED" {
		t.Errorf("taken over: %+v", taken)
	}
	target := filepath.Join(t.TempDir(), "new")
	if moved := answers[answer](l.call("move", target, "--json"), 0); moved.Result["files"] != len(c.Files())+1 {
		t.Errorf("moved: %+v of %d files", moved, len(c.Files())+1)
	}
	refuses(l.call("move", target, "--json"), 2, fault.MoveInside)
	if here := answers[[]map[string]any](l.call("channels", "--json"), 0); len(here) != 1 || here[0]["available_resources"] == 0.0 {
		t.Errorf("here are %v", here)
	}
	if _, err := os.Stat(c.ID.DatabaseIn(target)); err != nil {
		t.Error(err)
	}
}
