package engine_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/clock/clocktest"
	"nectar/backend/engine"
	"nectar/backend/task"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// to1970 is how a laptop comes back whose battery ran flat.
func to1970(c *clocktest.Clock) time.Duration { return time.Unix(0, 0).Sub(c.Now()) }

// onClock makes a started world on the clock.
func onClock(t testing.TB, c *clocktest.Clock, tasks ...task.Declared) *world {
	t.Helper()
	w := build(t, func(config *engine.Config) { config.Clock = c }, tasks...)
	w.start()
	return w
}

// jumps are changes of the wall clock.
func jumps() map[string]func(*clocktest.Clock) time.Duration {
	by := func(d time.Duration) func(*clocktest.Clock) time.Duration {
		return func(*clocktest.Clock) time.Duration { return d }
	}
	return map[string]func(*clocktest.Clock) time.Duration{
		"a year back": by(-year), "a year forward": by(year), "to 1970": to1970,
		"an hour back": by(-time.Hour), "an hour forward": by(time.Hour), "two seconds back": by(-2 * time.Second),
	}
}

// A delay is as long as it was asked for, whatever happens to the wall clock.
func TestDelaysIgnoreTheWallClock(t *testing.T) {
	t.Parallel()
	pause := 100 * time.Minute
	again := func(_ context.Context, run *task.Run, _ args) (any, error) {
		if run.Job().Attempts == 1 {
			run.RetryIn(pause, task.Overrides{})
		}
		return nil, nil
	}
	kinds := []struct {
		name string
		run  function
		when task.When
		want []int
	}{
		{"of an enqueueing", succeed, task.When{In: pause}, []int{100}},
		{"of a retry", fail, task.When{Schedule: task.Schedule{RetryInterval: &pause}}, []int{0, 100, 200}},
		{"that a function asks for", again, task.When{}, []int{0, 100}},
		{"between repeats", succeed, task.When{Schedule: task.Schedule{Repeat: 2, Interval: pause}}, []int{0, 100, 200}},
		{"between repeats that miss no run", succeed, task.When{Schedule: task.Schedule{Repeat: 2, Interval: pause, CatchUp: task.CatchUpSkip}}, []int{0, 100, 200}},
	}
	for _, kind := range kinds {
		for name, jump := range jumps() {
			for _, silent := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, the clock set %s, silently %v", kind.name, name, silent), func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						var times []int
						work := define("test.work", clocked(&times, kind.run))
						c := &clocktest.Clock{Silent: silent}
						w := onClock(t, c, work)
						j := w.enqueue(work, args{}, kind.when)
						pass(50 * time.Minute)
						c.Jump(jump(c))
						w.enqueue(work, args{}, task.When{In: 1000 * time.Minute}) // the engine learns of the jump
						if want, got := c.Now().Add(50*time.Minute), w.expect(j.ID, task.Scheduled).Due; !got.Equal(want) {
							t.Errorf("it is due at %v, want %v", got, want)
						}
						pass(200 * time.Minute)
						if diff := cmp.Diff(kind.want, times); diff != "" {
							t.Error(diff)
						}
					})
				})
			}
		}
	}

	t.Run("a delay counts sleep", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			c := &clocktest.Clock{}
			w := onClock(t, c, work)
			w.enqueue(work, args{}, task.When{In: pause})
			pass(10 * time.Minute)
			c.Sleep(89 * time.Minute)
			pass(10 * time.Minute)
			if diff := cmp.Diff([]int{11}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a job that is enqueued before the engine has learned of the jump keeps its delay", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			c := &clocktest.Clock{Silent: true}
			w := onClock(t, c, work)
			c.Jump(-year)
			j := w.enqueue(work, args{}, task.When{In: pause})
			if want := c.Now().Add(pause); !j.Due.Equal(want) || !j.Created.Equal(c.Now()) {
				t.Errorf("created at %v, due at %v, want %v", j.Created, j.Due, want)
			}
			pass(200 * time.Minute)
			if diff := cmp.Diff([]int{100}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("while a job is paused its delay runs out as if nothing had been set", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			c := &clocktest.Clock{}
			w := onClock(t, c, work)
			j := w.enqueue(work, args{}, task.When{In: pause})
			one(t, w.Pause, j.ID)
			pass(10 * time.Minute)
			c.Jump(-year)
			one(t, w.Resume, j.ID)
			pass(200 * time.Minute)
			if diff := cmp.Diff([]int{100}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a low job that waits for a worker grows as old as it is", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			low, busy := define("test.low", clocked(&times, succeed), func(s *task.Spec[args]) { s.Priority = task.Low }), define("test.busy", func(context.Context, *task.Run, args) (any, error) {
				<-time.After(7 * time.Minute)
				return nil, nil
			})
			c := &clocktest.Clock{}
			w := onClock(t, c, low, busy)
			w.Resize(1, 0)
			for range 5 {
				w.enqueue(busy, args{})
			}
			w.enqueue(low, args{})
			pass(time.Minute)
			c.Jump(-year)
			pass(time.Hour)
			if diff := cmp.Diff([]int{35}, times); diff != "" { // the busy ones are as old
				t.Error(diff)
			}
		})
	})
}

