package store_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestInsert(t *testing.T) {
	t.Parallel()

	t.Run("a job is read as it was stored", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		since := noon.Add(-time.Hour)
		full := queued(func(j *task.Job) {
			j.State, j.Priority, j.Rank = task.Scheduled, task.Low, -12
			j.Metadata, j.Result, j.Checkpoint = json.RawMessage(`{"a":"ü"}`), json.RawMessage(`5`), json.RawMessage(`[1]`)
			j.Unit, j.Progress, j.Total, j.Cancellable, j.Problems = task.Bytes, 1<<40, 1<<41, false, 3
			j.Waiting = &task.Waiting{Need: task.Need{Code: "drive", Item: "Blue stick", Key: "1234-ABCD"}, Since: since}
			j.Due, j.Planned = noon.Add(time.Hour), noon.Add(30*time.Minute)
			j.Since, j.Wall = noon.Add(-time.Minute), true
			j.Schedule = task.Schedule{Repeat: task.Forever, Interval: time.Hour, Cron: "@daily", CatchUp: task.CatchUpSkip, RetryInterval: duration(0), MaxRetries: number(0)}
			j.Attempts, j.Retries, j.Interruptions, j.Outcome = 4, 2, 1, task.OutcomeFailed
			j.Failure = &task.Failure{Code: fault.DiskFull, Params: fault.Params{"path": "/x"}, Detail: "no room"}
			j.ExclusiveKey, j.Resource, j.RequestID = "channel:1", "drive:2", "r1"
			j.Started, j.Finished = since, noon
		})
		want := *full.Job
		inserted := insert(t, s, full)[0]
		want.ID, want.Number = "1", 1
		if diff := cmp.Diff(want, read(t, s, "1")); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(read(t, s, "1"), *inserted.Job); diff != "" || inserted.Found {
			t.Errorf("answered (-read +answered):\n%s", diff)
		}
	})

	t.Run("the answer is what a read would answer, to the millisecond and in UTC", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		local := time.Date(2026, 5, 1, 14, 0, 0, 123_456_789, time.FixedZone("here", 7200))
		inserted := insert(t, s, queued(func(j *task.Job) { j.Due, j.Created = local, local }))[0]
		if diff := cmp.Diff(read(t, s, "1"), *inserted.Job); diff != "" {
			t.Errorf("(-read +answered):\n%s", diff)
		}
		if want := noon.Add(123 * time.Millisecond); !inserted.Due.Equal(want) || inserted.Planned != inserted.Due {
			t.Errorf("due %v, planned %v, want %v", inserted.Due, inserted.Planned, want)
		}
	})

	t.Run("jobs are numbered in the order of their creation, and a number is never used again", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		insert(t, s, queued(), queued())
		if err := s.Delete(t.Context(), []task.ID{"2"}, func(*task.Job) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got := insert(t, s, queued())[0]; got.ID != "3" || got.Number != 3 {
			t.Errorf("the third job is %s", got.ID)
		}
	})

	t.Run("a request id that is known answers its job", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		named := func(id, args string) task.Draft {
			return queued(func(j *task.Job) { j.RequestID, j.Args = id, json.RawMessage(args) })
		}
		got := insert(t, s, named("r", `{"x":1}`), named("r", `{"x":2}`), named("q", `{"x":3}`))
		again := insert(t, s, named("r", `{"x":4}`))[0]
		if got[1].ID != "1" || !got[1].Found || again.ID != "1" || !again.Found || string(again.Args) != `{"x":1}` {
			t.Errorf("the same request answered %+v and %+v", got[1], again)
		}
		if got[2].Found || got[2].ID != "2" {
			t.Errorf("another request answered %+v", got[2])
		}
	})

	t.Run("a twin is a job of equal task and arguments that waits or runs", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		twin := func(change ...func(*task.Job)) task.Draft {
			draft := queued(change...)
			draft.IfNot = true
			return draft
		}
		if insert(t, s, queued()); !insert(t, s, twin())[0].Found {
			t.Error("a queued twin was not found")
		}
		begin(t, s, "1")
		if !insert(t, s, twin())[0].Found {
			t.Error("a running twin was not found")
		}
		if insert(t, s, twin(func(j *task.Job) { j.Args = json.RawMessage(`{"x":4,"y":3}`) }))[0].Found {
			t.Error("other arguments have a twin")
		}
		if insert(t, s, twin(func(j *task.Job) { j.Task = "maths.sub" }))[0].Found {
			t.Error("another task has a twin")
		}
		end(t, s, "1", task.Completed, task.OutcomeCompleted)
		if got := insert(t, s, twin())[0]; got.Found {
			t.Errorf("a job at rest is a twin: %+v", got)
		}
		if insert(t, s, queued())[0].Found {
			t.Error("a job that does not ask for it has a twin")
		}
	})

	t.Run("a fixed id has one job: a new one takes its place and keeps its history", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		fixed := func(args string) task.Draft {
			return queued(func(j *task.Job) {
				j.ID, j.Args, j.Created = "library.scan", json.RawMessage(args), noon.Add(time.Hour)
			})
		}
		first := insert(t, s, fixed(`{"n":1}`))[0]
		begin(t, s, "library.scan")
		end(t, s, "library.scan", task.Failed, task.OutcomeFailed)
		second := insert(t, s, fixed(`{"n":2}`))[0]
		got := read(t, s, "library.scan")
		if diff := cmp.Diff(got, *second.Job); diff != "" || second.Found {
			t.Errorf("(-read +answered):\n%s", diff)
		}
		if got.Number != first.Number || string(got.Args) != `{"n":2}` || got.State != task.Queued || got.Attempts != 1 || got.Outcome != task.OutcomeFailed {
			t.Errorf("the job is %+v", got)
		}
		if attempts, err := s.Attempts(t.Context(), got.Number); err != nil || len(attempts) != 1 {
			t.Errorf("%d attempts, %v", len(attempts), err)
		}
		if _, err := s.Job(t.Context(), "1"); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("its number is a name too: %v", err)
		}
	})

	t.Run("a fixed id that is active is refused, and with it the whole list", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		fixed := queued(func(j *task.Job) { j.ID = "library.scan" })
		insert(t, s, fixed)
		begin(t, s, "library.scan")
		for _, state := range []task.State{task.Running, task.Canceling} {
			change(t, s, "library.scan", func(j *task.Job) { j.State = state })
			_, err := s.Insert(t.Context(), []task.Draft{queued(), fixed})
			if f := fault.Of(err); f == nil || f.Code != fault.AlreadyRunning || f.Params["id"] != "library.scan" {
				t.Errorf("%v: got %v", state, err)
			}
		}
		if listed, err := s.List(t.Context(), task.Filter{Readable: task.Readable{All: true}}, task.Page{Limit: 10}); err != nil || len(listed.Jobs) != 1 {
			t.Errorf("%d jobs, %v; want the first alone", len(listed.Jobs), err)
		}
	})
}

