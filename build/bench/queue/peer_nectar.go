package main

import (
	"context"
	"path/filepath"

	"nectar/backend/engine"
	"nectar/backend/store"
	"nectar/backend/task"
)

// nectarSystem is our engine as the program uses it, over its own store.
type nectarSystem struct {
	store  *store.Store
	engine *engine.Engine
	work   task.Task[nectarArgs]
}

type nectarArgs struct{}

func openNectar(ctx context.Context, folder string, how syncing, ran func()) (system, error) {
	return openNectarAt(ctx, filepath.Join(folder, "app.sqlite3"), how, ran)
}

func openNectarAt(ctx context.Context, path string, how syncing, ran func()) (*nectarSystem, error) {
	st, err := store.Open(ctx, path, store.Options{Unsynced: how != full})
	if err != nil {
		return nil, err
	}
	work := task.Define(task.Spec[nectarArgs]{
		Name: "bench.nothing", Summary: "Do nothing", Permission: task.SignedIn,
		Run: func(context.Context, *task.Run, nectarArgs) (any, error) {
			ran()
			return nil, nil
		},
	})
	registry, err := task.NewRegistry(work)
	if err != nil {
		return nil, err
	}
	// Two of the workers are for urgent jobs alone, so there are eight others.
	e := engine.New(engine.Config{Store: st, Registry: registry, Regular: workers, High: 2})
	return &nectarSystem{store: st, engine: e, work: work}, nil
}

func (s *nectarSystem) enqueue(ctx context.Context) error {
	_, err := s.work.Enqueue(ctx, s.engine, nectarArgs{})
	return err
}

func (s *nectarSystem) enqueueMany(ctx context.Context, n int) error {
	jobs := make([]task.NewJob, n)
	for i := range jobs {
		jobs[i] = task.NewJob{Task: s.work.Definition, Args: []byte("{}")}
	}
	_, err := s.engine.Enqueue(ctx, jobs...)
	return err
}

func (s *nectarSystem) start(ctx context.Context) error { return s.engine.Start(ctx) }

// settle answers when the end of every job that ran is stored.
func (s *nectarSystem) settle() error { return s.engine.Stop(context.Background()) }

func (s *nectarSystem) close() error {
	if err := s.engine.Stop(context.Background()); err != nil {
		return err
	}
	return s.store.Close()
}
