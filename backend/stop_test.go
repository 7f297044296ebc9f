package backend_test

import (
	"os"
	"path/filepath"
	"testing"
)

type stopped struct {
	Stopped *string `json:"stopped"`
}

func TestAnOwnerIsAskedToEnd(t *testing.T) {
	t.Parallel()
	for role, begin := range map[string]func(*laptop, place) *process{
		"window": func(l *laptop, p place) *process {
			window := l.window()
			l.call("enqueue", "test.hold", p.args())
			return window
		},
		"work": func(l *laptop, p place) *process {
			l.call("enqueue", "test.hold", p.args())
			return l.begin("work")
		},
		"waiting": func(l *laptop, p place) *process { return l.begin("enqueue", "test.hold", p.args(), "--wait") },
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			p := l.place()
			owner := begin(l, p)
			p.begun()
			said := answers[stopped](l.call("stop", "--json"), 0)
			if said.Stopped == nil || *said.Stopped != role {
				t.Errorf("%v is said to have stopped", said.Stopped)
			}
			if status := owner.wait(); status != 0 && (role != "waiting" || status != 130) {
				t.Errorf("the owner ends with %d: %s%s", status, owner.stdout, owner.stderr)
			}
			if job := l.only(); job.Status != "QUEUED" || len(job.History) != 1 || job.History[0].Outcome != "interrupted" {
				t.Errorf("the job was not stopped safely: %+v", job)
			}
			p.letGo()
			if again := l.call("work", "--until-idle"); again.wait() != 0 {
				t.Errorf("work: %s", again.stderr)
			}
			if job := l.only(); job.Status != "COMPLETED" {
				t.Errorf("the job does not go on: %+v", job)
			}
		})
	}

	t.Run("those that it serves end with it", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		p := l.place()
		l.window()
		client := l.begin("enqueue", "test.hold", p.args(), "--wait", "--json")
		p.begun()
		answers[stopped](l.call("stop", "--json"), 0)
		if job := answers[told](client, 130); job.Status != "RUNNING" && job.Status != "QUEUED" {
			t.Errorf("the command that watched says %+v", job)
		}
		if said := answers[stopped](l.call("stop", "--json"), 0); said.Stopped != nil {
			t.Errorf("%s still ran", *said.Stopped)
		}
	})

	t.Run("where nobody is, nothing is made", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.folder = filepath.Join(l.folder, "new")
		if said := answers[stopped](l.call("stop", "--json"), 0); said.Stopped != nil {
			t.Errorf("%s was stopped", *said.Stopped)
		}
		if _, err := os.Stat(l.folder); err == nil {
			t.Error("the folder was made")
		}
	})
}