// Jobs that are alike are inserted many at once, each with what is its own.
func TestJobsThatAreAskedForTogetherKeepWhatIsTheirOwn(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	drafts := make([]task.Draft, 200)
	for i := range drafts {
		drafts[i] = queued(func(j *task.Job) {
			j.Args = fmt.Appendf(nil, `{"x":%d,"y":2}`, i)
			switch {
			case i < 100: // alike
				j.Rank, j.ExclusiveKey, j.Resource = int64(-1-i), fmt.Sprintf("channel:%d", i), fmt.Sprintf("drive:%d", i%3)
				j.Metadata = fmt.Appendf(nil, `{"n":%d}`, i)
			case i < 140: // one now and then without a key, so that it fills other columns
				if i%40 != 5 {
					j.ExclusiveKey = "channel:1"
				}
			case i < 180: // of another person, and due at another time, from the middle on
				if i >= 160 {
					j.StartedBy, j.StartedByName, j.Due = "u", "Una", noon.Add(time.Hour)
				}
			default: // all of them different in what most jobs share
				j.Created = noon.Add(time.Duration(i) * time.Second)
			}
		})
	}
	asked := make([]task.Job, len(drafts))
	for i := range drafts {
		asked[i] = *drafts[i].Job
	}
	for i, inserted := range insert(t, s, drafts...) {
		want := asked[i]
		want.Number = int64(i + 1)
		want.ID = task.ID(strconv.Itoa(i + 1))
		want.Planned, want.Since = want.Due, want.Created
		want.InTurn = i >= 100 && i < 160 // in no place of its own, and due when it was made
		if want.Metadata == nil {
			want.Metadata = json.RawMessage(`{}`)
		}
		if diff := cmp.Diff(want, read(t, s, want.ID)); diff != "" {
			t.Fatalf("job %d is read as (-want +got):\n%s", i+1, diff)
		}
		if diff := cmp.Diff(want, *inserted.Job); diff != "" {
			t.Fatalf("job %d is answered as (-want +got):\n%s", i+1, diff)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for name, spoil := range map[string]func(*task.Job){
		"a job that was never due":          func(j *task.Job) { j.State = task.Pending },
		"an unknown state":                  func(j *task.Job) { j.State = 10 },
		"an unknown priority":               func(j *task.Job) { j.Priority = 7 },
		"arguments that are no JSON":        func(j *task.Job) { j.Args = json.RawMessage(`{`) },
		"no arguments":                      func(j *task.Job) { j.Args = nil },
		"metadata that is no JSON":          func(j *task.Job) { j.Metadata = json.RawMessage(`{`) },
		"a result that is no JSON":          func(j *task.Job) { j.Result = json.RawMessage(`no`) },
		"a checkpoint that is no JSON":      func(j *task.Job) { j.Checkpoint = json.RawMessage(`no`) },
		"a repeat below for ever":           func(j *task.Job) { j.Schedule.Repeat = -2 },
		"a negative interval":               func(j *task.Job) { j.Schedule.Interval = -time.Second },
		"an unknown way to catch up":        func(j *task.Job) { j.Schedule.CatchUp = "thrice" },
		"a negative retry interval":         func(j *task.Job) { j.Schedule.RetryInterval = duration(-time.Second) },
		"a negative number of most retries": func(j *task.Job) { j.Schedule.MaxRetries = number(-1) },
	} {
		if got, err := s.Insert(t.Context(), []task.Draft{queued(spoil)}); err == nil {
			t.Errorf("%s was stored as %s", name, got[0].ID)
		}
	}
	insert(t, s, queued())
}
