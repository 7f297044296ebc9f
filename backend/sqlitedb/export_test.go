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
