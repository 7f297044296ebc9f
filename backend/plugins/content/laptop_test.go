package content_test

import (
	"context"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/transfer"
	"nectar/backend/drive/drivetest"
	"nectar/backend/engine"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/store"
	"nectar/backend/task"
)

// patience is how long a test waits for a job before it says that it hangs.
const patience = 10 * time.Minute

// laptop is a library with an engine that imports into it.
type laptop struct {
	*engine.Engine

	t       *testing.T
	sticks  *drivetest.Sticks
	disks   disk.Machine
	library *library.Library
	store   *store.Store
	claims  transfer.Claims
	places  *recognising

	registry *task.Registry

	imports *task.Definition
	exports *task.Definition
	updates *task.Definition
	remote  *task.Definition
	servers *server.Client
	content string
	free    atomic.Int64 // bytes that the disk says are free
	fills   atomic.Bool  // after it was measured once more, none are
	news    *engine.Subscription

	loads atomic.Int32 // of all that is remembered of files

	measured func(times int) // called before free is measured, if set
	times    atomic.Int32

	mu   sync.Mutex
	gate *gate             // guarded by mu: where the next import stops, nil for nowhere
	tap  func(name string) // guarded by mu: is told of what the next export reads, if set
}

// counting counts how often the library loads all that is remembered of files.
type counting struct {
	*store.Store

	loads *atomic.Int32
}

func (c counting) AllVerifiedFiles(ctx context.Context) (iter.Seq[store.VerifiedFile], error) {
	c.loads.Add(1)
	return c.Store.AllVerifiedFiles(ctx)
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	return laptopIn(t, t.TempDir())
}

// laptopIn is a laptop with what an earlier one left in the folder.
func laptopIn(t *testing.T, folder string) *laptop {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := &laptop{t: t, sticks: &drivetest.Sticks{}, store: st, content: filepath.Join(folder, "content")}
	l.free.Store(1 << 40)
	l.disks = disk.On(l.sticks)
	l.places = &recognising{Places: l.disks}
	l.servers = server.NewClient(server.Config{Pauses: []time.Duration{0, 0}})
	t.Cleanup(l.servers.Close)
	if l.library, err = library.Open(filepath.Join(folder, "content.json"), l.content, counting{st, &l.loads}); err != nil {
		t.Fatal(err)
	}
	plugin := content.Plugin(content.Deps{
		Library: l.library,
		Open:    l.openAt,
		Reach:   l.reachServer,
		Find:    l.find, Here: l.disks.Here,
		Free:    l.measure,
		Reserve: -1, Fruitless: 1, Claims: &l.claims, Own: l.own,
		Places: l.places, Exports: st, Unfinished: l.unfinished,
	})
	registry, err := task.NewRegistry(plugin.Tasks...)
	if err != nil {
		t.Fatal(err)
	}
	l.registry = registry
	l.imports, _ = registry.Lookup("content.diskimport")
	l.exports, _ = registry.Lookup("content.export")
	l.updates, _ = registry.Lookup("content.update")
	l.remote, _ = registry.Lookup("content.remoteimport")
	l.Engine = engine.New(engine.Config{Store: st, Registry: registry, World: l})
	l.news = l.Subscribe()
	if err := l.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.news.Close()
		if err := l.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	l.watchProgress()
	return l
}

func (l *laptop) measure(string) (int64, error) {
	if l.measured != nil {
		l.measured(int(l.times.Add(1)))
	}
	if l.fills.CompareAndSwap(true, false) {
		return l.free.Swap(0), nil
	}
	return l.free.Load(), nil
}

// Met implements engine.World.
func (l *laptop) Met(ctx context.Context, need task.Need) bool {
	if need.Code == task.NeedServer {
		address, id, _ := strings.Cut(need.Key, "#")
		_, err := l.reachServer(ctx, address, id)
		return err == nil
	}
	if need.Code != task.NeedDrive && need.Code != task.NeedFolder {
		return true // there is power, and no quiet hour
	}
	return l.disks.Here(ctx, source.On{Drive: need.Key, Comes: need.Code == task.NeedDrive}, need.Key)
}

