// Package sqlitedb opens the program's own databases: our pragmas, one writer
// whose changes are committed in groups, readers that never wait for it, and
// numbered migrations.
//
// It is not for databases of strangers: those are read by package
// channel/db, which trusts nothing in them.
package sqlitedb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/mattn/go-sqlite3" // also registers the driver

	"nectar/backend/fault"
	"nectar/backend/rounds"
)

// DB is an open database. It may be used from several goroutines.
type DB struct {
	path   string
	pool   *sql.DB // the one writing connection; nil when opened to read
	writer *sql.Conn
	reader *sql.DB

	beforeCommit func(*Tx) error
	stmts        map[string]*sql.Stmt // used by whoever holds the turn, as the next two
	execs        map[string]execStmt
	named        []driver.NamedValue

	room room // used by whoever holds the turn

	alone  sync.Mutex // held while anything is done with the writer
	gone   bool       // guarded by alone: closed
	groups rounds.Rounds[*change]
}

// Options say how to open a database.
type Options struct {
	// ApplicationID marks the file as ours; a file with another mark is
	// refused (fault.ForeignData).
	ApplicationID int32
	// Migrations bring an older file up to date. A file with a later version
	// than the last migration is refused, unharmed (fault.NewerData).
	Migrations []string
	// BeforeMigration, if set, is called once before an existing file of an
	// older version is changed.
	BeforeMigration func(path string, version int) error
	// BeforeCommit, if set, is called in each transaction after its changes.
	BeforeCommit func(*Tx) error
	// Unsynced gives up durability: a change is answered before it is on the
	// disk.
	Unsynced bool
}

// The pragmas of every connection. FULL, because power cuts are normal where
// our users live: what was promised must be on the disk.
const pragmas = "_busy_timeout=10000&_foreign_keys=on&_cache_size=-2000"

// Open opens the database for reading and writing, makes it when there is
// none, and migrates it. Only one process may have it open this way; the
// caller holds the lock that ensures it.
func Open(ctx context.Context, path string, options Options) (*DB, error) {
	if err := inspect(ctx, path, options); err != nil {
		return nil, err
	}
	synchronous := "full"
	if options.Unsynced {
		synchronous = "normal"
	}
	// Without a lock of its own: whoever uses this connection holds the turn.
	pool, err := sql.Open("sqlite3", dsn(path, pragmas+"&_journal_mode=wal&_txlock=immediate&_mutex=no&_synchronous="+synchronous))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(1)
	db := &DB{
		path: path, pool: pool, stmts: map[string]*sql.Stmt{}, execs: map[string]execStmt{}, beforeCommit: options.BeforeCommit,
		room: room{log: path + "-wal", pages: checkpointPages, ended: options.Unsynced},
	}
	if db.writer, err = pool.Conn(ctx); err != nil {
		_ = pool.Close()
		return nil, db.explain(err)
	}
	if err := db.prepare(ctx, options); err != nil {
		_ = db.writer.Close()
		_ = pool.Close()
		return nil, db.explain(err)
	}
	return db, nil
}

// prepare migrates the database, and makes it ready for use.
func (db *DB) prepare(ctx context.Context, options Options) error {
	if _, err := db.writer.ExecContext(ctx, fmt.Sprint("PRAGMA wal_autocheckpoint = ", checkpointPages)); err != nil {
		return err
	}
	if err := db.migrate(ctx, options); err != nil {
		return err
	}
	if _, err := db.writer.ExecContext(ctx, fmt.Sprint("PRAGMA cache_size = -", writerCache)); err != nil {
		return err
	}
	var err error
	db.reader, err = openReader(ctx, db.path, "")
	return err
}

// writerCache is how much of the database the writer keeps in memory, in KiB, once it is
// migrated. A change touches few pages, and what else is read of the file the system keeps:
// more is only memory to be asked for, in which the first changes took nearly twice as long.
// What a change has more is in the log before it ends.
const writerCache = 512

// OpenToRead opens an existing database without changing anything in it. It
// may be open for writing in another process. Write answers an error.
func OpenToRead(ctx context.Context, path string, options Options) (*DB, error) {
	return openToRead(ctx, path, options, "")
}

