package bridge_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend/bridge"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type word struct {
	Word string `json:"word"`
}

// jobsWindow is the window's side of jobs. Their engine does not run.
func jobsWindow(t *testing.T) *bridge.Bridge {
	t.Helper()
	folder := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := task.NewRegistry(
		task.Define(task.Spec[word]{
			Name: "words.say", Summary: "Say a word", Permission: task.SignedIn, Cancellable: true, Pausable: true, RetriesProblems: true,
			Status: func(d task.Described[word]) task.Status {
				if d.Args.Word == "panic" {
					panic("a mistake in a status function")
				}
				return task.Status{}
			},
			Run: func(context.Context, *task.Run, word) (any, error) { return nil, nil },
		}))
	if err != nil {
		t.Fatal(err)
	}
	services := service.New(service.Config{
		Store: s, Registry: registry, Engine: engine.New(engine.Config{Store: s, Registry: registry}),
		WrongPINs: filepath.Join(folder, "wrong-pins.json"),
	})
	if err := services.People.Prepare(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	b := bridge.New(slog.New(slog.DiscardHandler))
	if err := b.Attach(t.Context(), services, wire.NewMaker(i18n.New(), registry, "en"), "en"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.Detach()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func say(text string, enqueueArgs ...map[string]any) map[string]any {
	request := map[string]any{"type": "words.say", "word": text}
	for _, args := range enqueueArgs {
		request["enqueue_args"] = args
	}
	return request
}

// enqueue answers the ids of the jobs of the requests.
func enqueue(t *testing.T, b *bridge.Bridge, requests ...map[string]any) []string {
	t.Helper()
	jobs, err := b.Jobs.Enqueue(requests)
	if err != nil {
		t.Fatal(err)
	}
	return ids(jobs)
}

func ids(jobs []wire.Job) (ids []string) {
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}

func TestEnqueueIsAllOrNothing(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	_, err := b.Jobs.Enqueue([]map[string]any{say("a"), {"type": "words.say", "x": 1}})
	if f := fault.Of(err); f == nil || len(f.Fields) != 2 || f.Fields[0].Index != 1 {
		t.Errorf("got %v", err)
	}
	page, err := b.Jobs.List(bridge.JobQuery{Limit: 10})
	if err != nil || len(page.Jobs) != 0 || page.Jobs == nil {
		t.Errorf("stored %+v, %v", page, err)
	}
	if got := enqueue(t, b, say("a"), say("b")); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the jobs are %v", got)
	}
	if _, err := b.Jobs.Enqueue([]map[string]any{say(strings.Repeat("a", service.MaxRequestBytes))}); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("over the limit: %v", err)
	}
}

func TestListObeysItsQuery(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	enqueue(t, b, say("a"), say("b", map[string]any{"enqueue_in": 60}), say("c", map[string]any{"cron": "@daily"}))
	for _, c := range []struct {
		query bridge.JobQuery
		want  []string
	}{
		{bridge.JobQuery{Limit: 10}, []string{"3", "2", "1"}},
		{bridge.JobQuery{Limit: 10, Sort: "created"}, []string{"1", "2", "3"}},
		{bridge.JobQuery{Limit: 1}, []string{"3"}},
		{bridge.JobQuery{Limit: 10, States: []string{"QUEUED"}}, []string{"1"}},
		{bridge.JobQuery{Limit: 10, Repeating: true}, []string{"3"}},
		{bridge.JobQuery{Limit: 10, Search: `"b"`}, []string{"2"}},
		{bridge.JobQuery{Limit: 10, Search: "SAY scheduled"}, []string{"3", "2"}},
		{bridge.JobQuery{Limit: 10, Search: `scheduled "a"`}, nil},
		{bridge.JobQuery{Limit: 10, Queue: "other"}, nil},
		{bridge.JobQuery{Limit: 10, Task: "words.say", Since: "2000-01-01T00:00:00Z", Until: "2000-01-02T00:00:00Z"}, nil},
	} {
		page, err := b.Jobs.List(c.query)
		if got := ids(page.Jobs); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, %v", c.query, got, err)
		}
	}
	_, err := b.Jobs.List(bridge.JobQuery{States: []string{"DEAD"}, Since: "yesterday", Until: "tomorrow"})
	if f := fault.Of(err); f == nil || len(f.Fields) != 3 || f.Fields[0].Field != "states" || f.Fields[1].Field != "since" || f.Fields[2].Field != "until" {
		t.Errorf("a query that cannot be understood: %v", err)
	}
}

