// Package backup keeps copies of the program's database, finds out whether the
// database is whole, and brings a copy back.
//
// In the data folder:
//
//	backups/backup-0012-20260501-120000.sqlite3   the twelfth copy
//	app.damaged-20260501-120000.sqlite3           a database that was set aside
//	app.replaced-20260501-120000.sqlite3          one that a copy took the place of
//	app.restoring.sqlite3                         a copy being made ready
//	app.restored-20260501-120000.sqlite3          one that is ready
//
// Nothing that was set aside or replaced is ever deleted. A copy that is ready
// takes the place of the database in steps that a power cut may come between:
// Ready goes on from wherever they ended.
//
// Copies are numbered, and the numbers tell which is the latest: the clock of
// a laptop may have been in 1970 when one was made.
package backup
