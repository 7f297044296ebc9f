package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/fault"
)

// maxRowBytes bounds one row, and so the memory that a hostile one can take.
const maxRowBytes = 16 << 20

// pragmas harden a connection. Nothing is mapped into memory, because a drive
// that is pulled out would then kill the process; sorting may spill to the
// laptop's own temporary folder, which bounds memory.
const pragmas = `
	PRAGMA trusted_schema = OFF;
	PRAGMA cell_size_check = ON;
	PRAGMA ignore_check_constraints = ON;
	PRAGMA query_only = ON;
	PRAGMA mmap_size = 0;
	PRAGMA cache_size = -4096`

// connector opens hardened connections to one file.
type connector struct {
	driver sqlite3.SQLiteDriver
	dsn    string
}

// connect answers a pool for the file, which is opened on the first query.
func connect(path string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", path).Because(err)
	}
	pool := sql.OpenDB(&connector{dsn: dsn(absolute)})
	pool.SetMaxIdleConns(1)
	return pool, nil
}

// dsn answers the URI by which SQLite opens the file as one that nobody
// changes: without locks, and blind to a journal beside it.
func dsn(absolute string) string {
	path := filepath.ToSlash(absolute)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… of Windows
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&immutable=1"
}

// Connect implements driver.Connector.
func (c *connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("open connection: unexpected type %T", opened), opened.Close())
	}
	conn.SetLimit(sqlite3.SQLITE_LIMIT_LENGTH, maxRowBytes)
	if _, err := conn.Exec(pragmas, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return &c.driver }
