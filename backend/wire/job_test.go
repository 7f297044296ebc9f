package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type args struct {
	Name string `json:"name"`
}

// maker is a Maker of a program with one task.
func maker(t testing.TB) *wire.Maker {
	t.Helper()
	registry, err := task.NewRegistry(task.Define(task.Spec[args]{
		Name: "test.work", Summary: "Work", Permission: task.SignedIn, Pausable: true,
		Status: func(d task.Described[args]) task.Status {
			s := task.Status{Title: "test.title", Params: fault.Params{"name": d.Args.Name}}
			if d.Job.State == task.Completed {
				s.Text = "test.done"
			}
			return s
		},
		Run: func(context.Context, *task.Run, args) (any, error) { return nil, nil },
	}))
	if err != nil {
		t.Fatal(err)
	}
	texts := i18n.New()
	err = texts.Add(fstest.MapFS{"texts/en.json": {Data: []byte(`{"test.title": "Working on {name}", "test.done": "{name} is done"}`)}})
	if err != nil {
		t.Fatal(err)
	}
	return wire.NewMaker(texts, registry, "en")
}

var noon = time.Date(2026, 5, 1, 14, 0, 0, 5_000_000, time.FixedZone("", 7200))

func job(change ...func(*task.Job)) engine.Live {
	j := task.Job{
		ID: "7", Number: 7, Task: "test.work", State: task.Queued, Queue: "test", Priority: task.Regular,
		Args: json.RawMessage(`{"name":"a"}`), Due: noon, Created: noon,
	}
	for _, c := range change {
		c(&j)
	}
	return engine.Live{Job: j}
}