// A moment is what the wall clock shows.
func TestMomentsFollowTheWallClock(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		jump time.Duration
		want []int
	}{
		{"forward, short of it", 20 * time.Minute, []int{80}},
		{"forward, past it", 3 * time.Hour, []int{10}},
		{"back", -time.Hour, []int{160}},
	}
	for _, c := range cases {
		t.Run("the clock is set "+c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				clock := &clocktest.Clock{}
				w := onClock(t, clock, work)
				w.enqueue(work, args{}, task.When{At: epoch().Add(100 * time.Minute)})
				pass(10 * time.Minute)
				clock.Jump(c.jump)
				pass(day)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}

	t.Run("where the system does not tell, it is noticed within a minute", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			clock := &clocktest.Clock{Silent: true}
			w := onClock(t, clock, work)
			w.enqueue(work, args{}, task.When{At: epoch().Add(100 * time.Minute)})
			pass(10*time.Minute + time.Second)
			clock.Jump(3 * time.Hour)
			pass(day)
			if diff := cmp.Diff([]int{11}, times); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a paused job too", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			work := define("test.work", clocked(&times, succeed))
			clock := &clocktest.Clock{}
			w := onClock(t, clock, work)
			j := w.enqueue(work, args{}, task.When{At: epoch().Add(100 * time.Minute)})
			one(t, w.Pause, j.ID)
			clock.Jump(-time.Hour)
			pass(10 * time.Minute)
			one(t, w.Resume, j.ID)
			pass(10 * time.Minute)
			clock.Jump(time.Hour)
			pass(day)
			if diff := cmp.Diff([]int{100}, times); diff != "" {
				t.Error(diff)
			}
		})
	})
}

// What was missed during sleep runs once on return, or not at all.
func TestSleep(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		when task.When
		want []int // in minutes awake; the laptop sleeps from 10 to 190
	}{
		{"a delay", task.When{In: time.Hour}, []int{10}},
		{"a moment", task.When{At: epoch().Add(time.Hour)}, []int{10}},
		{"repeats, once together", task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 2, Interval: time.Hour, CatchUp: task.CatchUpOnce}}, []int{10, 60, 120}},
		{"repeats that are left out", task.When{In: time.Hour, Schedule: task.Schedule{Repeat: 2, Interval: time.Hour, CatchUp: task.CatchUpSkip}}, []int{60, 120, 180}},
		{"a cron rule, once together", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpOnce}}, []int{10, 30, 90, 150, 210}},
		{"a cron rule that is left out", task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 30 * * * *", CatchUp: task.CatchUpSkip}}, []int{30, 90, 150, 210}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, succeed))
				clock := &clocktest.Clock{}
				w := onClock(t, clock, work)
				w.enqueue(work, args{}, c.when)
				pass(10 * time.Minute)
				clock.Sleep(3 * time.Hour)
				pass(210 * time.Minute)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// However the wall clock is set, a planned run neither comes twice nor stays
// away: between two runs there is never much less than the rule's pause, and
// never much more than two of them.
func TestJumpsNeitherDoubleNorStarve(t *testing.T) {
	t.Parallel()
	rules := map[string]struct {
		cron  string
		every time.Duration
	}{
		"every day":  {"CRON_TZ=UTC 0 0 * * *", day},
		"every hour": {"CRON_TZ=UTC 0 * * * *", time.Hour},
	}
	trips := map[string]func(c *clocktest.Clock, jump, every time.Duration){
		"for ever": func(c *clocktest.Clock, jump, _ time.Duration) {
			c.Jump(jump)
		},
		"and put right after ten minutes": func(c *clocktest.Clock, jump, _ time.Duration) {
			c.Jump(jump)
			pass(10 * time.Minute)
			c.Jump(-jump)
		},
		"and put right after two and a half periods": func(c *clocktest.Clock, jump, every time.Duration) {
			c.Jump(jump)
			pass(5 * every / 2)
			c.Jump(-jump)
		},
	}
	for ruleName, rule := range rules {
		for jumpName, jump := range jumps() {
			for tripName, trip := range trips {
				t.Run(ruleName+", set "+jumpName+" "+tripName, func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						var times []int
						work := define("test.work", clocked(&times, succeed))
						c := &clocktest.Clock{}
						w := onClock(t, c, work)
						if _, err := work.EnqueueCron(t.Context(), w, rule.cron, args{}); err != nil {
							t.Fatal(err)
						}
						pass(3*rule.every + 15*time.Minute) // the last run was 15 minutes ago
						by := jump(c)
						trip(c, by, rule.every)
						pass(6 * rule.every)
						times = append(times, int(time.Since(epoch())/time.Minute))
						early := 0
						for i := range times[1:] {
							gap := time.Duration(times[i+1]-times[i]) * time.Minute
							if gap > 2*rule.every+time.Minute {
								t.Errorf("nothing runs for %v after minute %d", gap, times[i])
							}
							if gap < rule.every-time.Minute {
								early++
							}
						}
						// A jump forward past a planned time, and one back
						// from it, may each bring one run nearer, once.
						if early > 3 {
							t.Errorf("too often: %v", times)
						}
					})
				})
			}
		}
	}
}