// Watch implements engine.World.
func (l *laptop) Watch(ctx context.Context, code string, changed func()) {
	if code == task.NeedServer {
		l.watchServers(ctx, changed)
		return
	}
	_ = l.sticks.Watch(ctx, changed)
}

// find opens a source behind the gate.
func (l *laptop) find(ctx context.Context, on source.On, path string) (source.Source, error) {
	found, err := l.disks.Find(ctx, on, path)
	if err != nil {
		return nil, err
	}
	return l.behindGate(found), nil
}

// own opens the content folder behind the gate.
func (l *laptop) own(folder string) source.Source {
	from := l.behindGate(content.Own(folder))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tap == nil {
		return from
	}
	return reads{from, l.tap}
}

func (l *laptop) behindGate(from source.Source) source.Source {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gate == nil {
		return from
	}
	return gated{from, l.gate}
}

// recognising tells when the place of an export was recognised.
type recognising struct {
	content.Places

	recognised func() // nil for nobody
}

func (r *recognising) Hold(ctx context.Context, on source.On, path string) (disk.Place, error) {
	place, err := r.Places.Hold(ctx, on, path)
	if r.recognised != nil {
		r.recognised()
	}
	return place, err
}

// gate stops an import or export in the middle of a file, until it is opened.
type gate struct {
	before  int32 // files that pass
	passed  atomic.Int32
	reached chan struct{}
	opened  chan struct{}
}

// surely is how many files are whole when one stands at a gate behind five: the
// other worker may still be at the last of them.
const surely = 4

// shut makes a gate in the way of the next import, behind as many files.
func (l *laptop) shut(files int) *gate {
	g := &gate{before: int32(files), reached: make(chan struct{}), opened: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gate = g
	return g
}

func (l *laptop) open(g *gate) {
	l.mu.Lock()
	l.gate = nil
	l.mu.Unlock()
	close(g.opened)
}

type gated struct {
	source.Source

	gate *gate
}

func (g gated) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	in, err := g.Source.OpenFile(ctx, file)
	if err != nil {
		return nil, err
	}
	return &gatedFile{File: in, ctx: ctx, gate: g.gate}, nil
}

// gatedFile gives half of itself before the gate, and the rest behind it.
type gatedFile struct {
	source.File

	ctx        context.Context //nolint:containedctx // of the attempt that reads it
	gate       *gate
	read, past bool
}

func (f *gatedFile) Read(p []byte) (int, error) {
	if !f.read {
		f.read = true
		return f.File.Read(p[:min(len(p), max(1, int(f.Size()/2)))])
	}
	if f.past {
		return f.File.Read(p)
	}
	f.past = true
	passed := f.gate.passed.Add(1)
	if passed <= f.gate.before {
		return f.File.Read(p)
	}
	if passed == f.gate.before+1 {
		close(f.gate.reached)
	}
	select {
	case <-f.gate.opened:
	case <-f.ctx.Done():
		return 0, f.ctx.Err()
	}
	return f.File.Read(p)
}

// ask answers the job that a person's request makes.
func (l *laptop) ask(c *channeltest.Channel, path string) (task.Job, error) {
	l.t.Helper()
	request := map[string]any{"channel_id": string(c.ID), "path": path}
	args, metadata, err := l.imports.Validate(l.t.Context(), auth.Program(), request)
	if err != nil {
		return task.Job{}, err
	}
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: l.imports, Args: args, Metadata: metadata})
	if err != nil {
		return task.Job{}, err
	}
	return stored.First(), nil
}

func (l *laptop) enqueue(c *channeltest.Channel, path string) task.ID {
	l.t.Helper()
	job, err := l.ask(c, path)
	if err != nil {
		l.t.Fatal(err)
	}
	return job.ID
}

// holding makes a job, and changes the world before the job may begin.
func (l *laptop) holding(make func() task.ID, change func()) task.ID {
	l.t.Helper()
	if err := l.PauseQueue(l.t.Context(), "content"); err != nil {
		l.t.Fatal(err)
	}
	id := make()
	change()
	if err := l.ResumeQueue(l.t.Context(), "content"); err != nil {
		l.t.Fatal(err)
	}
	return id
}

