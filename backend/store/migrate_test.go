package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

// older makes a database as it was before the given migration and lets the
// script fill it.
func older(t *testing.T, before string, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	db, err := sql.Open("sqlite3", path+"?_foreign_keys=on&_journal_mode=wal")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	version := 0
	for _, name := range names {
		if filepath.Base(name) >= before {
			break
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		version++
		script := fmt.Sprintf("BEGIN;\n%s;\nPRAGMA application_id = 0x4e637452;\nPRAGMA user_version = %d;\nCOMMIT", text, version)
		if _, err := db.ExecContext(t.Context(), script); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	return path
}

// A database that is made anew in part keeps the jobs with their history and
// their numbers.
func TestOlderDataIsKept(t *testing.T) {
	t.Parallel()
	path := older(t, "0008", `
		INSERT INTO job_kinds (kind, task, queue, started_by) VALUES (1, 'maths.add', 'maths', 't');
		INSERT INTO jobs (number, fixed_id, kind, task, state, queue, priority, rank, args, args_hash, twin, metadata, unit, progress, total, cancellable,
				problems, due, planned, repeat, interval, cron, catch_up, attempts, retries, interruptions, outcome, exclusive_key, resource,
				started_by, started_by_name, created, started, finished)
			SELECT n, iif(n = 2, 'maths.daily', NULL), 1, 'maths.add', iif(n = 2, 2, 9), 'maths', 10, 0, '{"x":4,"y":2}', 0, NULL, '{}', '', 0, 0, 1,
				1, 5000, 5000, 0, 0, '', '', 2, 0, 0, 'completed', '', '', 't', 'Tara', 5000, 7000, 8000
			FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4);
		INSERT INTO job_counts VALUES (-1, 1, 2, 1), (-1, 1, 9, 3), (0, 1, 9, 3);
		INSERT INTO job_blocks VALUES (0, 5000, 6000);
		INSERT INTO attempts (job, attempt, started, finished, outcome) VALUES (1, 1, 5500, 6000, 'failed'), (1, 2, 7000, 8000, 'completed');
		INSERT INTO problems (job, place, attempt, code, item) VALUES (1, 1, 2, 'c', 'i');
		INSERT INTO job_log (job, place, time, level, message) VALUES (1, 1, 7500, 'info', 'm');
		DELETE FROM jobs WHERE number = 4;`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	second := func(n int64) time.Time { return time.UnixMilli(n * 1000).UTC() }
	attempts, err := s.Attempts(t.Context(), 1)
	want := []task.Attempt{
		{Number: 1, Started: time.UnixMilli(5500).UTC(), Finished: second(6), Outcome: task.OutcomeFailed},
		{Number: 2, Started: second(7), Finished: second(8), Outcome: task.OutcomeCompleted},
	}
	if diff := cmp.Diff(want, attempts); diff != "" || err != nil {
		t.Errorf("attempts (-want +got):\n%s%v", diff, err)
	}
	problems, err := s.Problems(t.Context(), 1, 2, 10)
	lines, err2 := s.Log(t.Context(), 1, 10)
	if len(problems) != 1 || len(lines) != 1 || err != nil || err2 != nil {
		t.Errorf("problems %v, log %v, %v, %v", problems, lines, err, err2)
	}
	counts, err := s.Counts(t.Context(), task.Filter{Readable: everything})
	if diff := cmp.Diff(map[task.State]int64{task.Queued: 1, task.Completed: 2}, counts); diff != "" || err != nil {
		t.Errorf("counts (-want +got):\n%s%v", diff, err)
	}
	if j := read(t, s, "maths.daily"); j.Number != 2 || string(j.Args) != `{"x":4,"y":2}` || j.Attempts != 2 {
		t.Errorf("a job is read as %+v", j)
	}
	if got := insert(t, s, queued())[0].Number; got != 5 {
		t.Errorf("the next job has the number %d", got)
	}
	if err := s.Delete(t.Context(), []task.ID{"1"}, func(*task.Job) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if attempts, err := s.Attempts(t.Context(), 1); len(attempts) > 0 || err != nil {
		t.Errorf("attempts of a removed job are left: %v, %v", attempts, err)
	}
	end(t, s, begin(t, s, "5").ID, task.Completed, task.OutcomeCompleted)
	counts, err = s.Counts(t.Context(), task.Filter{Readable: everything})
	if diff := cmp.Diff(map[task.State]int64{task.Queued: 1, task.Completed: 2}, counts); diff != "" || err != nil {
		t.Errorf("counts after a job is gone and another has ended (-want +got):\n%s%v", diff, err)
	}
}

// jobsOfOneKind begins to put jobs of a kind into a database that knows kinds.
const jobsOfOneKind = `
		INSERT INTO job_kinds (kind, task, queue, started_by) VALUES (1, 'maths.add', 'maths', 't');
		INSERT INTO jobs (number, kind, task, state, queue, priority, rank, args, args_hash, metadata, unit, progress, total, cancellable,
				problems, due, since, wall, planned, extra, repeat, interval, cron, catch_up, attempts, retries, interruptions, problems_of, outcome,
				exclusive_key, resource, started_by, started_by_name, created)`

// The rules of the columns hold as before for older data, and cost a new row no
// more than comparisons: a table of its own for each is what SQLite makes of a
// longer list of values.
func TestTheRulesOfColumnsAreComparisons(t *testing.T) {
	t.Parallel()
	path := older(t, "0017", jobsOfOneKind+`
			SELECT n, 1, 'maths.add', 1, 'maths', 5 * n, 0, '{}', 0, '{}', '', 0, 0, 1,
				0, 5000, 5000, 0, 5000, 0, 0, 0, '@daily', catch_up, 0, 0, 0, 0, '', '', '', 't', 'Tara', 5000
			FROM (SELECT 1 AS n, '' AS catch_up UNION ALL SELECT 2, 'once' UNION ALL SELECT 3, 'skip')`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[task.ID]task.Priority{"1": task.High, "2": task.Regular, "3": task.Low} {
		if j := read(t, s, id); j.Priority != want || string(j.Schedule.CatchUp) != []string{"", "once", "skip"}[j.Number-1] {
			t.Errorf("job %s is read as %+v", id, j)
		}
	}
	insert(t, s, queued())
	for name, spoil := range map[string]func(*task.Job){
		"an unknown priority":        func(j *task.Job) { j.Priority = 7 },
		"an unknown way to catch up": func(j *task.Job) { j.Schedule.CatchUp = "thrice" },
	} {
		_, err := s.Change(t.Context(), []task.ID{"1"}, func(j *task.Job) error {
			spoil(j)
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "CHECK constraint") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	for address, s := range insertionSteps(t, path) {
		if s.code == "OpenEphemeral" {
			t.Errorf("step %d of an insertion makes a table", address)
		}
	}
}

// What has no arguments and no metadata is stored without a look at them as JSON; what
// has some is looked at as before, also when it is older.
func TestAnInsertionReadsNoEmptyJSON(t *testing.T) {
	t.Parallel()
	path := older(t, "0022", jobsOfOneKind+`
			SELECT n, 1, 'maths.add', 2, 'maths', 10, 0, '{}', 0, metadata, '', 0, 0, 1,
				0, 5000, 5000, 0, 5000, 0, 0, 0, '', '', 0, 0, 0, 0, '', '', '', 't', 'Tara', 5000
			FROM (SELECT 1 AS n, '{}' AS metadata UNION ALL SELECT 2, '{"group":"a"}' UNION ALL SELECT 3, '{"title":"a"}')`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	insert(t, s, queued(func(j *task.Job) { j.Metadata = json.RawMessage(`{"group":"a"}`) }))
	if got, _ := list(t, s, task.Filter{Readable: everything, Group: "a"}, task.Page{}); !slices.Equal(got, []task.ID{"4", "2"}) {
		t.Errorf("of the group are the jobs %v", got)
	}
	for name, spoil := range map[string]func(*task.Job){
		"arguments": func(j *task.Job) { j.Args = json.RawMessage("{") },
		"metadata":  func(j *task.Job) { j.Metadata = json.RawMessage("{") },
	} {
		if _, err := s.Insert(t.Context(), []task.Draft{queued(spoil)}); err == nil || !strings.Contains(err.Error(), "CHECK constraint") {
			t.Errorf("%s that are no JSON: %v", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	steps := insertionSteps(t, path)
	for address, s := range steps {
		if s.code != "Function" && s.code != "PureFunc" {
			continue
		}
		skipped := slices.ContainsFunc(steps[:address], func(before insertionStep) bool {
			return (before.code == "Eq" || before.code == "IsNull") && before.to > address
		})
		if !skipped {
			t.Errorf("step %d of an insertion always calls a function", address)
		}
	}
}

// Jobs that were queued by an older program run before those that are asked for later.
func TestOlderJobsStayInLine(t *testing.T) {
	t.Parallel()
	path := older(t, "0023", jobsOfOneKind+`
			SELECT n, 1, 'maths.add', 2, 'maths', 10, 0, '{}', 0, '{}', '', 0, 0, 1,
				0, 5000 + n % 2, 5000, 0, 5000, 0, 0, 0, '', '', 0, 0, 0, 0, '', '', '', 't', 'Tara', 5000
			FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	insert(t, s, queued(), queued())
	ready, err := s.Ready(t.Context(), task.Regular, nil, 10)
	var got []int64
	for i := range ready {
		got = append(got, ready[i].Number)
	}
	if want := []int64{2, 4, 1, 3, 5, 6}; err != nil || !slices.Equal(got, want) {
		t.Errorf("in line are %v, want %v; %v", got, want, err)
	}
}

// insertionStep is what SQLite does at one step of an insertion, and to which step it may
// jump.
type insertionStep struct {
	code string
	to   int
}

// insertionSteps answers those of the database at the path, which is whole.
func insertionSteps(t *testing.T, path string) (steps []insertionStep) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var health string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&health); err != nil || health != "ok" {
		t.Errorf("the database is %q, %v", health, err)
	}
	rows, err := db.QueryContext(t.Context(), "EXPLAIN INSERT INTO jobs (number) VALUES (9)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s insertionStep
		var address, p1, p3, p4, p5, comment any
		if err := rows.Scan(&address, &s.code, &p1, &s.to, &p3, &p4, &p5, &comment); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, s)
	}
	if rows.Err() != nil || len(steps) == 0 {
		t.Fatalf("%d steps, %v", len(steps), rows.Err())
	}
	return steps
}

// A number names one job for ever, also when the last one is removed and the
// program starts anew.
func TestNumbersAreGivenOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	for start, want := range []int64{1, 3, 5} {
		s, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return noon }})
		if err != nil {
			t.Fatal(err)
		}
		jobs := insert(t, s, queued(), queued())
		if jobs[0].Number != want || jobs[1].Number != want+1 {
			t.Errorf("at start %d the numbers are %d and %d", start, jobs[0].Number, jobs[1].Number)
		}
		if err := s.Delete(t.Context(), []task.ID{jobs[0].ID, jobs[1].ID}, func(*task.Job) error { return nil }); err != nil {
			t.Fatal(err)
		}
		contents, err := s.Contents(t.Context())
		if contents.LastJob != want+1 || err != nil {
			t.Errorf("the last number is %d, %v", contents.LastJob, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What a job of before brought is known from then on, whatever becomes of the job.
func TestWhatArrivedBeforeIsKept(t *testing.T) {
	t.Parallel()
	path := older(t, "0018", `
		INSERT INTO job_kinds (kind, task, queue, started_by) VALUES (1, 'content.diskimport', 'content', 't');
		INSERT INTO jobs (number, kind, task, state, queue, priority, rank, args, args_hash, metadata, result, unit, progress, total, cancellable,
				problems, due, since, wall, planned, extra, repeat, interval, cron, catch_up, attempts, retries, interruptions, problems_of, outcome,
				exclusive_key, resource, started_by, started_by_name, created, finished)
			SELECT number, 1, 'content.diskimport', 9, 'content', 10, 0, args, 0, '{}', result, '', 0, 0, 1,
				0, 5000, 5000, 0, 5000, 0, 0, 0, '', '', 1, 0, 0, 0, 'completed', '', '', 't', 'Tara', 5000, finished
			FROM (SELECT 1 AS number, '{"channel_id": "a"}' AS args, '{"resources_added": 7}' AS result, 6000 AS finished
				UNION ALL SELECT 2, '{"channel_id": "a"}', '{"resources_added": 21}', 7000
				UNION ALL SELECT 3, '{"channel_id": "a"}', '{"resources_added": 0}', 8000
				UNION ALL SELECT 4, '{"channel_ids": ["b"]}', NULL, 9000)`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	got, err := s.Arrivals(t.Context(), time.UnixMilli(0))
	want := []store.Arrival{{Channel: "a", Resources: 21, At: time.UnixMilli(7000).UTC()}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("what came (-want +got):\n%s%v", diff, err)
	}
}

// A long history from before is counted and listed by its time as before, also when some
// of it has gone since.
func TestAnOlderHistoryIsFoundByItsTime(t *testing.T) {
	t.Parallel()
	const step = 512 // of the numbers of a hundred jobs, one a second
	path := older(t, "0020", fmt.Sprintf(`
		INSERT INTO job_kinds (kind, task, queue, started_by) VALUES (1, 'maths.add', 'maths', 't'), (2, 'maths.sub', 'maths', 't');
		INSERT INTO jobs (number, kind, task, state, queue, priority, rank, args, args_hash, metadata, unit, progress, total, cancellable,
				problems, due, since, wall, planned, extra, repeat, interval, cron, catch_up, attempts, retries, interruptions, problems_of, outcome,
				exclusive_key, resource, started_by, started_by_name, created, started, finished)
			WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
			SELECT i * %d + 1, 1 + i %% 2, iif(i %% 2, 'maths.sub', 'maths.add'), 9, 'maths', 10, 0, '{}', 0, '{}', '', 0, 0, 1,
				0, 1000 * i, 1000 * i, 0, 1000 * i, 0, 0, 0, '', '', 1, 0, 0, 0, 'completed', '', '', 't', 'Tara', 1000 * i, 1000 * i, 1000 * i
			FROM n;
		INSERT INTO job_counts (block, kind, state, n) SELECT 0x7fffffffffffffff, kind, state, count(*) FROM jobs GROUP BY kind, state;
		INSERT INTO job_counts (block, kind, state, n) SELECT number >> 10, kind, state, count(*) FROM jobs GROUP BY number >> 10, kind, state;
		INSERT INTO job_blocks (block, earliest, latest, first_end, last_end)
			SELECT number >> 10, min(created), max(created), min(finished), max(finished) FROM jobs GROUP BY number >> 10`, step))
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	store.Cramp(s)
	gone := map[int64]bool{}
	check := func() {
		t.Helper()
		for since := int64(0); since < 100; since += 9 {
			for until := since + 1; until <= 100; until += 9 {
				for name, every := range map[string]int64{"": 1, "maths.sub": 2} {
					want := int64(0)
					for i := since; i < until; i++ {
						if (every == 1 || i%2 == 1) && !gone[i] {
							want++
						}
					}
					second := func(n int64) time.Time { return time.UnixMilli(n * 1000) }
					filter := task.Filter{Readable: everything, Task: name, Since: second(since), Until: second(until)}
					got, err := s.Counts(t.Context(), filter)
					if got[task.Completed] != want || err != nil {
						t.Fatalf("of %q from %d to %d there are %v, want %d; %v", name, since, until, got, want, err)
					}
					for _, sort := range []string{"started", "-finished"} {
						if ids, _ := list(t, s, filter, task.Page{Sort: sort}); int64(len(ids)) != want {
							t.Fatalf("of %q from %d to %d by %s there are %v, want %d", name, since, until, sort, ids, want)
						}
					}
				}
			}
		}
	}
	check()
	for _, i := range []int64{0, 3, 31, 32, 40, 63, 64, 98} {
		id := task.ID(fmt.Sprint(i*step + 1))
		if err := s.Delete(t.Context(), []task.ID{id}, func(*task.Job) error { return nil }); err != nil {
			t.Fatal(err)
		}
		gone[i] = true
	}
	check()
}