func TestJob(t *testing.T) {
	t.Parallel()
	m := maker(t)

	t.Run("times are in UTC with milliseconds, and null when unset", func(t *testing.T) {
		t.Parallel()
		j := m.Job(job())
		if j.Created != "2026-05-01T12:00:00.005Z" || *j.ScheduledDatetime != j.Created || j.Started != nil || j.Finished != nil {
			t.Errorf("created %s, due %v, started %v, finished %v", j.Created, j.ScheduledDatetime, j.Started, j.Finished)
		}
	})

	t.Run("repeat is a count, 0 for none and null for ever", func(t *testing.T) {
		t.Parallel()
		for repeat, want := range map[int64]string{0: "0", 3: "3", task.Forever: "null"} {
			text, err := json.Marshal(m.Job(job(func(j *task.Job) { j.Schedule.Repeat = repeat })).Repeat)
			if err != nil || string(text) != want {
				t.Errorf("%d became %s", repeat, text)
			}
		}
	})

	t.Run("nothing of a job is null that scripts expect to be an object", func(t *testing.T) {
		t.Parallel()
		j := m.Job(job(func(j *task.Job) { j.Args, j.Metadata = nil, json.RawMessage(`[1]`) }))
		if j.Args == nil || j.ExtraMetadata == nil {
			t.Errorf("args %v, metadata %v", j.Args, j.ExtraMetadata)
		}
	})

	t.Run("the percentage never shows an end that has not come, nor more than that", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			state       task.State
			done, total int64
			want        float64
		}{{task.Running, 0, 0, 0}, {task.Running, 1, 4, 0.25}, {task.Running, 9, 4, 1}, {task.Running, -1, 4, 0}, {task.Completed, 0, 0, 1}, {task.Failed, 2, 4, 0.5}} {
			got := m.Job(job(func(j *task.Job) { j.State, j.Progress, j.Total = c.state, c.done, c.total })).Percentage
			if got != c.want {
				t.Errorf("%v, %d of %d: %v, want %v", c.state, c.done, c.total, got, c.want)
			}
		}
	})

	t.Run("what is said to be possible is what the engine would do", func(t *testing.T) {
		t.Parallel()
		for _, state := range task.States() {
			for _, cancellable := range []bool{false, true} {
				live := job(func(j *task.Job) { j.State, j.Cancellable = state, cancellable })
				got := m.Job(live)
				rests := slices.Contains([]task.State{task.Canceled, task.Failed, task.Completed}, state)
				cancels := slices.Contains([]task.State{task.Scheduled, task.Queued, task.Selected, task.Paused}, state) || state == task.Running && cancellable
				pauses := slices.Contains([]task.State{task.Scheduled, task.Queued, task.Selected, task.Running}, state)
				if got.Cancellable != cancels || got.Pausable != pauses || got.Clearable != rests || got.Restartable != rests {
					t.Errorf("%v: cancellable %v, pausable %v, clearable %v, restartable %v", state, got.Cancellable, got.Pausable, got.Clearable, got.Restartable)
				}
			}
		}
	})

	t.Run("a job of a task that is not installed is marked, and can be stopped and removed, no more", func(t *testing.T) {
		t.Parallel()
		waits := m.Job(job(func(j *task.Job) { j.Task = "test.gone" }))
		rests := m.Job(job(func(j *task.Job) { j.Task, j.State = "test.gone", task.Failed }))
		if waits.Installed || !waits.Cancellable || waits.Pausable || rests.Installed || !rests.Clearable || rests.Restartable {
			t.Errorf("%+v and %+v", waits, rests)
		}
		if waits.StatusTitle != "test.gone" {
			t.Errorf("it is called %q", waits.StatusTitle)
		}
	})

	t.Run("its words are those of the task, else of its failure, its wait or its state", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			change func(*task.Job)
			want   string
		}{
			{func(j *task.Job) { j.State = task.Completed }, "a is done"},
			{func(*task.Job) {}, "Waiting"},
			{func(j *task.Job) { j.Waiting = &task.Waiting{Need: task.Need{Code: engine.QueuePaused, Item: "test"}} }, "Waits because its queue test is paused"},
		} {
			j := m.Job(job(c.change))
			if j.StatusTitle != "Working on a" || j.StatusText != c.want {
				t.Errorf("%s: %s, want %s", j.StatusTitle, j.StatusText, c.want)
			}
		}
		failed := m.Job(job(func(j *task.Job) {
			j.State, j.Failure = task.Failed, &task.Failure{Code: fault.Panicked, Detail: "goroutine 1"}
		}))
		if failed.Exception == nil || *failed.Exception != "panicked" || failed.Error == nil || failed.StatusText != *failed.Error || failed.Traceback != "goroutine 1" {
			t.Errorf("a failed job says %+v", failed)
		}
	})

	t.Run("in another language it says the same", func(t *testing.T) {
		t.Parallel()
		if j := m.In("de").Job(job()); j.StatusText != "Wartet" && j.StatusText != "Wartend" {
			t.Errorf("it says %q", j.StatusText)
		}
	})
}

func TestPage(t *testing.T) {
	t.Parallel()
	m := maker(t)
	text, err := json.Marshal(m.Page(nil, task.Listed{Counts: map[task.State]int64{task.Failed: 2}}))
	if want := `{"jobs":[],"next":null,"counts":{"FAILED":2}}`; err != nil || string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	detail := m.Detail(service.Detail{Live: job()})
	if detail.Problems == nil || detail.History == nil || detail.Log == nil {
		t.Errorf("a list of the detail is null: %+v", detail)
	}
}

