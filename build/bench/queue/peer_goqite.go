package main

import (
	"context"
	"database/sql"
	_ "embed"
	"sync"
	"time"

	"maragu.dev/goqite"
)

// goqiteSystem is goqite without its runner, which sleeps between looks: each
// worker receives and deletes by itself, and is woken by an enqueue. It keeps
// no history and no attempts, since goqite has none.
type goqiteSystem struct {
	db    *sql.DB
	queue *goqite.Queue
	ran   func()
	news  chan struct{}
	going sync.WaitGroup
	stop  context.CancelFunc
}

//go:embed goqite.sql
var goqiteSchema string

func openGoqite(ctx context.Context, folder string, how syncing, ran func()) (system, error) {
	db, err := openSQLite(folder, how)
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, goqiteSchema); err != nil {
		return nil, err
	}
	queue := goqite.New(goqite.NewOpts{DB: db, Name: "bench", Timeout: time.Minute})
	return &goqiteSystem{db: db, queue: queue, ran: ran, news: make(chan struct{}, workers), stop: func() {}}, nil
}

func (s *goqiteSystem) enqueue(ctx context.Context) error {
	err := s.queue.Send(ctx, goqite.Message{Body: []byte("{}")})
	s.nudge()
	return err
}

func (s *goqiteSystem) nudge() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *goqiteSystem) enqueueMany(ctx context.Context, n int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for range n {
		if err := s.queue.SendTx(ctx, tx, goqite.Message{Body: []byte("{}")}); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *goqiteSystem) start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(ctx)
	for range workers {
		s.going.Go(func() { s.work(ctx) })
	}
	return nil
}

func (s *goqiteSystem) work(ctx context.Context) {
	for ctx.Err() == nil {
		message, err := s.queue.Receive(ctx)
		if err != nil {
			return
		}
		if message == nil {
			select {
			case <-ctx.Done():
			case <-s.news:
			}
			continue
		}
		s.ran()
		if err := s.queue.Delete(context.WithoutCancel(ctx), message.ID); err != nil {
			return
		}
	}
}

func (s *goqiteSystem) close() error {
	s.stop()
	s.going.Wait()
	return s.db.Close()
}
