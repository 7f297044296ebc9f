package backend_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend"
	"nectar/backend/atomicfile"
	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// patience is how long a test waits for a job before it says that it hangs.
const patience = 10 * time.Minute

// program is an open data folder with the person who sits before it.
type program struct {
	*backend.Backend
	t      *testing.T
	folder string
	person auth.Person
	news   *engine.Subscription
}

func start(t *testing.T, folder string) *program {
	t.Helper()
	return startWith(t, backend.Config{Folder: folder})
}

func startWith(t *testing.T, config backend.Config) *program {
	t.Helper()
	b, err := backend.Open(t.Context(), config)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	person, err := b.Services.People.SignedIn(t.Context())
	if err != nil {
		t.Fatalf("sign in: %v", err)
	}
	p := &program{Backend: b, t: t, folder: config.Folder, person: person, news: b.Services.Jobs.Subscribe()}
	t.Cleanup(p.news.Close)
	if err := b.Start(t.Context()); err != nil {
		t.Fatalf("start: %v", err)
	}
	return p
}

// content is where the files of channels are.
func (p *program) content() string { return filepath.Join(p.folder, "content") }

func importing(c *channeltest.Channel, drive string) service.Request {
	return service.Request{"type": "content.diskimport", "channel_id": string(c.ID), "path": drive}
}

func (p *program) enqueue(request service.Request) (task.ID, error) {
	p.t.Helper()
	jobs, err := p.Services.Jobs.Create(p.t.Context(), p.person, []service.Request{request})
	if err != nil {
		return "", err
	}
	return jobs[0].ID, nil
}

// await answers the job once it has ended.
func (p *program) await(id task.ID) service.Detail {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		found, err := p.Services.Jobs.Show(p.t.Context(), p.person, id)
		if err != nil {
			p.t.Fatalf("show %s: %v", id, err)
		}
		if found[0].State.Resting() {
			return found[0]
		}
		select {
		case <-p.news.News():
			p.news.Take()
		case <-deadline:
			p.t.Fatalf("job %s is still %v", id, found[0].State)
		}
	}
}

func (p *program) run(request service.Request) service.Detail {
	p.t.Helper()
	id, err := p.enqueue(request)
	if err != nil {
		p.t.Fatalf("enqueue: %v", err)
	}
	return p.await(id)
}

// filesIn answers the files below a folder with their bytes.
func filesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		bytes, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		files[filepath.ToSlash(name)] = string(bytes)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// checkWhole checks that the laptop has the channel's database byte for byte,
// each file that the whole channel needs with the bytes that its name
// promises, and nothing else.
func (p *program) checkWhole(c *channeltest.Channel, drive string) {
	p.t.Helper()
	have := filesIn(p.t, p.content())
	database, _ := filepath.Rel(p.content(), c.ID.DatabaseIn(p.content()))
	database = filepath.ToSlash(database)
	if have[database] != filesIn(p.t, channeltest.ContentIn(drive))[database] {
		p.t.Error("the database is not what the drive has")
	}
	delete(have, database)
	_, wanted := c.Wanted(c.Root)
	for _, file := range wanted {
		name := filepath.ToSlash(strings.TrimPrefix(file.In(""), string(filepath.Separator)))
		bytes, here := have[name]
		if sum := md5.Sum([]byte(bytes)); !here || hex.EncodeToString(sum[:]) != file.Checksum.String() {
			p.t.Errorf("%s is not here, or holds other bytes", name)
		}
		delete(have, name)
	}
	for name := range have {
		p.t.Errorf("%s is on the laptop and nothing needs it", name)
	}
}

func problemItems(job service.Detail) []string {
	var items []string
	for _, problem := range job.Problems {
		items = append(items, string(problem.Code)+" "+problem.Item)
	}
	slices.Sort(items)
	return items
}

