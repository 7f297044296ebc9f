package service_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// stored is a job of a person, as a draft would store it.
func stored(of string, by auth.Person, state task.State) task.Job {
	return task.Job{
		Task: of, State: state, Queue: "maths", Priority: task.Regular, Args: json.RawMessage(`{"x":1,"y":2}`),
		Cancellable: true, Due: time.Now(), Created: time.Now(), StartedBy: by.ID, StartedByName: by.Name,
	}
}

func ids(jobs []engine.Live) []task.ID {
	var ids []task.ID
	for i := range jobs {
		ids = append(ids, jobs[i].ID)
	}
	return ids
}

func (d *desk) list(person auth.Person, filter task.Filter) []task.ID {
	d.t.Helper()
	jobs, _, err := d.List(d.t.Context(), person, filter, task.Page{Sort: "created", Limit: 100})
	if err != nil {
		d.t.Fatal(err)
	}
	return ids(jobs)
}

func TestWhoSeesWhatOfAList(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.all", task.SignedIn), define("maths.own", task.AnyOf(task.CoordinatorOnly, task.OwnJobs)), define("maths.secret", task.CoordinatorOnly))
	for _, of := range []string{"maths.all", "maths.own", "maths.secret", "maths.gone"} {
		d.put(stored(of, teacher, task.Queued)) // 1, 3, 5, 7
		d.put(stored(of, other, task.Failed))   // 2, 4, 6, 8
	}
	for _, c := range []struct {
		person auth.Person
		want   []task.ID
	}{
		{nobody, nil},
		{teacher, []task.ID{"1", "2", "3"}},
		{other, []task.ID{"1", "2", "4"}},
		{coordinator, []task.ID{"1", "2", "3", "4", "5", "6", "7", "8"}},
	} {
		if got := d.list(c.person, task.Filter{}); !slices.Equal(got, c.want) {
			t.Errorf("%s sees %v, want %v", c.person.Name, got, c.want)
		}
		counts, err := d.Counts(t.Context(), c.person)
		if n := int(counts[task.Queued] + counts[task.Failed]); err != nil || n != len(c.want) {
			t.Errorf("%s counts %d, %v", c.person.Name, n, err)
		}
		for n := range 8 {
			id := task.ID(strconv.Itoa(n + 1))
			details, err := d.Show(t.Context(), c.person, id)
			if readable := slices.Contains(c.want, id); readable && (err != nil || details[0].ID != id) || !readable && fault.CodeOf(err) != fault.NotFound {
				t.Errorf("%s asks for job %s: %v", c.person.Name, id, err)
			}
		}
	}
}

func TestAJobOfATaskThatIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn))
	gone := func(state task.State) task.ID { return d.put(stored("maths.gone", teacher, state)).ID }
	id := gone(task.Queued)
	for _, action := range task.Actions() {
		if _, err := d.Do(t.Context(), teacher, action, []task.ID{id}); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s by the teacher who started it: %v", action, err)
		}
	}
	for _, action := range []task.Action{task.Pause, task.RunNow, task.First} {
		if _, err := d.Do(t.Context(), coordinator, action, []task.ID{id}); fault.CodeOf(err) != fault.TaskMissing {
			t.Errorf("%s by the coordinator: %v", action, err)
		}
	}
	if _, err := d.Reschedule(t.Context(), coordinator, []task.ID{id}, when("enqueue_in", 60)); fault.CodeOf(err) != fault.TaskMissing {
		t.Errorf("reschedule: %v", err)
	}
	for _, c := range []struct {
		action task.Action
		state  task.State
	}{{task.Cancel, task.Queued}, {task.Delete, task.Scheduled}, {task.Clear, task.Failed}} {
		if _, err := d.Do(t.Context(), coordinator, c.action, []task.ID{gone(c.state)}); err != nil {
			t.Errorf("%s by the coordinator: %v", c.action, err)
		}
	}
	if n, err := d.DoAll(t.Context(), coordinator, task.Delete, task.Filter{Task: "maths.gone"}, nil); n != 2 || err != nil {
		t.Errorf("by a filter %d, %v", n, err)
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn), define("maths.own", task.OwnJobs))
	mine, theirs := d.put(stored("maths.own", teacher, task.Queued)), d.put(stored("maths.own", other, task.Queued))
	if _, err := d.Do(t.Context(), teacher, task.Cancel, []task.ID{mine.ID, theirs.ID}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else's job: %v", err)
	}
	if got := d.read(mine.ID).State; got != task.Queued {
		t.Errorf("one's own became %v", got)
	}
	jobs, err := d.Do(t.Context(), teacher, task.Cancel, []task.ID{mine.ID, mine.ID})
	if err != nil || len(jobs) != 1 || jobs[0].State != task.Canceled {
		t.Errorf("the same id twice: %v, %v", jobs, err)
	}
}