func TestDaysOnTwoZones(t *testing.T) {
	t.Parallel()
	rules := []string{
		"CRON_TZ=Europe/Berlin 30 2 * * *", "CRON_TZ=America/New_York 30 2 * * *", "CRON_TZ=Europe/Berlin 30 1 * * *",
		"CRON_TZ=America/New_York 30 1 * * *",
	}
	const days = 2 * 365
	for _, expression := range rules {
		t.Run(expression, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []time.Time
				work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
					times = append(times, time.Now().UTC())
					return nil, nil
				})
				w := buildIn(t, memory(t), nil, work)
				w.start()
				if _, err := work.EnqueueCron(t.Context(), w, expression, args{}); err != nil {
					t.Fatal(err)
				}
				rule, err := task.ParseCron(expression)
				if err != nil {
					t.Fatal(err)
				}
				end := epoch().Add(days * day)
				var want []time.Time
				for at := rule.Next(epoch()); at.Before(end); at = rule.Next(at) {
					want = append(want, at.UTC())
				}
				pass(time.Until(end) - time.Second)
				if diff := cmp.Diff(want, times); diff != "" {
					t.Errorf("(-planned +run):\n%s", diff)
				}
				if len(times) < days-3 {
					t.Errorf("only %d runs", len(times))
				}
			})
		})
	}
}

// While nothing waits for the wall clock nobody looks at it; while something
// does, a look a minute is the most.
func TestLooksAtTheClock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := define("test.work", succeed)
		c := &clocktest.Clock{Silent: true}
		w := onClock(t, c, work)
		w.enqueue(work, args{}, task.When{In: 400 * day})
		synctest.Wait()
		before := c.Rung()
		pass(365 * day)
		if rung := c.Rung() - before; rung > 0 {
			t.Errorf("in a year without a wall-clock job the alarm rings %d times", rung)
		}
		at := w.enqueue(work, args{}, task.When{At: c.Now().Add(day)})
		before = c.Rung()
		pass(day)
		w.expect(at.ID, task.Completed)
		if rung := c.Rung() - before; rung < 1000 || rung > 24*60+1 {
			t.Errorf("on a day with a wall-clock job the alarm rings %d times", rung)
		}
		before = c.Rung()
		pass(30 * day)
		if rung := c.Rung() - before; rung > 0 {
			t.Errorf("afterwards it rings %d times", rung)
		}
	})
}