func TestQueueAndSchedule(t *testing.T) {
	t.Parallel()
	m := maker(t)
	for _, c := range []struct {
		paused time.Time
		want   string
	}{
		{time.Time{}, `{"name":"test","paused":false,"paused_since":null,"counts":{"QUEUED":1}}`},
		{noon, `{"name":"test","paused":true,"paused_since":"2026-05-01T12:00:00.005Z","counts":{"QUEUED":1}}`},
	} {
		text, err := json.Marshal(m.Queue(service.Queue{Name: "test", Paused: c.paused, Counts: map[task.State]int64{task.Queued: 1}}))
		if err != nil || string(text) != c.want {
			t.Errorf("%s, want %s", text, c.want)
		}
	}
	page := m.Schedules([]service.Schedule{{Live: job(), Next: []time.Time{noon}}, {Live: job()}}, "")
	if diff := cmp.Diff([]string{"2026-05-01T12:00:00.005Z"}, page.Schedules[0].NextRuns); diff != "" || page.Schedules[1].NextRuns == nil || page.Next != nil {
		t.Errorf("%+v\n%s", page, diff)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	m := maker(t)
	if m.Error(nil) != nil {
		t.Error("no error became one")
	}
	if e := m.Error(errors.New("the cable")); e.Code != "internal" || e.Message == "" || e.Detail == "" || e.Fields == nil {
		t.Errorf("an error that is no fault: %+v", e)
	}
	refused := fault.Of(fault.Invalid(fault.At("x", fault.FieldRequired), fault.Field{Code: fault.SourceMissing, Params: fault.Params{"path": "/x"}, Index: 2}))
	e := m.Error(refused)
	if len(e.Fields) != 2 || e.Fields[0].Field != "x" || e.Fields[0].Message == "field.required" {
		t.Errorf("a field: %+v", e.Fields)
	}
	// A request that is refused as a whole, among others, has its own sentence.
	if whole := m.Error(fault.New(fault.SourceMissing, "path", "/x")); e.Fields[1].Index != 2 || e.Fields[1].Message != whole.Message {
		t.Errorf("an item: %+v, alone it says %q", e.Fields[1], whole.Message)
	}
}

func TestOfADiskThatIsFullToTheLastByteNobodySaysHowMuchIsNeeded(t *testing.T) {
	t.Parallel()
	m := maker(t)
	for _, full := range []*fault.Fault{
		fault.New(fault.DiskFull, "path", "/data"), fault.New(fault.DiskFull, "path", "/data", "needed", 0, "free", 0),
	} {
		e := m.Error(full)
		if e.Code != "disk_full" || !strings.Contains(e.Message, "/data") || strings.Contains(e.Message, "0 bytes") || e.Advice == "" {
			t.Errorf("%+v", e)
		}
	}
	known := m.Error(fault.New(fault.DiskFull, "path", "/data", "needed", int64(7), "free", int64(2)))
	if !strings.Contains(known.Message, "7 bytes") {
		t.Errorf("%+v", known)
	}
}

func TestATextThatIsNoJSONIsRefusedInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	m := maker(t)
	refused := fault.NotJSON([]byte("{\n"), io.ErrUnexpectedEOF)
	for _, c := range []struct{ language, want string }{
		{"en", "The text is not valid JSON in line 2, at character 1: it ends too early."},
		{"de", "Der Text ist in Zeile 2 beim Zeichen 1 kein gültiges JSON: er endet zu früh."},
	} {
		e := m.In(c.language).Error(refused)
		if e.Message != c.want || e.Advice == "" || !strings.Contains(e.Detail, "unexpected EOF") {
			t.Errorf("%s: %+v", c.language, e)
		}
	}
	before := m.Error(fault.New(fault.InvalidJSON, "reason", "unexpected EOF")) // as an older version stored it
	if before.Message != "The text is not valid JSON: unexpected EOF." {
		t.Errorf("of an older version: %q", before.Message)
	}
}

func TestMakerText(t *testing.T) {
	t.Parallel()
	if got := maker(t).Text("nobody.wrote.this", nil); got != "nobody.wrote.this" {
		t.Errorf("got %q", got)
	}
}

func TestAnAttemptForProblemsAloneIsToldApart(t *testing.T) {
	t.Parallel()
	for of, want := range map[int64]bool{0: false, 3: true} {
		said := maker(t).Job(job(func(j *task.Job) { j.State, j.ProblemsOf = task.Canceled, of }))
		if said.ProblemsOnly != want {
			t.Errorf("of a stopped attempt for the problems of attempt %d it is said %v", of, said.ProblemsOnly)
		}
	}
}
