package main

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// riverSystem is River with the shortest pauses that it allows.
type riverSystem struct {
	db      *sql.DB
	client  *river.Client[*sql.Tx]
	started bool
}

// riverArgs are the arguments of a job that does nothing.
type riverArgs struct{}

// Kind implements river.JobArgs.
func (riverArgs) Kind() string { return "nothing" }

type riverWorker struct {
	river.WorkerDefaults[riverArgs]

	ran func()
}

// Work implements river.Worker.
func (w *riverWorker) Work(context.Context, *river.Job[riverArgs]) error {
	w.ran()
	return nil
}

func openRiver(ctx context.Context, folder string, how syncing, ran func()) (system, error) {
	db, err := openSQLite(folder, how)
	if err != nil {
		return nil, err
	}
	driver := riversqlite.New(db)
	silent := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: silent})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	all := river.NewWorkers()
	river.AddWorker(all, &riverWorker{ran: ran})
	client, err := river.NewClient(driver, &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:           all,
		Logger:            silent,
		FetchCooldown:     time.Millisecond,
		FetchPollInterval: time.Millisecond,
		JobTimeout:        -1,
	})
	if err != nil {
		return nil, err
	}
	return &riverSystem{db: db, client: client}, nil
}

func (s *riverSystem) enqueue(ctx context.Context) error {
	_, err := s.client.Insert(ctx, riverArgs{}, nil)
	return err
}

func (s *riverSystem) enqueueMany(ctx context.Context, n int) error {
	jobs := make([]river.InsertManyParams, n)
	for i := range jobs {
		jobs[i] = river.InsertManyParams{Args: riverArgs{}}
	}
	_, err := s.client.InsertManyFast(ctx, jobs)
	return err
}

func (s *riverSystem) start(ctx context.Context) error {
	s.started = true
	return s.client.Start(ctx)
}

func (s *riverSystem) close() error {
	if s.started {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.client.StopAndCancel(ctx)
	}
	return s.db.Close()
}
