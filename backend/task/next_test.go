package task_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/task"
)

func TestNextRuns(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	at := func(hours ...float64) []time.Time {
		var times []time.Time
		for _, h := range hours {
			times = append(times, noon.Add(time.Duration(h*float64(time.Hour))))
		}
		return times
	}
	hourly := func(repeat int64) task.Schedule { return task.Schedule{Repeat: repeat, Interval: time.Hour} }
	cron := task.Schedule{Cron: "CRON_TZ=UTC 0 * * * *"}
	for _, c := range []struct {
		name string
		job  task.Job
		want []time.Time
	}{
		{"a one-shot has one", task.Job{State: task.Scheduled, Due: at(1)[0]}, at(1)},
		{"one that is due has no further one", task.Job{State: task.Queued, Due: noon}, nil},
		{"a repeating one has as many as are left", task.Job{State: task.Scheduled, Due: at(1)[0], Schedule: hourly(1)}, at(1, 2)},
		{"or three, for ever", task.Job{State: task.Scheduled, Due: at(1)[0], Schedule: hourly(task.Forever)}, at(1, 2, 3)},
		{"a cron rule has three", task.Job{State: task.Scheduled, Due: at(1)[0], Schedule: cron}, at(1, 2, 3)},
		{"a retry comes before the next planned one", task.Job{State: task.Scheduled, Due: at(0.25)[0], Planned: at(-0.5)[0], Schedule: hourly(2)}, at(0.25, 0.5, 1.5)},
		{"while it runs, those after", task.Job{State: task.Running, Due: noon, Schedule: hourly(2)}, at(1, 2)},
		{"one that was missed while it runs comes at once", task.Job{State: task.Running, Due: at(-2.5)[0], Schedule: hourly(task.Forever)}, at(0, 0.5, 1.5)},
		{"a run that was asked for leaves the planned ones", task.Job{State: task.Running, Due: noon, Planned: at(0.5)[0], Extra: true, Schedule: hourly(1)}, at(0.5, 1.5)},
		{"of a paused one nobody knows", task.Job{State: task.Paused, Due: at(1)[0], Schedule: cron}, nil},
		{"one at rest has none", task.Job{State: task.Failed, Due: at(1)[0], Schedule: cron}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.job.NextRuns(noon, 3)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	for _, action := range task.Actions() {
		if parsed, known := task.ParseAction(string(action)); !known || parsed != action {
			t.Errorf("%s is read as %s, %v", action, parsed, known)
		}
		if len(action.States()) == 0 {
			t.Errorf("%s is for no state", action)
		}
	}
	if action, known := task.ParseAction("explode"); known {
		t.Errorf("an unknown name is read as %s", action)
	}
}
