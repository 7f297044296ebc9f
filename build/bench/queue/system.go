package main

import (
	"context"
	"database/sql"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3"
)

// sync is how a commit is made durable.
type syncing string

const (
	normal syncing = "NORMAL" // a power cut may take the last commits
	full   syncing = "FULL"   // each commit is on the disk
)

// workers is how many jobs run at once.
const workers = 8

// system is a job queue under test.
type system interface {
	// enqueue stores one job that does nothing.
	enqueue(ctx context.Context) error
	// enqueueMany stores so many, all or none.
	enqueueMany(ctx context.Context, n int) error
	// start begins to run jobs.
	start(ctx context.Context) error
	// close ends what runs and closes the database.
	close() error
}

// peer is a kind of system.
type peer struct {
	name string
	// open makes a system on a database in the folder; ran is called by each
	// job as it runs.
	open func(ctx context.Context, folder string, how syncing, ran func()) (system, error)
}

var (
	ours         = peer{"Nectar", openNectar}
	goqitePeer   = peer{"goqite", openGoqite}
	backlitePeer = peer{"backlite", openBacklite}
	riverPeer    = peer{"River", openRiver}
)

// The settings of every database but ours, which has its own: those that ours has
// too, and more memory.
const (
	settings         = "?_journal_mode=WAL&_busy_timeout=10000&_foreign_keys=on&_txlock=immediate&_cache_size=-16000"
	seldomCheckpoint = "PRAGMA wal_autocheckpoint = 16000"
)

// openSQLite opens a database for a peer: one connection, as they all advise,
// and our settings.
func openSQLite(folder string, how syncing) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", filepath.Join(folder, "queue.sqlite3")+settings+"&_synchronous="+string(how))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	_, err = db.Exec(seldomCheckpoint)
	return db, err
}