func TestEveryVerb(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	later := map[string]any{"enqueue_in": 3600, "repeat": 3, "repeat_interval": 3600}
	all := enqueue(t, b, say("a"), say("b", later), say("c"))
	for _, c := range []struct {
		name   string
		do     func([]string) ([]wire.Job, error)
		id     string
		status string
	}{
		{"pause", b.Jobs.Pause, "1", "PAUSED"},
		{"resume", b.Jobs.Resume, "1", "QUEUED"},
		{"first", b.Jobs.First, "3", "QUEUED"},
		{"cancel", b.Jobs.Cancel, "1", "CANCELED"},
		{"restart", b.Jobs.Restart, "1", "QUEUED"},
		{"run now", b.Jobs.RunNow, "2", "QUEUED"},
		{"cancel one run", b.Jobs.Cancel, "2", "SCHEDULED"},
		{"reschedule", func(ids []string) ([]wire.Job, error) {
			return b.Jobs.Reschedule(ids, map[string]any{"cron": "@daily"})
		}, "2", "SCHEDULED"},
		{"cancel the series", b.Jobs.CancelSeries, "2", "CANCELED"},
	} {
		jobs, err := c.do([]string{c.id})
		if err != nil || len(jobs) != 1 || jobs[0].ID != c.id || jobs[0].Status != c.status {
			t.Errorf("%s: %+v, %v", c.name, jobs, err)
		}
	}
	if _, err := b.Jobs.RetryProblems(all[:1]); fault.CodeOf(err) != fault.IllegalMove {
		t.Errorf("retry of problems where there are none: %v", err)
	}
	if _, err := b.Jobs.RetryCause([]string{"99"}, "file_missing"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("retry of one cause of an unknown job: %v", err)
	}
	if _, err := b.Jobs.Cancel([]string{"1", "99"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown one among several: %v", err)
	}
	detail, err := b.Jobs.Show("1")
	if err != nil || detail.Status != "QUEUED" || detail.Problems == nil || detail.History == nil || detail.Log == nil {
		t.Errorf("the other one: %+v, %v", detail, err)
	}
	if n, err := b.Jobs.Clear([]string{"2"}); n != 1 || err != nil {
		t.Errorf("clear: %d, %v", n, err)
	}
	if n, err := b.Jobs.Delete([]string{"3"}); n != 1 || err != nil {
		t.Errorf("delete: %d, %v", n, err)
	}
}

func TestDoAllThatMatch(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	enqueue(t, b, say("a"), say("b"), say("c", map[string]any{"enqueue_in": 60}))
	if _, err := b.Jobs.DoAll("explode", bridge.JobQuery{}); fault.CodeOf(err) != fault.InvalidRequest {
		t.Errorf("an unknown action: %v", err)
	}
	if _, err := b.Jobs.DoAll("cancel", bridge.JobQuery{States: []string{"DEAD"}}); fault.CodeOf(err) != fault.InvalidRequest {
		t.Errorf("an unknown state: %v", err)
	}
	if _, err := b.Jobs.RescheduleAll(bridge.JobQuery{States: []string{"DEAD"}}, map[string]any{"cron": "@daily"}); fault.CodeOf(err) != fault.InvalidRequest {
		t.Errorf("another time for those of an unknown state: %v", err)
	}
	if n, err := b.Jobs.RescheduleAll(bridge.JobQuery{States: []string{"SCHEDULED"}}, map[string]any{"cron": "@daily"}); n != 1 || err != nil {
		t.Errorf("another time for %d, %v", n, err)
	}
	if job, err := b.Jobs.Show("3"); err != nil || job.Cron != "@daily" {
		t.Errorf("it has the time %+v, %v", job, err)
	}
	if n, err := b.Jobs.DoAll("cancel", bridge.JobQuery{States: []string{"QUEUED"}}); n != 2 || err != nil {
		t.Errorf("cancelled %d, %v", n, err)
	}
	if n, err := b.Jobs.ClearAll("words"); n != 2 || err != nil {
		t.Errorf("cleared %d, %v", n, err)
	}
}

func TestQueuesAndSchedules(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	enqueue(t, b, say("a"), say("b", map[string]any{"cron": "@daily"}), say("c", map[string]any{"enqueue_in": 60}))
	if queue, err := b.Jobs.PauseQueue("words"); err != nil || !queue.Paused || queue.PausedSince == nil {
		t.Errorf("paused: %+v, %v", queue, err)
	}
	page, err := b.Jobs.List(bridge.JobQuery{Limit: 10, States: []string{"QUEUED"}})
	if err != nil || len(page.Jobs) != 1 || page.Jobs[0].Waiting == nil || page.Jobs[0].Waiting.Code != "queue_paused" {
		t.Errorf("listed %+v, %v", page.Jobs, err)
	}
	queues, err := b.Jobs.Queues()
	if err != nil || len(queues) != 1 || queues[0].Counts["SCHEDULED"] != 2 || !queues[0].Paused {
		t.Errorf("queues: %+v, %v", queues, err)
	}
	if queue, err := b.Jobs.ResumeQueue("words"); err != nil || queue.Paused {
		t.Errorf("resumed: %+v, %v", queue, err)
	}
	schedules, err := b.Jobs.Schedules(1, "")
	if err != nil || len(schedules.Schedules) != 1 || schedules.Schedules[0].ID != "3" || len(schedules.Schedules[0].NextRuns) != 1 || schedules.Next == nil {
		t.Fatalf("schedules: %+v, %v", schedules, err)
	}
	schedules, err = b.Jobs.Schedules(1, *schedules.Next)
	if err != nil || len(schedules.Schedules) != 1 || schedules.Schedules[0].ID != "2" || len(schedules.Schedules[0].NextRuns) != 3 || schedules.Next != nil {
		t.Errorf("the next page: %+v, %v", schedules, err)
	}
}

func TestAPanicIsAnError(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	if _, err := b.Jobs.Enqueue([]map[string]any{say("panic")}); fault.CodeOf(err) != fault.Internal {
		t.Errorf("the call that panics: %v", err)
	}
	if _, err := b.Jobs.Queues(); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestTheWindowIsToldOfJobs(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	ctx, stop := context.WithCancel(t.Context())
	events := make(chan bridge.JobsEvent, 100)
	listening, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		close(listening)
		b.Events(ctx, func(name string, data any) {
			if event, ok := data.(bridge.JobsEvent); ok && name == "jobs" {
				events <- event
			}
		})
	}()
	<-listening
	// Events begins to listen some time after that: make news until it hears.
	var last int64
	heard := func(seen func(bridge.JobsEvent) bool, news func()) {
		t.Helper()
		for {
			var event bridge.JobsEvent
			if news == nil {
				event = <-events
			} else {
				news()
				select {
				case event = <-events:
				default:
					continue
				}
			}
			if event.Sequence <= last || event.Jobs == nil || event.Removed == nil {
				t.Fatalf("after %d comes %+v", last, event)
			}
			last = event.Sequence
			if seen(event) {
				return
			}
		}
	}
	heard(func(e bridge.JobsEvent) bool { return len(e.Jobs) > 0 && e.Counts["QUEUED"] > 0 }, func() { enqueue(t, b, say("a")) })
	if _, err := b.Jobs.Delete([]string{"1"}); err != nil {
		t.Fatal(err)
	}
	heard(func(e bridge.JobsEvent) bool { return slices.Contains(e.Removed, "1") }, nil)
	stop()
	<-ended
}

func TestTheWindowIsToldOfJobsTenTimesASecondAtMost(t *testing.T) {
	t.Parallel()
	b := jobsWindow(t)
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(chan time.Time), make(chan struct{})
	go func() {
		defer close(ended)
		b.Events(ctx, func(name string, _ any) {
			if name != "jobs" {
				return
			}
			select {
			case told <- time.Now():
			case <-ctx.Done():
			}
		})
	}()
	var last time.Time
	for batches := 0; batches < 4; {
		enqueue(t, b, say("a")) // there is always news
		select {
		case now := <-told:
			if gap := now.Sub(last); gap < 95*time.Millisecond {
				t.Errorf("after %v it is told again", gap)
			}
			last = now
			batches++
		default:
		}
	}
	stop()
	<-ended
}
