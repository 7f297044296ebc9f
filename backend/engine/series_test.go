package engine_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/samber/lo"

	"nectar/backend/task"
)

// A series that was cancelled is over, and keeps its rule for a restart.
func TestACancelledSeriesKeepsItsRule(t *testing.T) {
	t.Parallel()
	cron := task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *"}}
	// Three runs of which one has been, and one is about to be.
	twoMore := task.When{Schedule: task.Schedule{Repeat: 2, Interval: time.Hour}}
	cases := []struct {
		name   string
		when   task.When
		before func(w *world, id task.ID) // what is done at ten minutes, before the series is cancelled
		want   []int                      // when it runs, restarted at 100 minutes
	}{
		{"of a cron rule", cron, nil, []int{100, 150, 210, 270}},
		{"with a count", twoMore, nil, []int{0, 100, 160}},
		{"without an end", task.When{In: time.Hour, Schedule: task.Schedule{Repeat: task.Forever, Interval: time.Hour}}, nil, []int{100, 160, 220, 280}},
		{"that was paused", twoMore, func(w *world, id task.ID) { w.do(task.Pause, id) }, []int{0, 100, 160}},
		{"of which a run was left out, which counts", twoMore, func(w *world, id task.ID) { w.do(task.Cancel, id) }, []int{0, 100}},
		{"of which the next run was left out by a cron rule", cron, func(w *world, id task.ID) { w.do(task.Cancel, id) }, []int{100, 150, 210, 270}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				w := started(t, work)
				id := w.enqueue(work, args{}, c.when).ID
				pass(10 * time.Minute)
				if c.before != nil {
					c.before(w, id)
				}
				was := w.read(id)
				got := w.do(task.CancelSeries, id)
				if got.State != task.Canceled || got.Repeats() || got.NextRuns(time.Now(), 3) != nil {
					t.Errorf("it is %+v", got)
				}
				if diff := cmp.Diff(was.Schedule, got.Schedule); diff != "" {
					t.Errorf("its rule (-before +after):\n%s", diff)
				}
				ran := len(times)
				pass(90 * time.Minute)
				if w.expect(id, task.Canceled); len(times) != ran {
					t.Fatalf("it came due by itself: %v", times)
				}
				w.do(task.Restart, id)
				pass(3 * time.Hour)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
			})
		})
	}

	t.Run("cancelled while it runs, whatever the function does then", func(t *testing.T) {
		for name, c := range map[string]struct {
			end  func(ctx context.Context, run *task.Run) error
			want task.State
		}{
			"it stops":              {func(ctx context.Context, _ *task.Run) error { return ctx.Err() }, task.Canceled},
			"it fails":              {func(context.Context, *task.Run) error { return errBroken }, task.Canceled},
			"it is done":            {func(context.Context, *task.Run) error { return nil }, task.Completed},
			"it is to be run again": {func(_ context.Context, run *task.Run) error { run.RetryIn(time.Minute, task.Overrides{}); return nil }, task.Canceled},
			"it repeats by its word": {func(_ context.Context, run *task.Run) error {
				run.RetryIn(0, task.Overrides{Repeat: lo.ToPtr(int64(7))})
				return nil
			}, task.Canceled},
		} {
			t.Run(name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					var times []int
					decided := make(chan struct{})
					work := define("test.work", clocked(&times, func(ctx context.Context, run *task.Run, _ args) (any, error) {
						if run.Job().Attempts > 1 {
							return "done", nil
						}
						<-ctx.Done()
						<-decided
						return nil, c.end(ctx, run)
					}))
					w := started(t, work)
					id := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 2, Interval: time.Hour}}).ID
					w.expect(id, task.Running)
					w.do(task.Cancel, id) // then they make up their mind
					w.do(task.CancelSeries, id)
					close(decided)
					if got := w.expect(id, c.want); got.Schedule.Repeat != 2 || !got.SeriesCanceled {
						t.Errorf("ended as %+v", got)
					}
					pass(24 * time.Hour)
					w.expect(id, c.want)
					w.do(task.Restart, id)
					pass(24 * time.Hour)
					if diff := cmp.Diff([]int{0, 1440, 1500, 1560}, times); diff != "" {
						t.Errorf("runs (-want +got):\n%s", diff)
					}
				})
			})
		}
	})

	t.Run("the program dies while it stops", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := build(t, nil, work)
			j := w.orphan(work, task.Canceling, func(j *task.Job) {
				j.Schedule, j.SeriesCanceled = task.Schedule{Repeat: 2, Interval: time.Hour}, true
			})
			w.start()
			pass(24 * time.Hour)
			if got := w.expect(j.ID, task.Canceled); got.Schedule.Repeat != 2 || got.Attempts != 1 {
				t.Errorf("it is %+v", got)
			}
		})
	})

	t.Run("what failed is tried again alone, and the series stays over", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, func(ctx context.Context, run *task.Run, _ args) (any, error) {
				run.Problem(task.Problem{Code: "broken", Item: "a"})
				if len(times) == 1 {
					<-ctx.Done()
				}
				return json.RawMessage("1"), nil
			}), func(s *task.Spec[args]) { s.RetriesProblems = true })
			w := started(t, work)
			id := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Cron: "@hourly", CatchUp: task.CatchUpSkip}}).ID
			w.do(task.RunNow, id)
			w.expect(id, task.Running)
			w.do(task.CancelSeries, id)
			w.expect(id, task.Completed)
			w.do(task.RetryProblems, id)
			pass(24 * time.Hour)
			if got := w.expect(id, task.Completed); len(times) != 2 || got.Schedule.Cron == "" {
				t.Errorf("it ran at %v, and is %+v", times, got)
			}
		})
	})

	t.Run("a new schedule begins a series anew", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			w := started(t, work)
			every := task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 1, Interval: time.Hour}}
			id := w.enqueue(work, args{}, every).ID
			w.do(task.CancelSeries, id)
			if _, err := w.Reschedule(t.Context(), every, id); err != nil {
				t.Fatal(err)
			}
			pass(24 * time.Hour)
			if diff := cmp.Diff([]int{60, 120}, times); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
		})
	})

	t.Run("it is cleared like any job at rest", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			work := define("test.work", succeed)
			w := started(t, work)
			id := w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Cron: "@daily"}}).ID
			w.do(task.CancelSeries, id)
			w.do(task.Clear, id)
		})
	})
}
