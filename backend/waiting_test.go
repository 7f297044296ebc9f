package backend_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
)

func TestAWaitingCommandRunsItsOwnJobAndThoseBeforeIt(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	free := l.place()
	free.letGo()
	store := func(more ...string) told {
		return answers[told](l.call("enqueue", "test.hold", free.args(more...), "--json"), 0)
	}
	other := store(`"problems": 1`)
	before := store(`"key": "k"`, `"problems": 1`)
	own := answers[span](l.call("enqueue", "test.hold", free.args(`"key": "k"`), "--wait", "--json"), 0)
	after := store(`"key": "k"`, `"problems": 2`)
	if own.Status != "COMPLETED" {
		t.Errorf("its own job is %+v", own)
	}
	if job := l.show(before.ID); job.Status != "COMPLETED" || job.Finished.After(own.Started) {
		t.Errorf("the job before it on its key is %+v", job)
	}
	for _, id := range []string{other.ID, after.ID} {
		if job := l.show(id); job.Status != "QUEUED" {
			t.Errorf("a job that it has nothing to do with is %+v", job)
		}
	}
}

func TestAWaitingCommandThatJoinsAPlannedJobSaysWhenThatBegins(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.place()
	l.window()
	stored := answers[told](l.call("enqueue", "test.hold", p.args(), "--in", "1h", "--json"), 0)
	waits := l.begin("enqueue", "test.hold", p.args(), "--if-not", "--wait")
	waits.says("nectar jobs run-now " + stored.ID)
	answers[any](l.call("jobs", "run-now", stored.ID, "--json"), 0)
	p.begun()
	p.letGo()
	if status := waits.wait(); status != 0 || !strings.Contains(waits.stdout.String(), "let go") {
		t.Errorf("status %d, %s%s", status, waits.stdout, waits.stderr)
	}
}

func TestAWaitingCommandJoinsAnEqualJob(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]func(l *laptop) *process{
		"in a process of its own": func(*laptop) *process { return nil },
		"beside a window":         func(l *laptop) *process { return l.window() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			own(l)
			c, drive := channeltest.Make(t)
			stored := answers[told](l.call("import", string(c.ID), "--from", drive, "--in", "1h", "--json"), 0)
			joined := answers[told](l.call("import", string(c.ID), "--from", drive, "--no-wait", "--json"), 0)
			if joined.ID != stored.ID {
				t.Errorf("an equal job was stored beside %+v: %+v", stored, joined)
			}

			p := l.place()
			first := l.begin("enqueue", "test.hold", p.args(), "--if-not", "--wait", "--json")
			p.begun()
			second := l.begin("enqueue", "test.hold", p.args(), "--if-not", "--wait")
			second.says("Job " + l.only().ID + ":")
			p.letGo()
			job := answers[told](first, 0)
			if status := second.wait(); status != 0 || job.ID != l.only().ID || job.Status != "COMPLETED" {
				t.Errorf("the first has %+v; the second: status %d, %s%s", job, status, second.stdout, second.stderr)
			}
		})
	}
}

func TestAWaitingCommandLetsThePausedJobThatItJoinsGoOn(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t)
	l.call("import", string(c.ID), "--from", drive)
	stored := answers[told](l.call("verify", "--no-wait", "--json"), 0)
	l.call("jobs", "pause", stored.ID)
	if still := answers[told](l.call("verify", "--no-wait", "--json"), 0); still.ID != stored.ID || still.Status != "PAUSED" {
		t.Errorf("who only stores is answered %+v", still)
	}
	if job := answers[told](l.call("verify", "--json"), 0); job.ID != stored.ID || job.Status != "COMPLETED" {
		t.Errorf("who waits is answered %+v", job)
	}
}

func TestAWaitingCommandQueuesBehindTheSameChannel(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p, q := l.place(), l.place()
	first := l.begin("enqueue", "test.hold", p.args(`"key": "channel"`), "--wait", "--json")
	p.begun()
	second := l.begin("enqueue", "test.hold", q.args(`"key": "channel"`), "--wait", "--json")
	l.stored(2)
	if _, err := os.Stat(filepath.Join(q.path, "begun")); err == nil {
		t.Error("two jobs of one channel run at once")
	}
	p.letGo()
	q.letGo()
	if a, b := answers[span](first, 0), answers[span](second, 0); a.ID == b.ID || b.Started.Before(a.Finished) {
		t.Errorf("the first has %+v, the second %+v", a, b)
	}
}

func TestATimeImpliesNotToWait(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	c, drive := channeltest.Make(t)
	for _, when := range [][]string{
		{"--in", "1h"},
		{"--at", "2099-01-01T00:00:00Z", "--repeat", "2", "--repeat-interval", "60"},
		{"--cron", "@daily"},
	} {
		job := answers[told](l.call(append([]string{"import", string(c.ID), "--from", drive, "--json"}, when...)...), 0)
		if job.Status != "SCHEDULED" {
			t.Errorf("with %q the job is %+v", when, job)
		}
		l.call("jobs", "delete", job.ID)
	}
	refuses(l.call("import", string(c.ID), "--from", drive, "--in", "soon", "--json"), 2, fault.InvalidRequest)
}

// span is a job with its times.
type span struct {
	told

	Started, Finished time.Time
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *span) UnmarshalJSON(text []byte) error {
	var times struct{ Started, Finished *time.Time }
	if err := json.Unmarshal(text, &times); err != nil {
		return err
	}
	if times.Started != nil {
		s.Started = *times.Started
	}
	if times.Finished != nil {
		s.Finished = *times.Finished
	}
	return json.Unmarshal(text, &s.told)
}

func (l *laptop) show(id string) span {
	l.t.Helper()
	return answers[span](l.call("jobs", "show", id, "--json"), 0)
}

// stored waits until there are so many jobs of test.hold.
func (l *laptop) stored(count int) {
	l.t.Helper()
	for until := time.Now().Add(patience); ; {
		list := answers[struct{ Jobs []told }](l.call("jobs", "--task", "test.hold", "--json"), 0)
		if len(list.Jobs) == count {
			return
		}
		if time.Now().After(until) {
			l.t.Fatalf("there are %d jobs", len(list.Jobs))
		}
	}
}