func openToRead(ctx context.Context, path string, options Options, further string) (*DB, error) {
	db := &DB{path: path}
	reader, err := openReader(ctx, path, further)
	if err != nil {
		return nil, db.explain(err)
	}
	db.reader = reader
	if err := db.admit(ctx, reader, options); err != nil {
		_ = reader.Close()
		return nil, db.explain(err)
	}
	return db, nil
}

// inspect refuses an existing file that is not for us before anything, even
// its journal mode, is changed in it.
func inspect(ctx context.Context, path string, options Options) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	db, err := openToRead(ctx, path, options, undisturbed(path))
	if err != nil {
		return err
	}
	return db.Close()
}

// undisturbed answers the option that lets a file be read without a trace: a
// mere reader makes files beside it. A file with a write-ahead log cannot be
// read so.
func undisturbed(path string) string {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return ""
	}
	return "&immutable=1"
}

// keptStatements keeps the statements that a reading connection was asked last
// prepared: most questions are asked again and again.
const keptStatements = "&_stmt_cache_size=16"

func openReader(ctx context.Context, path, further string) (*sql.DB, error) {
	// Without a lock of its own: package sql lets one caller at a time use a connection, and
	// SQLite would lock it for each value of each row.
	reader, err := sql.Open("sqlite3", dsn(path, pragmas+"&mode=ro&_query_only=on&_mutex=no"+keptStatements+further))
	if err != nil {
		return nil, fmt.Errorf("open database to read: %w", err)
	}
	reader.SetMaxOpenConns(4)
	reader.SetMaxIdleConns(2)
	if err := reader.PingContext(ctx); err != nil {
		_ = reader.Close()
		return nil, fmt.Errorf("open database to read: %w", err)
	}
	return reader, nil
}

// dsn names a file for the driver. The path goes through URL escaping, so
// that no character in it can become an option.
func dsn(path, query string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a Windows path: file:///C:/...
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: query}).String()
}

// Close waits for the changes under way and closes the database.
func (db *DB) Close() error {
	if !db.groups.Close() {
		return nil
	}
	db.alone.Lock()
	defer db.alone.Unlock()
	db.gone = true
	var errs []error
	for _, stmt := range db.stmts {
		errs = append(errs, stmt.Close())
	}
	if len(db.execs) > 0 {
		var closing []error
		err := db.writer.Raw(func(any) error {
			for _, stmt := range db.execs {
				closing = append(closing, stmt.Close())
			}
			return nil
		})
		errs = append(append(errs, err), closing...)
	}
	db.room.close() // before SQLite removes the log: on Windows nobody may have it open then
	errs = append(errs, db.reader.Close())
	if db.writer != nil {
		errs = append(errs, db.writer.Close(), db.pool.Close())
	}
	return errors.Join(errs...)
}

// Reader answers the reading connections. They see what was committed, and
// never wait for the writer.
func (db *DB) Reader() *sql.DB { return db.reader }

// explain turns what SQLite says of the whole file into words for people.
func (db *DB) explain(err error) error {
	var lite sqlite3.Error
	if !errors.As(err, &lite) {
		return err
	}
	switch lite.Code {
	case sqlite3.ErrNotADB, sqlite3.ErrCorrupt:
		return fault.New(fault.DamagedData, "path", db.path).Because(err)
	case sqlite3.ErrFull:
		return fault.New(fault.DiskFull, "path", db.path, "needed", 0, "free", 0).Because(err)
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen, sqlite3.ErrAuth, sqlite3.ErrIoErr:
		code := fault.NoWrite
		if db.pool == nil {
			code = fault.NoRead
		}
		if full(lite.SystemErrno) || db.pool != nil && lite.Code == sqlite3.ErrCantOpen && noFileFits(db.path) {
			return fault.New(fault.DiskFull, "path", db.path, "needed", 0, "free", 0).Because(err)
		}
		return fault.New(code, "path", db.path).Because(err)
	}
	return err
}

// noFileFits reports whether the disk has no room for one more file beside this
// one. Of a file that it cannot make, SQLite tells why a second try failed, to
// open it as one that is there.
func noFileFits(path string) bool {
	probe, err := os.CreateTemp(filepath.Dir(path), ".nectar-*.probe")
	if err != nil {
		var errno syscall.Errno
		return errors.As(err, &errno) && full(errno)
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return false
}
