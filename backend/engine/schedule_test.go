package engine_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// clocked is a function that writes down when it runs, in minutes since the
// epoch, and then does what it is told.
func clocked(times *[]int, then function) function {
	return func(ctx context.Context, run *task.Run, a args) (any, error) {
		*times = append(*times, int(time.Since(epoch())/time.Minute))
		return then(ctx, run, a)
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()

	t.Run("a delayed job runs when it is due and not before", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			late, soon := w.enqueue(work, args{}, task.When{In: time.Hour}), w.enqueue(work, args{}, task.When{At: epoch().Add(10 * time.Minute)})
			if late.State != task.Scheduled || !late.Due.Equal(epoch().Add(time.Hour)) {
				t.Errorf("stored as %+v", late)
			}
			pass(10*time.Minute - time.Millisecond)
			w.expect(soon.ID, task.Scheduled)
			pass(2 * time.Hour)
			w.expect(late.ID, task.Completed)
			if diff := cmp.Diff([]int{10, 60}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a time in the past is now", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{At: epoch().Add(-24 * time.Hour)})
			if j.State != task.Queued {
				t.Errorf("stored as %v", j.State)
			}
			w.expect(j.ID, task.Completed)
		})
	})

	t.Run("three repeats are four runs, without drift, and a failed one counts", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
				<-time.After(7 * time.Minute)
				if len(times) == 2 {
					return nil, errBroken
				}
				return nil, nil
			}))
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{In: 5 * time.Minute, Schedule: task.Schedule{Repeat: 3, Interval: time.Hour}})
			pass(70 * time.Minute)
			pass(2 * time.Minute)
			if got := w.expect(j.ID, task.Scheduled); got.Outcome != task.OutcomeFailed || got.Failure == nil {
				t.Errorf("between the runs the failure is not shown: %+v", got)
			}
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{5, 65, 125, 185}, times); diff != "" {
				t.Error(diff)
			}
			if got := w.expect(j.ID, task.Completed); got.Attempts != 4 || got.Schedule.Repeat != 0 {
				t.Errorf("ended as %+v", got)
			}
		})
	})

	t.Run("retries do not shift the schedule", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
				if len(times)%3 != 0 {
					return nil, errBroken
				}
				return nil, nil
			}))
			w := started(t, work)
			pause := 7 * time.Minute
			w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 1, Interval: time.Hour, RetryInterval: &pause}})
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{0, 7, 14, 60, 67, 74}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("runs that come due while the job runs are merged into one", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
				if len(times) == 1 {
					<-time.After(200 * time.Minute)
				}
				return nil, nil
			}))
			w := started(t, work)
			w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 3, Interval: time.Hour}})
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{0, 200, 240, 300}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a cron job runs by its rule, at the next planned time after now", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
				if len(times) == 2 {
					<-time.After(90 * time.Minute)
				}
				return nil, nil
			}))
			w := started(t, work)
			j, err := work.EnqueueCron(t.Context(), w, "CRON_TZ=UTC 30 * * * *", args{})
			if err != nil || j.State != task.Scheduled {
				t.Fatal(j, err)
			}
			pass(300 * time.Minute)
			if diff := cmp.Diff([]int{30, 90, 210, 270}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a cron job that is restarted runs now and then by its rule", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			j, err := work.EnqueueCron(t.Context(), w, "CRON_TZ=UTC 30 * * * *", args{})
			if err != nil {
				t.Fatal(err)
			}
			w.do(task.CancelSeries, j.ID)
			pass(10 * time.Minute)
			one(t, w.Restart, j.ID)
			pass(90 * time.Minute)
			if diff := cmp.Diff([]int{10, 30, 90}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a rule that never comes or cannot be read is refused by its field", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			for _, rule := range []string{"0 0 30 2 *", "every day"} {
				_, err := work.EnqueueCron(t.Context(), w, rule, args{})
				if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != fault.FieldCron {
					t.Errorf("%s: %v", rule, err)
				}
			}
		})
	})
}

