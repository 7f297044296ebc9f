package store

import (
	"context"

	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

// Copy writes a whole copy of the database into the file at to, which must be
// empty or not there, also while somebody writes to the database. It does not
// sync the copy, and on an error it may leave half of one.
func Copy(ctx context.Context, from, to string) error { return sqlitedb.Copy(ctx, from, to) }

// Examine looks whether the file is a whole database of ours, changes nothing
// in it, and answers its version: 0 when it holds nothing yet. A damaged one
// is fault.DamagedData. Thorough also compares the indexes with their tables.
func Examine(ctx context.Context, path string, thorough bool) (version int, err error) {
	scripts, err := scripts()
	if err != nil {
		return 0, err
	}
	depth := sqlitedb.Quick
	if thorough {
		depth = sqlitedb.Thorough
	}
	return sqlitedb.Examine(ctx, path, sqlitedb.Options{ApplicationID: applicationID, Migrations: scripts}, depth)
}

// derived are the tables that the program fills by itself from others, or from
// what it finds on the machine.
var derived = []string{
	"job_kinds", "job_counts", "job_blocks", "job_numbers", "titles", "seeds", "known_sources", "seen_folders", "run_ahead",
}

// Same reports whether the newer database holds what the older one does, and
// nothing beside: in the tables and columns that the older one has, but for
// what the program fills in by itself. The newer one may be of a version that
// this program cannot read. Nobody may write to either meanwhile.
func Same(ctx context.Context, older, newer string) (bool, error) {
	return sqlitedb.Same(ctx, older, newer, derived)
}

// Contents is how much a database holds.
type Contents struct {
	Jobs   int64
	People int64
	// LastJob is the number of the job that was created last, 0 for none.
	LastJob int64
	// Held is how many jobs are paused until somebody decides; see
	// task.NeedDecision.
	Held int64
}

// Contents counts what the database holds.
func (s *Store) Contents(ctx context.Context) (Contents, error) {
	found, err := collect(ctx, s, func(r row) (Contents, error) {
		var c Contents
		return c, r.Scan(&c.Jobs, &c.People, &c.LastJob, &c.Held)
	}, `SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM people),
		`+lastNumber+`, (SELECT count(*) FROM jobs WHERE waiting_code = '`+task.NeedDecision+`' AND state = 5)`)
	if err != nil {
		return Contents{}, err
	}
	return found[0], nil
}

// Slack answers the size of the database in bytes, and how much of it holds
// nothing any more.
func (s *Store) Slack(ctx context.Context) (size, unused int64, err error) { return s.db.Slack(ctx) }

// Vacuum gives back what holds nothing any more. It needs room for a second
// database meanwhile, and whoever writes waits for its end.
func (s *Store) Vacuum(ctx context.Context) error { return s.db.Vacuum(ctx) }
