package sqlitedb

import "database/sql"

// Explain answers what is said of an error of a database that was opened for
// writing, or to read.
func Explain(err error, writing bool) error {
	db := &DB{path: "test.sqlite3"}
	if writing {
		db.pool = &sql.DB{}
	}
	return db.explain(err)
}

// Room is what keeps the log longer than what is used of it.
type Room = room

// NewRoom answers that of a log which begins anew with so many pages.
func NewRoom(log string, pages int64) *Room { return &room{log: log, pages: pages} }

// Keep is called after each change.
func (r *room) Keep() { r.keep() }

// Close lets go of the log.
func (r *room) Close() { r.close() }