func TestReschedule(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn))
	a, b := d.put(stored("maths.add", teacher, task.Failed)), d.put(stored("maths.add", teacher, task.Queued))
	jobs, err := d.Reschedule(t.Context(), teacher, []task.ID{a.ID, b.ID}, when("cron", "@daily", "priority", "low"))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.State != task.Scheduled || j.Schedule.Cron != "@daily" || j.Schedule.CatchUp != task.CatchUpOnce || j.Priority != task.Low {
			t.Errorf("it became %+v", j)
		}
	}
	for name, value := range map[string]any{"if_not": true, "sometimes": 1, "enqueue_in": -1} {
		_, err := d.Reschedule(t.Context(), teacher, []task.ID{a.ID}, when(name, value))
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "enqueue_args."+name {
			t.Errorf("%s: %v", name, err)
		}
	}
	// All or nothing, and a job that runs is told apart.
	c := d.put(stored("maths.add", teacher, task.Selected))
	if _, err := d.Reschedule(t.Context(), teacher, []task.ID{a.ID, c.ID}, when("enqueue_in", 60)); fault.CodeOf(err) != fault.AlreadyRunning {
		t.Errorf("got %v", err)
	}
	if got := d.read(a.ID); got.Schedule.Cron != "@daily" {
		t.Errorf("the other became %+v", got)
	}
}

