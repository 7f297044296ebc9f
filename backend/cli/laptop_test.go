package cli_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"nectar/backend"
	"nectar/backend/backup"
	"nectar/backend/channel/source"
	"nectar/backend/cli"
	"nectar/backend/clock"
	"nectar/backend/datadir"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/handover"
	"nectar/backend/i18n"
	"nectar/backend/library"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
	upgrade "nectar/backend/update"
	"nectar/backend/wire"
)

// laptop opens data folders as the program does, with the tasks of these
// tests.
type laptop struct {
	tasks func(content string) []task.Declared
	clock clock.Clock // nil: the plain one
	// late, if set, answers whether jobs are owed the first time that is asked. Jobs
	// begin when it starts them, and not before.
	late func(owes func() (bool, error), start func() error) (bool, error)

	registries *sync.Map // by content folder; nil: made anew for each call
}

func (l laptop) registry(content string) (*task.Registry, error) {
	if l.registries == nil {
		return task.NewRegistry(l.tasks(content)...)
	}
	if known, ok := l.registries.Load(content); ok {
		return known.(*task.Registry), nil
	}
	registry, err := task.NewRegistry(l.tasks(content)...)
	if err == nil {
		l.registries.Store(content, registry)
	}
	return registry, err
}

func (l laptop) open(path string) cli.Open {
	return func(ctx context.Context, mode cli.Mode) (*cli.Session, error) {
		s, err := l.session(ctx, path, mode)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
}

func (l laptop) session(ctx context.Context, path string, mode cli.Mode) (_ *cli.Session, err error) {
	r := &runner{chosen: map[int64]bool{}, keys: map[string]bool{}}
	defer func() {
		if err != nil {
			_ = r.Close(ctx)
		}
	}()
	if err := r.openStore(ctx, path, mode); err != nil {
		return nil, err
	}
	dir := datadir.Peek(path)
	registry, err := l.registry(dir.Content())
	if err != nil {
		return nil, err
	}
	config := engine.Config{Store: r.store, Registry: registry, Clock: l.clock}
	if mode == cli.ToWait {
		config.Eligible = r.eligible
	}
	r.engine = engine.New(config)
	if mode == cli.ToWork {
		r.late = l.late
	}
	r.runs = mode == cli.ToWait || mode == cli.ToWork
	texts := allTexts()
	services := service.New(service.Config{
		Store: r.store, Registry: registry, Engine: r.engine,
		Library:  library.New(dir.Content(), r.store),
		Open:     openDrive,
		Discover: func(context.Context) ([]source.Source, error) { return drivesIn(filepath.Dir(path)) },
		Space:    func() (service.Space, error) { return service.Space{}, nil },
		Eject: func(_ context.Context, path string) error {
			if filepath.Base(path) == "stick" {
				return nil
			}
			return fault.New(fault.NoEject, "path", path)
		},
		Device: service.DeviceConfig{
			Backups:  backup.Of(dir, nil).List,
			Examine:  backend.Upkeep{Folder: path}.Examine,
			Diagnose: backend.Upkeep{Folder: path}.Diagnose,
			Offer:    func(context.Context, string) (*upgrade.Offer, error) { return nil, nil }, //nolint:nilnil // there is none
		},

		WrongPINs: dir.WrongPINs(),
		Clock:     l.clock,
	})
	if mode != cli.ToRead {
		if err := services.People.Prepare(ctx, ""); err != nil {
			return nil, err
		}
	}
	return &cli.Session{Services: services, Maker: wire.NewMaker(texts, registry, "en"), Runner: r}, nil
}

// allTexts are the texts of the program and of these tests.
var allTexts = sync.OnceValue(func() *i18n.Catalog {
	texts := i18n.New()
	if err := texts.Add(fstest.MapFS{"texts/en.json": {Data: []byte(wordsOfTasks)}}); err != nil {
		panic(err)
	}
	return texts
})

// runner is the runner of a session.
type runner struct {
	engine *engine.Engine
	store  *store.Store
	lock   *datadir.Lock
	empty  string // a folder to remove
	runs   bool
	late   func(owes func() (bool, error), start func() error) (bool, error)
	once   sync.Once

	mu     sync.Mutex
	chosen map[int64]bool  // guarded by mu
	keys   map[string]bool // guarded by mu
}

func (r *runner) openStore(ctx context.Context, path string, mode cli.Mode) (err error) {
	switch {
	case mode != cli.ToRead:
		dir, err := datadir.Open(path)
		if err != nil {
			return err
		}
		if r.lock, err = dir.Lock(); err != nil {
			return err
		}
		r.store, err = store.Open(ctx, dir.Database(), store.Options{})
		return err
	case datadir.Exists(path):
		r.store, err = store.OpenToRead(ctx, datadir.Peek(path).Database(), store.Options{})
		return err
	}
	if r.empty, err = os.MkdirTemp("", "nectar-empty"); err != nil {
		return err
	}
	r.store, err = store.Open(ctx, filepath.Join(r.empty, "app.sqlite3"), store.Options{})
	return err
}

func (r *runner) eligible(j *task.Job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chosen[j.Number] || j.ExclusiveKey != "" && r.keys[j.ExclusiveKey]
}

func (r *runner) Start(ctx context.Context) error {
	if !r.runs || r.late != nil {
		return nil
	}
	return r.engine.Start(ctx)
}

func (r *runner) Owes(ctx context.Context) (bool, error) {
	owes := func() (bool, error) { return r.engine.Owes(ctx) }
	if late := r.late; late != nil {
		r.late = nil
		return late(owes, func() error { return r.engine.Start(ctx) })
	}
	return owes()
}

func (r *runner) Focus(ctx context.Context, job task.Job) error {
	r.mu.Lock()
	r.chosen[job.Number], r.keys[job.ExclusiveKey] = true, true
	r.mu.Unlock()
	return r.engine.Reconsider(ctx)
}

func (r *runner) Close(ctx context.Context) (err error) {
	r.once.Do(func() {
		if r.engine != nil {
			err = r.engine.Stop(ctx)
		}
		if r.store != nil {
			err = errors.Join(err, r.store.Close())
		}
		if r.lock != nil {
			err = errors.Join(err, r.lock.Unlock())
		}
		if r.empty != "" {
			err = errors.Join(err, os.RemoveAll(r.empty))
		}
	})
	return err
}

// console is one call of the command line with what it wrote.
type console struct {
	stdout, stderr bytes.Buffer
	status         int
}

// call carries out a command on a data folder of the test. The signals may be
// nil.
func (l laptop) call(t *testing.T, data string, signals <-chan os.Signal, args ...string) *console {
	t.Helper()
	c := &console{}
	c.status = cli.Run(t.Context(), args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &c.stdout, Stderr: &c.stderr, Signals: signals, Version: "1.2.3",
		Open:   func(string) cli.Open { return l.open(data) },
		Upkeep: func(string) (cli.Upkeep, error) { return backend.Upkeep{Folder: data}, nil },
		Stop:   func(ctx context.Context, _ string) (handover.Role, error) { return backend.Stop(ctx, data) },
	})
	return c
}