func TestAChannelComesFromADriveOntoTheLaptop(t *testing.T) {
	t.Parallel()
	for _, schema := range []int{channeltest.V020Beta1, channeltest.V040Beta3, channeltest.Unversioned, 1, 2, 3, 4, 5, 6} {
		c, drive := channeltest.Make(t, channeltest.Schema(schema), channeltest.Seed(int64(schema)))
		before := filesIn(t, drive)
		p := start(t, t.TempDir())
		job := p.run(importing(c, drive))
		if job.State != task.Completed || job.Job.Problems != 0 || job.Progress != job.Total {
			t.Errorf("schema %d: the job ends %v with %d problems at %d of %d: %v", schema, job.State, job.Job.Problems, job.Progress, job.Total, job.Failure)
		}
		p.checkWhole(c, drive)
		if after := filesIn(t, drive); !mapsEqual(before, after) {
			t.Errorf("schema %d: the drive is changed", schema)
		}
		channels, err := p.Services.Library.Channels(t.Context(), p.person)
		resources, size := c.Totals()
		if err != nil || len(channels) != 1 || channels[0].AvailableResources != resources || channels[0].AvailableSize != size {
			t.Errorf("schema %d: the library says %+v, %v", schema, channels, err)
		}
	}
}

func mapsEqual(a, b map[string]string) bool {
	for name := range a {
		if a[name] != b[name] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestChosenTopicsComeAlone(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	request := importing(c, drive)
	request["node_ids"] = []any{string(c.Node(channeltest.Reading).ID)}
	job := p.run(request)
	if job.State != task.Completed {
		t.Fatalf("the job ends %v: %v", job.State, job.Failure)
	}
	_, wanted := c.Wanted(c.Node(channeltest.Reading))
	have := filesIn(t, filepath.Join(p.content(), "storage"))
	if len(have) != len(wanted) {
		t.Errorf("%d files came, want %d", len(have), len(wanted))
	}
	for _, file := range wanted {
		if !hasBase(have, file.Name()) {
			t.Errorf("%s did not come", file.Name())
		}
	}
}

func hasBase(files map[string]string, base string) bool {
	for name := range files {
		if filepath.Base(name) == base {
			return true
		}
	}
	return false
}

func TestWhatIsMissingDamagedOrALinkIsAProblemByName(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	files := c.Files()
	missing, flipped, short, linked := files[0].LocalFile, files[1].LocalFile, files[2].LocalFile, files[3].LocalFile
	channeltest.Break(t, c, drive, channeltest.RemoveFile(missing), channeltest.FlipByte(flipped),
		channeltest.ShortenFile(short), channeltest.LinkFile(linked))
	p := start(t, t.TempDir())
	job := p.run(importing(c, drive))
	if job.State != task.Completed || job.Job.Problems != 4 {
		t.Fatalf("the job ends %v with %v: %v", job.State, problemItems(job), job.Failure)
	}
	said := strings.Join(problemItems(job), "\n")
	storage := filesIn(t, filepath.Join(p.content(), "storage"))
	for _, file := range []string{missing.Name(), flipped.Name(), short.Name(), linked.Name()} {
		if !strings.Contains(said, file) {
			t.Errorf("%s is not named by %q", file, said)
		}
		if hasBase(storage, file) {
			t.Errorf("%s is on the laptop", file)
		}
	}
	_, wanted := c.Wanted(c.Root)
	if want := len(wanted) - 4; len(storage) != want {
		t.Errorf("%d files came, want %d", len(storage), want)
	}
}

func TestRetriedProblemsBringTheFailedFilesAlone(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	whole := t.TempDir()
	if err := os.CopyFS(whole, os.DirFS(drive)); err != nil {
		t.Fatal(err)
	}
	files := c.Files()
	missing, flipped, good := files[0].LocalFile, files[1].LocalFile, files[2].LocalFile
	channeltest.Break(t, c, drive, channeltest.RemoveFile(missing), channeltest.FlipByte(flipped))
	p := start(t, t.TempDir())
	first := p.run(importing(c, drive))
	if first.State != task.Completed || first.Job.Problems != 2 {
		t.Fatalf("the import ends %v with %v", first.State, problemItems(first))
	}
	// The drive is mended, and a good file goes away meanwhile: a whole import
	// would bring it again.
	for _, f := range []channel.LocalFile{missing, flipped} {
		mended := f.In(channeltest.ContentIn(whole))
		data, err := os.ReadFile(mended)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.In(channeltest.ContentIn(drive)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(good.In(p.content())); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Services.Jobs.Do(t.Context(), p.person, task.RetryProblems, []task.ID{first.ID}); err != nil {
		t.Fatal(err)
	}
	again := p.await(first.ID)
	if again.State != task.Completed || again.Job.Problems != 0 || again.Attempts != 2 || len(again.History) != 2 {
		t.Errorf("the attempt ends %v with %v, after %d attempts", again.State, problemItems(again), again.Attempts)
	}
	storage := filesIn(t, filepath.Join(p.content(), "storage"))
	for file, want := range map[string]bool{missing.Name(): true, flipped.Name(): true, good.Name(): false} {
		if hasBase(storage, file) != want {
			t.Errorf("%s is on the laptop: %v, want %v", file, !want, want)
		}
	}
}

func TestTheProblemsOfOneCauseAreRetriedAlone(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	missing, flipped := c.Files()[0].LocalFile, c.Files()[1].LocalFile
	channeltest.Break(t, c, drive, channeltest.RemoveFile(missing), channeltest.FlipByte(flipped))
	p := start(t, t.TempDir())
	first := p.run(importing(c, drive))
	if first.State != task.Completed || first.Job.Problems != 2 {
		t.Fatalf("the import ends %v with %v", first.State, problemItems(first))
	}
	if err := c.Write(drive); err != nil { // all of it is good now
		t.Fatal(err)
	}
	if _, err := p.Services.Jobs.RetryCause(t.Context(), p.person, []task.ID{first.ID}, fault.FileMissing); err != nil {
		t.Fatal(err)
	}
	again := p.await(first.ID)
	if want := []string{"file_damaged " + flipped.Name()}; again.State != task.Completed || !slices.Equal(problemItems(again), want) {
		t.Errorf("the attempt ends %v with %v, want %v", again.State, problemItems(again), want)
	}
	if got := string(again.Metadata); !strings.Contains(got, `"incomplete_resources":1`) {
		t.Errorf("it says %s", got)
	}
	storage := filesIn(t, filepath.Join(p.content(), "storage"))
	if !hasBase(storage, missing.Name()) || hasBase(storage, flipped.Name()) {
		t.Errorf("on the laptop are %v", storage)
	}
}

func TestABadDatabaseLeavesNothingOnTheLaptop(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		damage channeltest.Damage
		want   fault.Code
	}{
		{"truncated", channeltest.TruncateDatabase, fault.DatabaseDamaged},
		{"no database", channeltest.TextDatabase, fault.NotADatabase},
		{"empty", channeltest.EmptyDatabase, fault.DatabaseEmpty},
		{"read without a fault, of pages that do not fit together", channeltest.WrongFreePages, fault.DatabaseDamaged},
		{"of a future schema", channeltest.FutureSchema, fault.SchemaTooNew},
		{"with a path in an id", channeltest.TraversalID, fault.UnsafeDatabase},
		{"with a path in an extension", channeltest.TraversalExtension, fault.UnsafeDatabase},
		{"with a trigger", channeltest.Trigger, fault.UnsafeDatabase},
		{"with a cycle", channeltest.Cycle, fault.BrokenTree},
	}
	p := start(t, t.TempDir())
	for _, test := range tests {
		c, drive := channeltest.Make(t)
		channeltest.Break(t, c, drive, test.damage)
		if code := p.refusal(importing(c, drive)); code != test.want {
			t.Errorf("a database that is %s says %q, want %q", test.name, code, test.want)
		}
	}
	c, drive := channeltest.Make(t)
	channeltest.Break(t, c, drive, channeltest.WrongName)
	request := importing(c, drive)
	request["channel_id"] = string(channeltest.Renamed(c))
	if code := p.refusal(request); code != fault.WrongChannel {
		t.Errorf("a database named for another channel says %q", code)
	}
	for name := range filesIn(t, p.content()) {
		t.Errorf("%s is on the laptop", name)
	}
}

// refusal answers the code with which a request is refused, or its job fails.
func (p *program) refusal(request service.Request) fault.Code {
	p.t.Helper()
	id, err := p.enqueue(request)
	if err != nil {
		f := fault.Of(err)
		if len(f.Fields) > 0 {
			return f.Fields[0].Code
		}
		return f.Code
	}
	job := p.await(id)
	if job.State != task.Failed || job.Failure == nil {
		p.t.Errorf("the job ends %v", job.State)
		return ""
	}
	return job.Failure.Code
}

func TestOurOwnDataFolderIsNoSource(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	p := start(t, t.TempDir())
	if job := p.run(importing(c, drive)); job.State != task.Completed {
		t.Fatalf("the job ends %v", job.State)
	}
	if code := p.refusal(importing(c, p.content())); code != fault.SourceIsOurs {
		t.Errorf("the refusal says %q", code)
	}
}

func TestADataFolderHasOneOwner(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	if _, err := backend.Open(t.Context(), backend.Config{Folder: p.folder}); fault.CodeOf(err) != fault.InUse {
		t.Errorf("a second opening says %v", err)
	}
}

func TestAKilledImportGoesOnAtTheNextStart(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t, channeltest.Load(2600, 1, 20<<20))
	var folder string
	killHalfway(t, "TestImportAndDie", func() []string {
		folder = t.TempDir()
		return []string{folder, string(c.ID), drive}
	}, func() bool {
		_, wanted := c.Wanted(c.Root)
		return realFiles(t, filepath.Join(folder, "content")) < len(wanted)
	})
	p := start(t, folder)
	jobs, _, err := p.Services.Jobs.List(t.Context(), p.person, task.Filter{Task: "content.diskimport"}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("after the kill there are %d jobs, %v", len(jobs), err)
	}
	job := p.await(jobs[0].ID)
	if job.State != task.Completed || len(job.History) != 2 {
		t.Errorf("the job ends %v after %d attempts: %v", job.State, len(job.History), job.Failure)
	}
	var result struct {
		Copied  int `json:"files_copied"`
		Present int `json:"files_present"`
	}
	if err := json.Unmarshal(job.Result, &result); err != nil || result.Present == 0 || result.Copied == 0 {
		t.Errorf("the second attempt says %s, %v; it copies the rest and only that", job.Result, err)
	}
	p.checkWhole(c, drive)
}

// TestImportAndDie is the child of TestAKilledImportGoesOnAtTheNextStart. It
// dies while its import is half done, and passes when it came too late.
func TestImportAndDie(t *testing.T) {
	words := dying(t)
	p := start(t, words[0])
	id, err := p.enqueue(service.Request{"type": "content.diskimport", "channel_id": words[1], "path": words[2]})
	if err != nil {
		t.Fatal(err)
	}
	untilSomeAreReal(t, p.content())
	found, err := p.Services.Jobs.Show(t.Context(), p.person, id)
	if err != nil {
		t.Fatal(err)
	}
	if found[0].State != task.Running {
		return
	}
	die(t)
}

// realFiles counts the stored files that have their own name.
func realFiles(t *testing.T, content string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(content, "storage", "?", "?", strings.Repeat("?", 32)+".*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(slices.DeleteFunc(found, atomicfile.IsTemp))
}