func TestRescheduleAll(t *testing.T) {
	t.Parallel()
	retried := define("maths.retried", task.SignedIn)
	retried.Retry = task.Retry{Interval: time.Minute}
	d := newDesk(t, define("maths.add", task.SignedIn), define("maths.secret", task.CoordinatorOnly), retried)
	var drafts []task.Draft
	for i := range 450 {
		for of, state := range map[string]task.State{
			"maths.add": task.States()[i%len(task.States())], "maths.retried": task.Scheduled, "maths.secret": task.Scheduled, "maths.gone": task.Scheduled,
		} {
			j := stored(of, teacher, state)
			j.Queue = "q" + strconv.Itoa(i%5)
			drafts = append(drafts, task.Draft{Job: &j})
		}
	}
	if _, err := d.store.Insert(t.Context(), drafts); err != nil {
		t.Fatal(err)
	}
	waiting, ended := 90, 0 // of 90 of each task on the queue, those of one task in every state
	for i := range 450 {
		switch state := task.States()[i%len(task.States())]; {
		case i%5 != 1 || state.Active():
		case state.Resting():
			ended++
		default:
			waiting++
		}
	}
	filter := task.Filter{Queue: "q1"}
	count := func(times any, filter task.Filter) (n int, told map[string]int) {
		t.Helper()
		told = map[string]int{}
		n, err := d.RescheduleAll(t.Context(), teacher, filter, times, func(jobs []engine.Live) error {
			for _, j := range jobs {
				told[j.Task]++
				if j.State != task.Scheduled || j.Queue != "q1" || j.Schedule.Cron != "@daily" {
					t.Errorf("told of %+v", j)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return n, told
	}

	for name, value := range map[string]any{"if_not": true, "sometimes": 1, "enqueue_in": -1, "max_retries": -1} {
		n, err := d.RescheduleAll(t.Context(), teacher, task.Filter{}, when(name, value), nil)
		if f := fault.Of(err); n != 0 || f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "enqueue_args."+name {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	if _, err := d.RescheduleAll(t.Context(), nobody, filter, when("cron", "@daily"), nil); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("nobody: %v", err)
	}

	if n, told := count(when("cron", "@daily", "max_retries", 2), filter); n != 90 || told["maths.retried"] != 90 {
		t.Errorf("%d take a limit of retries, told %v; want those of the task that retries", n, told)
	}
	if n, told := count(when("cron", "@daily"), filter); n != waiting || told["maths.retried"] != 90 || told["maths.add"] != waiting-90 {
		t.Errorf("%d have another time, told %v; want %d", n, told, waiting)
	}
	filter.States = []task.State{task.Canceled, task.Failed, task.Completed}
	if n, told := count(when("cron", "@daily"), filter); n != ended || told["maths.add"] != ended {
		t.Errorf("%d that have ended have another time, told %v; want %d", n, told, ended)
	}
	filter.States = []task.State{task.Running, task.Selected}
	if n, _ := count(when("cron", "@daily"), filter); n != 0 {
		t.Errorf("%d that no worker was to give up", n)
	}
}

func TestDoAll(t *testing.T) {
	t.Parallel()

	t.Run("every job is done that matches, that may be run and that it is possible for, in parts", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.all", task.SignedIn), define("maths.own", task.OwnJobs), define("maths.secret", task.CoordinatorOnly))
		var drafts []task.Draft
		want := 0
		for i := range 450 {
			for _, of := range []string{"maths.all", "maths.own", "maths.secret"} {
				by, state := teacher, task.Queued
				if i%2 == 0 {
					by = other
				}
				if i%3 == 0 {
					state = task.Completed
				}
				j := stored(of, by, state)
				j.Queue = "q" + strconv.Itoa(i%5)
				drafts = append(drafts, task.Draft{Job: &j})
				if j.Queue == "q1" && state == task.Queued && (of == "maths.all" || of == "maths.own" && by.ID == teacher.ID) {
					want++
				}
			}
		}
		if _, err := d.store.Insert(t.Context(), drafts); err != nil {
			t.Fatal(err)
		}
		told, parts := 0, 0
		n, err := d.DoAll(t.Context(), teacher, task.Cancel, task.Filter{Queue: "q1"}, func(jobs []engine.Live) error {
			parts++
			for _, j := range jobs {
				told++
				if j.State != task.Canceled || j.Queue != "q1" || j.Task == "maths.secret" || j.Task == "maths.own" && j.StartedBy != teacher.ID {
					t.Errorf("told of %+v", j)
				}
			}
			return nil
		})
		if err != nil || n != want || told != want {
			t.Errorf("%d done, %d told, %v; want %d", n, told, err, want)
		}
		if n := d.stored(task.Canceled); n != want {
			t.Errorf("%d are cancelled", n)
		}
		if n, err := d.DoAll(t.Context(), teacher, task.Cancel, task.Filter{Queue: "q1"}, nil); n != 0 || err != nil {
			t.Errorf("once more: %d, %v", n, err)
		}
		n, err = d.DoAll(t.Context(), coordinator, task.Delete, task.Filter{}, nil)
		if left := d.stored(); n != 1350-450 || err != nil || left != 450 { // nobody else's own ones
			t.Errorf("%d deleted, %d left, %v", n, left, err)
		}
	})

	t.Run("states narrow it down", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		d.put(stored("maths.add", teacher, task.Failed))
		d.put(stored("maths.add", teacher, task.Completed))
		if n, err := d.DoAll(t.Context(), teacher, task.Restart, task.Filter{States: []task.State{task.Failed, task.Queued}}, nil); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if n, err := d.DoAll(t.Context(), teacher, task.Restart, task.Filter{States: []task.State{task.Running}}, nil); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if _, err := d.DoAll(t.Context(), nobody, task.Restart, task.Filter{}, nil); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("nobody: %v", err)
		}
	})

	t.Run("words narrow it down as they do a list", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn), define("maths.all", task.SignedIn))
		d.put(stored("maths.add", teacher, task.Queued))
		for _, note := range []string{"Über", "über", "other"} {
			j := stored("maths.all", teacher, task.Queued)
			j.Metadata = json.RawMessage(`{"note":"` + note + `"}`)
			d.put(j)
		}
		for _, c := range []struct {
			words []task.Word
			want  int
		}{
			{[]task.Word{{Text: "Prüfung", Tasks: []string{"maths.add"}}}, 1},
			{[]task.Word{{Text: "ÜBER"}}, 2},
			{[]task.Word{{Text: "waiting", States: []task.State{task.Queued}}, {Text: "über", Tasks: []string{"maths.add"}}}, 3},
			{[]task.Word{{Text: "über"}, {Text: "other"}}, 0},
		} {
			filter := task.Filter{Search: c.words}
			listed, page, err := d.List(t.Context(), teacher, filter, task.Page{Limit: 10})
			if err != nil || len(listed) != c.want || page.Counts[task.Queued] != int64(c.want) {
				t.Errorf("by %v: %d listed, counted %v, %v; want %d", c.words, len(listed), page.Counts, err, c.want)
			}
			if n, err := d.DoAll(t.Context(), teacher, task.Pause, filter, nil); n != c.want || err != nil {
				t.Errorf("by %v: %d paused, %v; want %d", c.words, n, err, c.want)
			}
			if n, err := d.DoAll(t.Context(), teacher, task.Unpause, task.Filter{}, nil); n != c.want || err != nil {
				t.Errorf("%d go on, %v", n, err)
			}
		}
	})

	t.Run("what the listener refuses ends it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.add", task.SignedIn))
		d.put(stored("maths.add", teacher, task.Failed))
		closed := errors.New("the pipe is closed")
		if n, err := d.DoAll(t.Context(), teacher, task.Clear, task.Filter{}, func([]engine.Live) error { return closed }); n != 1 || !errors.Is(err, closed) {
			t.Errorf("%d, %v", n, err)
		}
	})

	t.Run("clear all takes what is at rest and may be run, by queue", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, define("maths.all", task.SignedIn), define("maths.secret", task.CoordinatorOnly))
		for _, of := range []string{"maths.all", "maths.secret"} {
			for _, state := range task.States() {
				for _, queue := range []string{"a", "b"} {
					j := stored(of, other, state)
					j.Queue = queue
					d.put(j)
				}
			}
		}
		for _, c := range []struct {
			person auth.Person
			queue  string
			want   int
		}{{teacher, "a", 3}, {teacher, "", 3}, {coordinator, "b", 3}, {coordinator, "", 3}, {coordinator, "", 0}} {
			if n, err := d.ClearAll(t.Context(), c.person, c.queue); n != c.want || err != nil {
				t.Errorf("%s of queue %q: %d, %v, want %d", c.person.Name, c.queue, n, err, c.want)
			}
		}
		if left := d.count(); left != 2*2*6 {
			t.Errorf("%d are left", left)
		}
	})
}