// until answers the job once it is as wanted.
func (l *laptop) until(id task.ID, what string, wanted func(task.Job) bool) task.Job {
	l.t.Helper()
	deadline := time.After(patience)
	for {
		j, err := l.store.Job(l.t.Context(), id)
		if err != nil {
			l.t.Fatal(err)
		}
		if wanted(j) {
			return j
		}
		select {
		case <-l.news.News():
			l.news.Take()
		case <-deadline:
			l.t.Fatalf("job %s never %s: it is %v, waits for %+v, failure %+v", id, what, j.State, j.Waiting, j.Failure)
		}
	}
}

func (l *laptop) ends(id task.ID, state task.State) task.Job {
	l.t.Helper()
	j := l.until(id, "ends", func(j task.Job) bool { return j.State.Resting() })
	if j.State != state {
		l.t.Fatalf("the job ends %v, want %v: %+v", j.State, state, j.Failure)
	}
	return j
}

func (l *laptop) waits(id task.ID, need task.Need) task.Job {
	l.t.Helper()
	return l.until(id, "waits", func(j task.Job) bool {
		return j.State == task.Queued && j.Waiting != nil && j.Waiting.Need == need
	})
}

// reach waits until the import stands at the gate.
func (l *laptop) reach(g *gate) {
	l.t.Helper()
	select {
	case <-g.reached:
	case <-time.After(patience):
		l.t.Fatal("the import never comes to the gate")
	}
}

func (l *laptop) outcomes(j task.Job) []task.Outcome {
	l.t.Helper()
	attempts, err := l.store.Attempts(l.t.Context(), j.Number)
	if err != nil {
		l.t.Fatal(err)
	}
	var outcomes []task.Outcome
	for _, a := range attempts {
		outcomes = append(outcomes, a.Outcome)
	}
	return outcomes
}

// stored answers the names of the stored files, and of the temporary ones
// anywhere in the content folder.
func (l *laptop) stored() (files, temporary []string) {
	l.t.Helper()
	err := filepath.WalkDir(l.content, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.Type().IsRegular():
			return err
		case atomicfile.IsTemp(entry.Name()) || strings.Contains(entry.Name(), "transfer"):
			temporary = append(temporary, path)
		case strings.Contains(path, "storage"):
			files = append(files, entry.Name())
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		l.t.Fatal(err)
	}
	return files, temporary
}

// whole checks that all files of the channel are here, and nothing temporary.
func (l *laptop) whole(c *channeltest.Channel) {
	l.t.Helper()
	files, temporary := l.stored()
	_, wanted := c.Wanted(c.Root)
	for _, file := range wanted {
		if !slices.Contains(files, file.Name()) {
			l.t.Errorf("%s is not here", file.Name())
		}
	}
	if len(files) != len(wanted) || len(temporary) != 0 {
		l.t.Errorf("%d files are here, want %d; temporary ones are %v", len(files), len(wanted), temporary)
	}
}

// stick writes the channel to a folder that is plugged in as a drive.
func (l *laptop) stick(c *channeltest.Channel, id, name string) string {
	l.t.Helper()
	path := filepath.Join(l.t.TempDir(), name)
	if err := c.Write(path); err != nil {
		l.t.Fatal(err)
	}
	l.sticks.Plug(id, name, path)
	return path
}

func (l *laptop) pull(id string) (aside string) {
	l.t.Helper()
	aside, err := l.sticks.Pull(id)
	if err != nil {
		l.t.Fatal(err)
	}
	return aside
}

// pulledHalfway imports the channel from SANDISK, which is pulled out after so many
// files. It answers where the folder of the drive is then, and the job, which waits.
func (l *laptop) pulledHalfway(c *channeltest.Channel, path string, files int) (aside string, waiting task.Job) {
	l.t.Helper()
	gate := l.shut(files)
	id := l.enqueue(c, path)
	l.reach(gate)
	aside = l.pull("1234")
	l.open(gate)
	return aside, l.waits(id, sandisk)
}

// plug moves the folder of a drive to where it is mounted now.
func (l *laptop) plug(id, name, aside, path string) {
	l.t.Helper()
	if err := os.Rename(aside, path); err != nil {
		l.t.Fatal(err)
	}
	l.sticks.Plug(id, name, path)
}
