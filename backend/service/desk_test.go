package service_test

import (
	"context"
	"path/filepath"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
)

// The people of these tests.
var (
	nobody      = auth.Person{}
	teacher     = auth.Person{ID: "t", Name: "Tara", Role: auth.Teacher}
	other       = auth.Person{ID: "o", Name: "Omar", Role: auth.Teacher}
	curator     = auth.Person{ID: "m", Name: "Mona", Role: auth.Teacher, ManageContent: true}
	coordinator = auth.Person{ID: "c", Name: "Cora", Role: auth.Coordinator}
)

// sum are the arguments of most tasks here.
type sum struct {
	X int `json:"x" jsonschema:"minimum=0,maximum=100"`
	Y int `json:"y"`
}

// define declares a task that adds.
func define(name string, permission task.Permission, options ...func(*task.Spec[sum])) task.Task[sum] {
	spec := task.Spec[sum]{
		Name: name, Summary: "Add", Permission: permission, Cancellable: true, Pausable: true,
		Run: func(_ context.Context, _ *task.Run, a sum) (any, error) { return a.X + a.Y, nil },
	}
	for _, o := range options {
		o(&spec)
	}
	return task.Define(spec)
}

// desk is what the services of jobs stand on. Its engine does not run.
type desk struct {
	*service.Jobs

	t      testing.TB
	store  *store.Store
	engine *engine.Engine
	path   string

	registry *task.Registry
}

func newDesk(t testing.TB, tasks ...task.Declared) *desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{t: t, store: s, path: path}
	d.install(tasks...)
	return d
}

// install makes these the tasks of the program.
func (d *desk) install(tasks ...task.Declared) {
	d.t.Helper()
	registry, err := task.NewRegistry(tasks...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.registry = registry
	d.engine = engine.New(engine.Config{Store: d.store, Registry: registry})
	d.Jobs = service.New(service.Config{Store: d.store, Registry: registry, Engine: d.engine}).Jobs
}

// request asks for a sum.
func request(of string, more ...any) service.Request {
	r := service.Request{"type": of, "x": 1, "y": 2}
	for i := 0; i < len(more); i += 2 {
		name, _ := more[i].(string)
		r[name] = more[i+1]
	}
	return r
}

func when(pairs ...any) map[string]any {
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		args[name] = pairs[i+1]
	}
	return args
}

// create stores the job of a request.
func (d *desk) create(person auth.Person, r service.Request) task.Job {
	d.t.Helper()
	jobs, err := d.Create(d.t.Context(), person, []service.Request{r})
	if err != nil {
		d.t.Fatal(err)
	}
	return jobs[0].Job
}

// refusal answers why requests are refused, and checks that nothing was
// stored.
func (d *desk) refusal(person auth.Person, requests ...service.Request) *fault.Fault {
	d.t.Helper()
	before := d.count()
	_, err := d.Create(d.t.Context(), person, requests)
	if err == nil {
		d.t.Fatalf("%v is not refused", requests)
	}
	if d.count() != before {
		d.t.Errorf("%v is refused, and something was stored", requests)
	}
	return fault.Of(err)
}

func (d *desk) count() (n int64) {
	d.t.Helper()
	counts, err := d.Counts(d.t.Context(), coordinator)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, c := range counts {
		n += c
	}
	return n
}

// put stores a job of a state as it is, whoever may create it.
func (d *desk) put(j task.Job) task.Job {
	d.t.Helper()
	inserted, err := d.store.Insert(d.t.Context(), []task.Draft{{Job: &j}})
	if err != nil {
		d.t.Fatal(err)
	}
	return *inserted[0].Job
}

// stored counts the jobs of these states, or all, whoever may see them.
func (d *desk) stored(states ...task.State) int {
	d.t.Helper()
	jobs, err := d.store.Matching(d.t.Context(), task.Filter{States: states, Readable: task.Readable{All: true}}, 0, 10_000)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(jobs)
}

func (d *desk) read(id task.ID) task.Job {
	d.t.Helper()
	j, err := d.store.Job(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return j
}