func TestQueues(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn), define("secret.add", task.CoordinatorOnly), define("empty.add", task.SignedIn))
	d.put(stored("maths.add", teacher, task.Queued))
	d.put(stored("maths.add", other, task.Failed))
	hidden := stored("secret.add", coordinator, task.Queued)
	hidden.Queue = "secret"
	d.put(hidden)

	type queue struct {
		name   string
		counts map[task.State]int64
	}
	for _, c := range []struct {
		person auth.Person
		want   []queue
	}{
		{teacher, []queue{{"empty", map[task.State]int64{}}, {"maths", map[task.State]int64{task.Queued: 1, task.Failed: 1}}}},
		{coordinator, []queue{{"empty", map[task.State]int64{}}, {"maths", map[task.State]int64{task.Queued: 1, task.Failed: 1}}, {"secret", map[task.State]int64{task.Queued: 1}}}},
	} {
		queues, err := d.Queues(t.Context(), c.person)
		if err != nil {
			t.Fatal(err)
		}
		var got []queue
		for _, q := range queues {
			if !q.Paused.IsZero() {
				t.Errorf("%s is paused", q.Name)
			}
			got = append(got, queue{q.Name, q.Counts})
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(queue{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.person.Name, diff)
		}
	}

	q, err := d.PauseQueue(t.Context(), coordinator, "maths")
	if err != nil || q.Paused.IsZero() || q.Name != "maths" {
		t.Errorf("paused %+v, %v", q, err)
	}
	again, err := d.PauseQueue(t.Context(), coordinator, "maths")
	if err != nil || !again.Paused.Equal(q.Paused) {
		t.Errorf("paused again %+v, %v", again, err)
	}
	// Everybody who may see the job sees why it waits.
	jobs, _, err := d.List(t.Context(), teacher, task.Filter{States: []task.State{task.Queued}}, task.Page{Limit: 10})
	if err != nil || len(jobs) != 1 || jobs[0].Waiting == nil || jobs[0].Waiting.Code != engine.QueuePaused {
		t.Errorf("listed %+v, %v", jobs, err)
	}
	if got := d.read(jobs[0].ID); got.Waiting != nil {
		t.Error("it was stored with the job")
	}
	for _, name := range []string{"unknown", ""} {
		if _, err := d.PauseQueue(t.Context(), coordinator, name); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("queue %q: %v", name, err)
		}
	}
	if _, err := d.ResumeQueue(t.Context(), teacher, "maths"); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a teacher: %v", err)
	}
	if q, err := d.ResumeQueue(t.Context(), coordinator, "maths"); err != nil || !q.Paused.IsZero() {
		t.Errorf("resumed %+v, %v", q, err)
	}
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.SignedIn), define("maths.own", task.OwnJobs))
	far := (time.Now().UTC().Hour() + 12) % 24 // whatever the time is, the others come before
	daily := d.create(teacher, request("maths.add", "enqueue_args", when("cron", fmt.Sprintf("CRON_TZ=UTC 0 %d * * *", far))))
	twice := d.create(teacher, request("maths.add", "enqueue_args", when("enqueue_in", 60, "repeat", 1, "repeat_interval", 60)))
	once := d.create(other, request("maths.add", "enqueue_args", when("enqueue_in", 30)))
	d.create(teacher, request("maths.add"))
	d.create(other, request("maths.own", "enqueue_args", when("enqueue_in", 10)))
	d.put(stored("maths.add", teacher, task.Completed))

	next := map[task.ID][]time.Time{
		once.ID:  {once.Due},
		twice.ID: {twice.Due, twice.Due.Add(time.Minute)},
		daily.ID: {daily.Due, daily.Due.AddDate(0, 0, 1), daily.Due.AddDate(0, 0, 2)},
	}
	var got []task.ID
	for after := ""; ; {
		page, cursor, err := d.Schedules(t.Context(), teacher, task.Page{Limit: 1, After: after})
		if err != nil || len(page) != 1 {
			t.Fatalf("%d schedules, %v", len(page), err)
		}
		got = append(got, page[0].ID)
		if diff := cmp.Diff(next[page[0].ID], page[0].Next); diff != "" {
			t.Errorf("job %s runs (-want +got):\n%s", page[0].ID, diff)
		}
		if after = cursor; after == "" {
			break
		}
	}
	if !slices.Equal(got, []task.ID{once.ID, twice.ID, daily.ID}) {
		t.Errorf("listed %v, want the next one first", got)
	}
}
