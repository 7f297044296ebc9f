package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/fault"
)

// maxRowBytes bounds one row, and so the memory that a hostile one can take.
const maxRowBytes = 16 << 20

// limits are bounds of a connection that nothing here comes near to.
var limits = map[int]int{
	sqlite3.SQLITE_LIMIT_LENGTH:        maxRowBytes,
	sqlite3.SQLITE_LIMIT_ATTACHED:      0,
	sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
	sqlite3.SQLITE_LIMIT_EXPR_DEPTH:    100,
}

// pragmas harden a connection. Nothing is mapped into memory, because a drive
// that is pulled out would then kill the process; sorting may spill to the
// laptop's own temporary folder, which bounds memory.
const pragmas = `
	PRAGMA trusted_schema = OFF;
	PRAGMA cell_size_check = ON;
	PRAGMA ignore_check_constraints = ON;
	PRAGMA query_only = ON;
	PRAGMA mmap_size = 0;
	PRAGMA cache_size = -512`

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
// changes: without locks, and blind to a journal beside it. Nor does SQLite lock
// the connection for each value that is read: the pool gives it to one at a time.
func dsn(absolute string) string {
	path := filepath.ToSlash(absolute)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… of Windows
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&immutable=1&_mutex=no"
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
	for limit, bound := range limits {
		conn.SetLimit(limit, bound)
	}
	if _, err := conn.Exec(pragmas, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	conn.RegisterAuthorizer(onlyRead)
	return conn, nil
}

// onlyRead lets a connection do nothing but what reading takes: no writing of
// any kind, no other file, no setting. Whatever is in the file, it cannot make
// a statement of ours do more.
func onlyRead(operation int, first, second, _ string) int {
	switch operation {
	case sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ:
		return sqlite3.SQLITE_OK
	case sqlite3.SQLITE_FUNCTION:
		if strings.EqualFold(second, "load_extension") {
			return sqlite3.SQLITE_DENY
		}
		return sqlite3.SQLITE_OK
	case sqlite3.SQLITE_PRAGMA:
		if slices.Contains([]string{"table_list", "table_xinfo", "quick_check"}, first) {
			return sqlite3.SQLITE_OK
		}
	}
	return sqlite3.SQLITE_DENY
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return &c.driver }