// memory answers a folder in memory where there is one, for tests that need
// years and whose promises do not hang on the disk.
func memory(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "nectar") //nolint:usetesting // not on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// While no program runs nobody sees the clock being set.
func TestTheClockIsSetWhileNoProgramRuns(t *testing.T) {
	t.Parallel()
	after := time.Hour
	hourly := task.When{Schedule: task.Schedule{Cron: "CRON_TZ=UTC 0 * * * *"}}
	cases := []struct {
		name          string
		when          task.When
		before, while time.Duration // by which the clock is set during the program's life and after it
		want          []int         // runs, in minutes after the second start, which is 10 after the enqueueing
	}{
		{"a delay goes on by the stored time", task.When{In: after}, 0, 0, []int{50}},
		{"one that has passed meanwhile is over", task.When{In: after}, 0, 2 * time.Hour, []int{0}},
		{"it never gets longer than it was, also in 1970", task.When{In: after}, 0, -30 * year, []int{60}},
		{"nor by a wrong clock that is put right", task.When{In: after}, year, -year, []int{60}},
		{"a clock that comes forward is like time gone by", task.When{In: after}, -year, year, []int{0, 0}},
		{"a moment is waited for", task.When{At: epoch().Add(after)}, 0, -time.Hour, []int{110}},
		{"a moment that has passed is over", task.When{At: epoch().Add(after)}, 0, time.Hour, []int{0}},
		{"a cron rule is planned by the clock that is found", hourly, 0, -year, []int{110}},
		{"also when the clock was wrong before", hourly, year, -year, []int{110}},
		{"and in 1970", hourly, 0, -30 * year, []int{110}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				began := epoch().Add(10 * time.Minute)
				work := define("test.work", func(context.Context, *task.Run, args) (any, error) {
					times = append(times, int(time.Since(began)/time.Minute))
					return nil, nil
				})
				clock := &clocktest.Clock{}
				w := onClock(t, clock, work)
				w.enqueue(work, args{}, c.when)
				pass(5 * time.Minute)
				clock.Jump(c.before)
				pass(5*time.Minute - time.Second)
				if c.before != 0 && c.when.Schedule.Cron == "" { // the engine learns of it, if it has not
					w.enqueue(work, args{}, task.When{In: 1000 * time.Hour})
				}
				if err := w.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
				pass(time.Second)
				times = nil
				clock.Jump(c.while)
				again := w.another(func(config *engine.Config) { config.Clock = clock }, work)
				if err := again.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				pass(115 * time.Minute)
				if diff := cmp.Diff(c.want, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// A repeating job that runs while the clock is set keeps its pauses.
func TestTheClockIsSetDuringARun(t *testing.T) {
	t.Parallel()
	for name, jump := range jumps() {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var times []int
				work := define("test.work", clocked(&times, func(context.Context, *task.Run, args) (any, error) {
					<-time.After(20 * time.Minute)
					return nil, nil
				}))
				c := &clocktest.Clock{}
				w := onClock(t, c, work)
				w.enqueue(work, args{}, task.When{Schedule: task.Schedule{Repeat: 2, Interval: time.Hour}})
				pass(10 * time.Minute)
				c.Jump(jump(c))
				pass(5 * time.Hour)
				if diff := cmp.Diff([]int{0, 60, 120}, times); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// A clock that is behind the plans and is put right a little again and again
// does not push the next run away.
func TestSmallStepsDoNotStarve(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var times []int
		work := define("test.work", clocked(&times, succeed))
		c := &clocktest.Clock{}
		w := onClock(t, c, work)
		if _, err := work.EnqueueCron(t.Context(), w, "CRON_TZ=UTC 0 * * * *", args{}); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		c.Jump(-year)
		for range 20 {
			pass(20 * time.Minute)
			c.Jump(time.Second)
		}
		if len(times) < 6 {
			t.Errorf("in seven hours it runs at %v", times)
		}
	})
}

// slowLook is a store in which somebody does something at the very start of an
// engine, before it looks which times the clock has put far away.
type slowLook struct {
	engine.Store

	meanwhile func()
}

func (s slowLook) Ahead(ctx context.Context, now time.Time) ([]task.Job, error) {
	s.meanwhile()
	return s.Store.Ahead(ctx, now)
}

func TestAJobThatIsAskedForWhileAnEngineStartsIsDueWhenItWasSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		work := define("test.work", succeed)
		var w *world
		var said task.Job
		w = build(t, func(c *engine.Config) {
			c.Store = slowLook{c.Store, func() {
				pass(100 * time.Millisecond)
				said = w.enqueue(work, args{}, task.When{In: 24 * time.Hour})
			}}
		}, work)
		w.start()
		if got := w.read(said.ID); !got.Due.Equal(said.Due) {
			t.Errorf("it was said to be due at %v, and is at %v", said.Due, got.Due)
		}
	})
}
