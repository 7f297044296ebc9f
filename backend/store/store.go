// Package store keeps the program's data in SQLite: jobs with their attempts,
// problems and logs, people, settings, and the index of the library. All SQL
// of the program's own database is here.
//
// Every change goes through the one writer of package sqlitedb and is durable
// when the method answers.
package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/sqlitedb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks our database files: "NctR" in ASCII.
const applicationID = 0x4e637452

// Store is the open database. Its methods may be called concurrently.
type Store struct {
	db                     *sqlitedb.DB
	now                    func() time.Time
	few, many, look, piece int64         // fewJobs, manyActive, lookedAt and searchPiece, but for tests
	patience               time.Duration // searchTime, but for tests

	begun begunFile

	last     int64        // the number that was given last; for whoever has the writer's turn
	lastTurn atomic.Int64 // a new job that is due before this, in milliseconds, is not in turn; changed by whoever has the writer's turn

	mu     sync.Mutex
	kinds  map[kindKey]int64 // guarded by mu: those that are stored, as far as they were met
	keys   map[int64]kindKey // guarded by mu: the same by their numbers, as far as they were read
	blocks map[int64]span    // guarded by mu: bounds of blocks as they are stored, as far as they were met
	active map[cell]int64    // guarded by mu: how many jobs are not at rest; nil where nobody writes
}

// Options say how to open a store.
type Options struct {
	// Now tells the time; time.Now by default.
	Now func() time.Time
	// BeforeMigration, if set, is called once before an older database is
	// changed.
	BeforeMigration func(path string, version int) error
	// Unsynced lets a change be answered before it is on the disk, to measure
	// beside others that work so. The program never asks for it.
	Unsynced bool
}

// Open opens the database for reading and writing and makes it when there is
// none. The caller holds the data folder's lock.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	s, err := open(ctx, path, options, sqlitedb.Open)
	if err != nil {
		return nil, err
	}
	for _, learn := range []func(context.Context) error{s.learnLast, s.learnLastTurn, s.learnActive} {
		if err = learn(ctx); err != nil {
			break
		}
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// OpenToRead opens an existing database without changing anything, also while
// another process writes to it.
func OpenToRead(ctx context.Context, path string, options Options) (*Store, error) {
	return open(ctx, path, options, sqlitedb.OpenToRead)
}

// OpenEmpty answers a store with nothing in it, to stand for a data folder that
// does not exist. Nothing can be stored in it.
func OpenEmpty(ctx context.Context) (*Store, error) {
	return open(ctx, "", Options{}, func(ctx context.Context, _ string, o sqlitedb.Options) (*sqlitedb.DB, error) {
		return sqlitedb.OpenEmpty(ctx, o)
	})
}

func open(ctx context.Context, path string, options Options,
	how func(context.Context, string, sqlitedb.Options) (*sqlitedb.DB, error),
) (*Store, error) {
	scripts, err := scripts()
	if err != nil {
		return nil, err
	}
	s := &Store{
		now: options.Now, few: fewJobs, many: manyActive, look: lookedAt, piece: searchPiece, patience: searchTime,
		kinds: map[kindKey]int64{}, keys: map[int64]kindKey{}, blocks: map[int64]span{},
	}
	s.begun.path = path + "-begun"
	db, err := how(ctx, path, sqlitedb.Options{
		ApplicationID:   applicationID,
		Migrations:      scripts,
		BeforeMigration: options.BeforeMigration,
		BeforeCommit:    s.settle,
		Unsynced:        options.Unsynced,
	})
	if err != nil {
		return nil, err
	}
	s.db = db
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// Close waits for the changes under way and closes the database.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.begun.close()) }

func scripts() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(names)
	texts := make([]string, len(names))
	for i, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		texts[i] = string(text)
	}
	return texts, nil
}
