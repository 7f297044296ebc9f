// Package datadir knows the folder that holds everything of one person: where
// it is, what lies where in it, and which process owns it.
//
//	app.sqlite3        jobs, schedules, library, people, settings
//	app.sqlite3-open   there while the database is open for writing
//	app.sqlite3-begun  which short jobs were under way, for the start after a death
//	content/databases  channel databases  \  Kolibri's own layout
//	content/storage    files of channels  /
//	logs               what happened, for whoever helps
//	backups            copies of app.sqlite3
//	lock               held by the process that owns the folder
//	owner.json         who that is, for words
package datadir
