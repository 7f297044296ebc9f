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
		{"a cron job that runs has the planned one before it", task.Job{State: task.Running, Due: noon, Planned: at(1)[0], Schedule: cron}, at(1, 2, 3)},
		{"so has one that is retried", task.Job{State: task.Scheduled, Due: at(0.25)[0], Planned: at(1)[0], Schedule: cron}, at(0.25, 1, 2)},
		{"or was asked for", task.Job{State: task.Queued, Due: noon, Planned: at(1)[0], Extra: true, Schedule: cron}, at(1, 2, 3)},
		{"when the series was cancelled there is none by its rule", task.Job{State: task.Canceling, Due: noon, Planned: at(1)[0], Extra: true, Schedule: hourly(2), SeriesCanceled: true}, nil},
		{"but what is tried again is", task.Job{State: task.Scheduled, Due: at(0.25)[0], Schedule: cron, SeriesCanceled: true}, at(0.25)},
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

// What people are shown is what happens in the nights when the clock changes.
func TestNextRunsInTheNightOfTheChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cron, now string
		want      [3]string
	}{
		{"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-27 12:00", [3]string{"2026-03-28 01:30", "2026-03-30 00:30", "2026-03-31 00:30"}},
		{"CRON_TZ=Europe/Berlin 0 * * * *", "2026-03-28 23:30", [3]string{"2026-03-29 00:00", "2026-03-29 01:00", "2026-03-29 02:00"}},
		{"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24 12:00", [3]string{"2026-10-25 00:30", "2026-10-25 01:30", "2026-10-26 01:30"}},
		{"CRON_TZ=America/New_York 30 2 * * *", "2026-03-06 12:00", [3]string{"2026-03-07 07:30", "2026-03-09 06:30", "2026-03-10 06:30"}},
		{"CRON_TZ=America/New_York 30 1 * * *", "2026-10-31 12:00", [3]string{"2026-11-01 05:30", "2026-11-01 06:30", "2026-11-02 06:30"}},
	} {
		job := task.Job{State: task.Scheduled, Schedule: task.Schedule{Cron: c.cron}}
		job.Due, _ = job.Schedule.Next(at(t, c.now), at(t, c.now))
		for i, run := range job.NextRuns(at(t, c.now), 3) {
			if !run.Equal(at(t, c.want[i])) {
				t.Errorf("%s: run %d is at %v, want %s", c.cron, i+1, run.UTC(), c.want[i])
			}
		}
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

// TestNextRunsOfWhatIsAskedFor tells a person when a job would run before
// they ask for it.
func TestNextRunsOfWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	hourly := task.Schedule{Repeat: 1, Interval: time.Hour}
	for _, c := range []struct {
		name string
		when task.When
		want []time.Time
	}{
		{"now", task.When{}, []time.Time{noon}},
		{"at a time", task.When{At: noon.Add(time.Hour)}, []time.Time{noon.Add(time.Hour)}},
		{"at a time that has passed", task.When{At: noon.Add(-time.Hour)}, []time.Time{noon}},
		{"in a while, and once more", task.When{In: time.Minute, Schedule: hourly}, []time.Time{noon.Add(time.Minute), noon.Add(61 * time.Minute)}},
		{"by a rule", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *"}}, []time.Time{noon.Add(30 * time.Minute), noon.Add(90 * time.Minute)}},
		{"by a rule that never comes", task.When{Schedule: task.Schedule{Cron: "0 0 30 2 *"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.when.NextRuns(noon, 2)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
