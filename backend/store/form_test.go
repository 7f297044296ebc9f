package store_test

import (
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"nectar/backend/task"
)

// A time is stored as the milliseconds since 1970 in UTC, and comes back in
// UTC, whatever zone it was given in.
func TestTimesAreStoredInUTC(t *testing.T) {
	t.Parallel()
	s, path := fresh(t)
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	there := noon.In(kolkata)
	insert(t, s, queued(func(j *task.Job) {
		j.State, j.Due, j.Planned, j.Since, j.Created = task.Completed, there, there, there, there
		j.Attempts, j.Started, j.Finished = 1, there, there
	}))
	j := read(t, s, "1")
	for name, at := range map[string]time.Time{
		"due": j.Due, "planned": j.Planned, "since": j.Since, "created": j.Created, "started": j.Started, "finished": j.Finished,
	} {
		if at.Location() != time.UTC || !at.Equal(noon) {
			t.Errorf("%s is read as %v", name, at)
		}
		if stored := raw(t, path, name); stored != noon.UnixMilli() {
			t.Errorf("%s is stored as %v", name, stored)
		}
	}
}

// raw answers what is stored in a column of the first job.
func raw(t *testing.T, path, column string) (value any) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), "SELECT "+column+" FROM jobs WHERE number = 1").Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// What a task brings along is JSON in a column of that name. The database takes
// nothing else.
func TestJobDataIsJSONInNamedColumns(t *testing.T) {
	t.Parallel()
	s, path := fresh(t)
	const data = `{"a":[1,"ü"]}`
	insert(t, s, queued(func(j *task.Job) {
		j.Args, j.Metadata, j.Result, j.Checkpoint = json.RawMessage(data), json.RawMessage(data), json.RawMessage(data), json.RawMessage(data)
	}))
	for _, column := range []string{"args", "metadata", "result", "checkpoint"} {
		if stored := raw(t, path, column); stored != data {
			t.Errorf("%s is stored as %v", column, stored)
		}
	}
	for name, broken := range map[string]func(*task.Job){
		"args":       func(j *task.Job) { j.Args = json.RawMessage(`{`) },
		"metadata":   func(j *task.Job) { j.Metadata = json.RawMessage(`gob`) },
		"result":     func(j *task.Job) { j.Result = json.RawMessage(`\x80\x04`) },
		"checkpoint": func(j *task.Job) { j.Checkpoint = json.RawMessage(`!!python/object`) },
	} {
		if _, err := s.Insert(t.Context(), []task.Draft{queued(broken)}); err == nil {
			t.Errorf("%s that is no JSON is stored", name)
		}
	}
}
