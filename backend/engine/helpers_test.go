package engine_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend/clock/clocktest"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// args are the arguments of every task here.
type args struct {
	Name      string `json:"name,omitempty"`
	Exclusive string `json:"exclusive,omitempty"`
	Resource  string `json:"resource,omitempty"`
	Stick     string `json:"stick,omitempty"` // that a task which needs one needs
}

type (
	function = func(context.Context, *task.Run, args) (any, error)
	option   = func(*task.Spec[args])
)

// define declares a cancellable, pausable task.
func define(name string, run function, options ...option) task.Task[args] {
	spec := task.Spec[args]{
		Name: name, Summary: "Test", Permission: task.SignedIn, Cancellable: true, Pausable: true,
		ExclusiveKey: func(a args) string { return a.Exclusive },
		Resource:     func(a args) string { return a.Resource },
		Status:       func(task.Described[args]) task.Status { return task.Status{} },
		Run:          run,
	}
	for _, o := range options {
		o(&spec)
	}
	return task.Define(spec)
}

// hold works until it is told to stop.
func hold(ctx context.Context, _ *task.Run, _ args) (any, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

var errBroken = errors.New("broken")

func fail(context.Context, *task.Run, args) (any, error) { return nil, errBroken }

func succeed(context.Context, *task.Run, args) (any, error) { return "done", nil }

// world is a store with an engine on it.
type world struct {
	*engine.Engine

	t     testing.TB
	store *store.Store
	path  string
}

// bubble runs the test in fake time.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// build makes a world that is not started yet.
func build(t testing.TB, configure func(*engine.Config), tasks ...task.Declared) *world {
	t.Helper()
	return buildIn(t, t.TempDir(), configure, tasks...)
}

// buildIn makes it in the folder.
func buildIn(t testing.TB, folder string, configure func(*engine.Config), tasks ...task.Declared) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(folder, "app.sqlite3")}
	s, err := store.Open(t.Context(), w.path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.store = s
	w.Engine = w.another(configure, tasks...)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// another makes a further engine on the same store.
func (w *world) another(configure func(*engine.Config), tasks ...task.Declared) *engine.Engine {
	w.t.Helper()
	registry, err := task.NewRegistry(tasks...)
	if err != nil {
		w.t.Fatal(err)
	}
	config := engine.Config{Store: w.store, Registry: registry, Log: slog.New(slog.DiscardHandler), Clock: &clocktest.Clock{}}
	if configure != nil {
		configure(&config)
	}
	e := engine.New(config)
	w.t.Cleanup(func() {
		if err := e.Stop(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
	return e
}

// started makes a world whose engine runs.
func started(t testing.TB, tasks ...task.Declared) *world {
	t.Helper()
	w := build(t, nil, tasks...)
	w.start()
	return w
}

func (w *world) start() {
	w.t.Helper()
	if err := w.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) enqueue(of task.Task[args], a args, when ...task.When) task.Job {
	w.t.Helper()
	return enqueue(w.t, w.Engine, of, a, when...)
}

func enqueue(t testing.TB, queue task.Queue, of task.Task[args], a args, when ...task.When) task.Job {
	t.Helper()
	draft := drafted{}
	if _, err := of.Enqueue(t.Context(), &draft, a); err != nil {
		t.Fatal(err)
	}
	for _, w := range when {
		draft.job.When = &w
	}
	stored, err := queue.Enqueue(t.Context(), draft.job)
	if err != nil {
		t.Fatal(err)
	}
	return stored.First()
}

// drafted is a queue that keeps the job it is asked for.
type drafted struct{ job task.NewJob }

func (d *drafted) Enqueue(_ context.Context, jobs ...task.NewJob) (task.Stored, error) {
	d.job = jobs[0]
	return task.StoredJobs(task.Job{}), nil
}

func (d *drafted) CancelTask(context.Context, string) (int, error) { return 0, nil }

// read answers the stored job.
func (w *world) read(id task.ID) task.Job {
	w.t.Helper()
	j, err := w.store.Job(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

// expect waits until nothing moves any more and checks the job's state.
func (w *world) expect(id task.ID, want task.State) task.Job {
	w.t.Helper()
	synctest.Wait()
	j := w.read(id)
	if j.State != want {
		w.t.Fatalf("job %s is %v, want %v; failure %+v", id, j.State, want, j.Failure)
	}
	return j
}

func (w *world) attempts(j task.Job) []task.Attempt {
	w.t.Helper()
	attempts, err := w.store.Attempts(w.t.Context(), j.Number)
	if err != nil {
		w.t.Fatal(err)
	}
	return attempts
}

// one gives a command one job and answers it.
func one(t testing.TB, command func(context.Context, []task.ID) ([]task.Job, error), id task.ID) task.Job {
	t.Helper()
	jobs, err := command(t.Context(), []task.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	return jobs[0]
}

// run cancels one run of the jobs.
func (w *world) cancelRun(ctx context.Context, ids []task.ID) ([]task.Job, error) {
	return w.Cancel(ctx, ids, false)
}

// pass lets fake time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// diary keeps what happened, in order.
type diary struct {
	mu    sync.Mutex
	lines []string // guarded by mu
}

func (d *diary) write(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

// shaky is a store that counts its calls and fails when it is told to.
type shaky struct {
	engine.Store

	mu    sync.Mutex
	calls map[string]int           // guarded by mu
	fails func(method string) bool // guarded by mu; nil: never
	after func(changed []task.Job) // guarded by mu; called after every Change
	error error                    // guarded by mu; what a call that fails answers, errStorage when nil

	before   func(steps []*task.Step) // set before the engine starts; called before every Advance
	readPage func(page []task.Job)    // set before the engine starts; called after every Ready
}

var errStorage = errors.New("the disk does not answer")

func (s *shaky) call(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[method]++
	if s.fails != nil && s.fails(method) {
		return cmp.Or(s.error, errStorage)
	}
	return nil
}

func (s *shaky) failing(fails func(method string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = fails
}

// full lets every write fail as on a disk without room, or none.
func (s *shaky) full(is bool) {
	s.failing(func(method string) bool {
		return is && slices.Contains([]string{"Change", "Advance", "SaveNotes", "RunAhead", "RanAhead", "NoteBegun"}, method)
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.error = fault.New(fault.DiskFull)
}

func (s *shaky) count(methods ...string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for method, calls := range s.calls {
		if len(methods) == 0 || slices.Contains(methods, method) {
			n += calls
		}
	}
	return n
}

func (s *shaky) Insert(ctx context.Context, drafts []task.Draft) ([]task.Inserted, error) {
	if err := s.call("Insert"); err != nil {
		return nil, err
	}
	return s.Store.Insert(ctx, drafts)
}

func (s *shaky) Change(ctx context.Context, ids []task.ID, change func(*task.Job) error) ([]task.Job, error) {
	if err := s.call("Change"); err != nil {
		return nil, err
	}
	changed, err := s.Store.Change(ctx, ids, change)
	s.mu.Lock()
	after := s.after
	s.mu.Unlock()
	if after != nil {
		after(changed)
	}
	return changed, err
}

func (s *shaky) Advance(ctx context.Context, steps ...*task.Step) error {
	if err := s.call("Advance"); err != nil {
		return err
	}
	if s.before != nil {
		s.before(steps)
	}
	err := s.Store.Advance(ctx, steps...)
	s.mu.Lock()
	after := s.after
	s.mu.Unlock()
	for _, step := range steps {
		if after != nil && step.Done {
			after([]task.Job{step.After})
		}
	}
	return err
}

func (s *shaky) Ready(ctx context.Context, priority task.Priority, after *task.Place, limit int) ([]task.Job, error) {
	if err := s.call("Ready"); err != nil {
		return nil, err
	}
	page, err := s.Store.Ready(ctx, priority, after, limit)
	if err == nil && s.readPage != nil {
		s.readPage(page)
	}
	return page, err
}

func (s *shaky) Job(ctx context.Context, id task.ID) (task.Job, error) {
	if err := s.call("Job"); err != nil {
		return task.Job{}, err
	}
	return s.Store.Job(ctx, id)
}

func (s *shaky) InStates(ctx context.Context, states ...task.State) ([]task.Job, error) {
	if err := s.call("InStates"); err != nil {
		return nil, err
	}
	return s.Store.InStates(ctx, states...)
}

func (s *shaky) DueBy(ctx context.Context, now time.Time) ([]task.Job, error) {
	if err := s.call("DueBy"); err != nil {
		return nil, err
	}
	return s.Store.DueBy(ctx, now)
}

func (s *shaky) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := s.call("NextDue"); err != nil {
		return time.Time{}, false, err
	}
	return s.Store.NextDue(ctx)
}

func (s *shaky) SaveNotes(ctx context.Context, notes ...task.Notes) error {
	if err := s.call("SaveNotes"); err != nil {
		return err
	}
	return s.Store.SaveNotes(ctx, notes...)
}

func (s *shaky) RunAhead(ctx context.Context, name string) error {
	if err := s.call("RunAhead"); err != nil {
		return err
	}
	return s.Store.RunAhead(ctx, name)
}

func (s *shaky) NoteBegun(place int, begun task.Begun) error {
	if err := s.call("NoteBegun"); err != nil {
		return err
	}
	return s.Store.NoteBegun(place, begun)
}

func (s *shaky) RanAhead(ctx context.Context, tasks ...string) error {
	if err := s.call("RanAhead"); err != nil {
		return err
	}
	return s.Store.RanAhead(ctx, tasks...)
}

func (s *shaky) AwaitsClock(ctx context.Context) (bool, error) {
	if err := s.call("AwaitsClock"); err != nil {
		return false, err
	}
	return s.Store.AwaitsClock(ctx)
}

func (s *shaky) MoveClock(ctx context.Context, by time.Duration, replan func(*task.Job)) error {
	if err := s.call("MoveClock"); err != nil {
		return err
	}
	return s.Store.MoveClock(ctx, by, replan)
}

// shaken makes a world on a shaky store.
func shaken(t testing.TB, tasks ...task.Declared) (*world, *shaky) {
	t.Helper()
	var s shaky
	w := build(t, func(c *engine.Config) {
		s.Store = c.Store
		c.Store = &s
	}, tasks...)
	return w, &s
}