func TestMissedRuns(t *testing.T) {
	t.Parallel()
	// The laptop is off from the enqueueing at 0 until 200 minutes later.
	cases := []struct {
		name string
		when task.When
		want []int
	}{
		{"a one-shot always runs", task.When{In: time.Hour}, []int{200}},
		{"a one-shot runs whatever the rule for missed ones", task.When{In: time.Hour, Schedule: task.Schedule{CatchUp: task.CatchUpSkip}}, []int{200}},
		{
			"missed repeats run once together, cost one, and the rest keep their times",
			task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 2, Interval: time.Hour, CatchUp: task.CatchUpOnce}},
			[]int{200, 240, 300},
		},
		{
			"a single missed repeat runs",
			task.When{In: 190 * time.Minute, Schedule: task.Schedule{Repeat: 1, Interval: time.Hour, CatchUp: task.CatchUpOnce}},
			[]int{200, 250},
		},
		{
			"missed repeats are left out if the rule says so, and cost nothing",
			task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 2, Interval: time.Hour, CatchUp: task.CatchUpSkip}},
			[]int{240, 300, 360},
		},
		{
			"missed times of a cron job run once together",
			task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpOnce}},
			[]int{200, 210, 270, 330, 390},
		},
		{
			"missed times of a cron job are left out if the rule says so",
			task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpSkip}},
			[]int{210, 270, 330, 390},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				w := build(t, nil, work)
				w.enqueue(work, args{}, c.when)
				pass(200 * time.Minute)
				w.start()
				pass(200 * time.Minute)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}

	for _, c := range []struct {
		name    string
		when    task.When
		missed  int // the minute of the run that is said to be missed; 0 for none
		forgets int // the minute of the next run in time, with which that is over
	}{
		{"a repeat that is made up for", task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 3, Interval: time.Hour, CatchUp: task.CatchUpOnce}}, 60, 240},
		{"a repeat that is left out", task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 3, Interval: time.Hour, CatchUp: task.CatchUpSkip}}, 60, 240},
		{"a time of a cron job that is made up for", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpOnce}}, 30, 210},
		{"a time of a cron job that is left out", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpSkip}}, 30, 210},
		{"not a one-shot, which runs at last", task.When{In: time.Hour}, 0, 0},
	} {
		t.Run("what was missed is said until a run comes in time: "+c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				work := define("test.work", succeed)
				w := build(t, nil, work)
				began := time.Now()
				id := w.enqueue(work, args{}, c.when).ID
				said := func() string {
					var metadata map[string]string
					if err := json.Unmarshal(w.read(id).Metadata, &metadata); err != nil {
						t.Fatal(err)
					}
					return metadata[task.MissedRun]
				}
				pass(200 * time.Minute)
				w.start()
				pass(time.Minute)
				want := ""
				if c.missed > 0 {
					want = began.Add(time.Duration(c.missed) * time.Minute).UTC().Format(time.RFC3339)
				}
				if got := said(); got != want {
					t.Errorf("it says %q, want %q", got, want)
				}
				pass(time.Duration(c.forgets-200) * time.Minute)
				if got := said(); got != "" {
					t.Errorf("after a run in time it still says %q", got)
				}
			})
		})
	}

	t.Run("a run that the dispatcher reaches a little late is not missed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := build(t, nil, work)
			w.enqueue(work, args{}, task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 1, Interval: time.Hour, CatchUp: task.CatchUpSkip}})
			pass(time.Hour + 20*time.Second)
			w.start()
			pass(time.Hour)
			if diff := cmp.Diff([]int{60, 120}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a repeat that waited for a worker for hours stands for all that it missed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work, long := define("test.work", clocked(&times, succeed)), define("test.long", hold)
			w := started(t, work, long)
			w.Resize(1, 0)
			first := w.enqueue(long, args{})
			w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 2, Interval: time.Hour}})
			pass(200 * time.Minute)
			one(t, w.cancelRun, first.ID)
			pass(150 * time.Minute)
			if diff := cmp.Diff([]int{200, 240, 300}, times); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func TestRetry(t *testing.T) {
	t.Parallel()
	pause := 5 * time.Minute
	most := int64(2)

	t.Run("a failed run is retried after the interval, so many times", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, fail))
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{RetryInterval: &pause, MaxRetries: &most}})
			if got := w.expect(j.ID, task.Scheduled); got.Outcome != task.OutcomeFailed || got.Retries != 1 {
				t.Errorf("between the tries it is %+v", got)
			}
			pass(time.Hour)
			if got := w.expect(j.ID, task.Failed); got.Attempts != 3 || got.Failure == nil {
				t.Errorf("ended as %+v", got)
			}
			if diff := cmp.Diff([]int{0, 5, 10}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("retries are counted for each run of a repeating job", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, fail))
			w := started(t, work)
			w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 1, Interval: time.Hour, RetryInterval: &pause, MaxRetries: &most}})
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{0, 5, 10, 60, 65, 70}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("the task's own rule holds when the request names none", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, fail), func(s *task.Spec[args]) { s.Retry = task.Retry{Interval: time.Minute, Max: 1} })
			w := started(t, work)
			w.enqueue(work, args{})
			pass(10 * time.Minute)
			w.enqueue(work, args{}, task.When{Schedule: task.Schedule{RetryInterval: &pause, MaxRetries: &most}})
			pass(time.Hour)
			if diff := cmp.Diff([]int{0, 1, 10, 15, 20}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a function can ask to be run again later, with other rules", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			low, repeat, interval := task.Low, int64(1), 30*time.Minute
			work := define("test.work", clocked(&times, func(_ context.Context, run *task.Run, _ args) (any, error) {
				switch run.Job().Attempts {
				case 1:
					<-time.After(time.Minute)
					run.RetryIn(10*time.Minute, task.Overrides{Priority: &low, Repeat: &repeat, Interval: &interval, RetryInterval: &pause})
					return nil, errBroken // whatever it returns
				case 2:
					run.RetryIn(-time.Hour, task.Overrides{})
				case 3:
					return nil, errBroken
				}
				return nil, nil
			}))
			w := started(t, work)
			j := w.enqueue(work, args{}, task.When{})
			pass(2 * time.Minute)
			if got := w.expect(j.ID, task.Scheduled); got.Outcome != task.OutcomeRetried || got.Priority != task.Low || got.Failure != nil {
				t.Errorf("it waits as %+v", got)
			}
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{0, 11, 11, 16, 30}, times); diff != "" {
				t.Error(diff)
			}
			if got := w.expect(j.ID, task.Completed); got.Schedule.Repeat != 0 || got.Attempts != 5 {
				t.Errorf("ended as %+v", got)
			}
		})
	})
}
