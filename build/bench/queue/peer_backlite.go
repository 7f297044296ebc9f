package main

import (
	"context"
	"database/sql"
	"time"

	"github.com/mikestefanello/backlite"
)

// backliteSystem is backlite, which keeps completed tasks. It sleeps a tenth
// of a second when all its workers are busy, and has no setting for that.
type backliteSystem struct {
	db     *sql.DB
	client *backlite.Client
	stop   context.CancelFunc
}

// nothing is a task that does nothing.
type nothing struct{}

// Config implements backlite.Task.
func (nothing) Config() backlite.QueueConfig {
	return backlite.QueueConfig{
		Name: "bench", MaxAttempts: 1, Timeout: time.Minute,
		Retention: &backlite.Retention{Data: &backlite.RetainData{}},
	}
}

func openBacklite(_ context.Context, folder string, how syncing, ran func()) (system, error) {
	db, err := openSQLite(folder, how)
	if err != nil {
		return nil, err
	}
	client, err := backlite.NewClient(backlite.ClientConfig{DB: db, NumWorkers: workers, ReleaseAfter: time.Hour})
	if err != nil {
		return nil, err
	}
	if err := client.Install(); err != nil {
		return nil, err
	}
	client.Register(backlite.NewQueue(func(context.Context, nothing) error {
		ran()
		return nil
	}))
	return &backliteSystem{db: db, client: client, stop: func() {}}, nil
}

func (s *backliteSystem) enqueue(ctx context.Context) error {
	_, err := s.client.Add(nothing{}).Ctx(ctx).Save()
	return err
}

func (s *backliteSystem) enqueueMany(ctx context.Context, n int) error {
	tasks := make([]backlite.Task, n)
	for i := range tasks {
		tasks[i] = nothing{}
	}
	_, err := s.client.Add(tasks...).Ctx(ctx).Save()
	return err
}

func (s *backliteSystem) start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(ctx)
	s.client.Start(ctx)
	return nil
}

func (s *backliteSystem) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s.client.Stop(ctx)
	s.stop()
	return s.db.Close()
}
