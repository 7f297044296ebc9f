package wire_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
	"nectar/backend/wire"
)

func TestWaiting(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	job := func(change func(*engine.Live)) engine.Live {
		live := engine.Live{Job: task.Job{ID: "7", Task: "a.b", State: task.Queued, Due: noon, Created: noon}}
		change(&live)
		return live
	}
	drive := func(j *engine.Live) {
		need := task.Need{Code: task.NeedDrive, Item: "SANDISK", Key: "1234"}
		j.Waiting = &task.Waiting{Need: need, Since: noon}
		j.Failure = &task.Failure{Code: fault.Interrupted}
	}
	unstored := func(code string) func(*engine.Live) {
		return func(j *engine.Live) {
			j.State, j.Waiting = task.Running, &task.Waiting{Need: task.Need{Code: code}, Since: noon}
		}
	}
	behind := func(n int) func(*engine.Live) { return func(j *engine.Live) { j.Behind = n } }
	cases := []struct {
		name, language string
		change         func(*engine.Live)
		want           *wire.Waiting
		text           string
	}{
		{"for nothing", "en", func(*engine.Live) {}, nil, "Waiting"},
		{"for a drive", "en", drive, &wire.Waiting{Code: "drive", Item: "SANDISK", Since: "2026-05-01T12:00:00.000Z"}, "Waits for the drive SANDISK"},
		{"for one other", "en", behind(1), &wire.Waiting{Code: "after_others", Item: "1", Since: "2026-05-01T12:00:00.000Z"}, "After 1 other job"},
		{"for others", "de", behind(12), &wire.Waiting{Code: "after_others", Item: "12", Since: "2026-05-01T12:00:00.000Z"}, "Nach 12 anderen Aufträgen"},
		{"for room to store its end", "en", unstored("disk_full"), &wire.Waiting{Code: "disk_full", Since: "2026-05-01T12:00:00.000Z"}, "Waits for room on the disk: delete something, and it goes on by itself"},
		{"for a disk that takes nothing", "de", unstored("disk_trouble"), &wire.Waiting{Code: "disk_trouble", Since: "2026-05-01T12:00:00.000Z"}, "Wartet auf die Festplatte, die gerade nichts annimmt, und geht von selbst weiter"},
		{"for two others", "ar", behind(2), &wire.Waiting{Code: "after_others", Item: "2", Since: "2026-05-01T12:00:00.000Z"}, "بعد مهمتين أخريين"},
	}
	// What a task says of its job while it runs is not what it waits for.
	registry, err := task.NewRegistry(task.Define(task.Spec[args]{
		Name: "a.b", Summary: "Work", Permission: task.SignedIn,
		Status: func(d task.Described[args]) (status task.Status) {
			if d.Job.State == task.Running {
				status.Text = "state.RUNNING"
			}
			return status
		},
		Run: func(context.Context, *task.Run, args) (any, error) { return nil, nil },
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run("a job that waits "+c.name+" says so in "+c.language, func(t *testing.T) {
			t.Parallel()
			got := wire.NewMaker(i18n.New(), registry, c.language).Job(job(c.change))
			if diff := cmp.Diff(c.want, got.Waiting); diff != "" {
				t.Errorf("waiting (-want +got):\n%s", diff)
			}
			if text := got.StatusText; text != c.text {
				t.Errorf("the text is %q, want %q", text, c.text)
			}
		})
	}
}
