package engine_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/engine"
	"nectar/backend/task"
)

func TestAdmits(t *testing.T) {
	t.Parallel()
	type pool struct{ regular, high int }
	four := pool{4, 2}
	cases := []struct {
		name       string
		pool       pool
		all, high  int
		regularDue bool
		want       string // of h, r and l: those that may start
	}{
		{"an empty pool takes any", four, 0, 0, false, "hrl"},
		{"a free regular worker takes any", four, 3, 0, true, "hrl"},
		{"high-priority jobs count as busy workers", four, 3, 3, true, "hrl"},
		{"with all regular workers busy only high ones start", four, 4, 0, true, "h"},
		{"the last worker too is for high ones", four, 5, 1, true, "h"},
		{"with all workers busy none starts", four, 6, 2, true, ""},
		{"high ones that hold all workers but one leave it to a regular job", four, 5, 5, true, "r"},
		{"or take it, when no regular job is due", four, 5, 5, false, "hr"},
		{"high ones that hold four leave room as it is", four, 4, 4, true, "h"},
		{"after a resize downwards nothing starts until there is room", pool{1, 1}, 4, 0, false, ""},
		{"without high-priority workers all are equal", pool{2, 0}, 1, 0, true, "hrl"},
		{"of two workers high ones hold one while a regular job is due", pool{2, 0}, 1, 1, true, "rl"},
		{"a single worker is not kept from high ones", pool{1, 0}, 0, 0, true, "hrl"},
		{"a single busy worker takes none", pool{1, 0}, 1, 0, true, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, p := range []task.Priority{task.High, task.Regular, task.Low} {
				if engine.Admits(c.pool.regular, c.pool.high, p, c.all, c.high, c.regularDue) {
					got += p.String()[:1]
				}
			}
			if got != c.want {
				t.Errorf("may start: %q, want %q", got, c.want)
			}
		})
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	now := epoch().Add(24 * time.Hour)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	always := func(task.Priority, bool) bool { return true }
	cases := []struct {
		name string
		jobs []task.Job
		held []string
		rule func(task.Priority, bool) bool
		want []int64 // in the order in which they are taken
	}{
		{"high comes before regular before low", []task.Job{
			{Number: 1, Priority: task.Low, Due: now}, {Number: 2, Priority: task.High, Due: now}, {Number: 3, Priority: task.Regular, Due: now},
		}, nil, always, []int64{2, 3, 1}},
		{"of one priority the earliest due comes first, then the earliest created", []task.Job{
			{Number: 1, Priority: task.Regular, Due: now}, {Number: 3, Priority: task.Regular, Due: ago(time.Minute)}, {Number: 2, Priority: task.Regular, Due: ago(time.Minute)},
		}, nil, always, []int64{2, 3, 1}},
		{"a job placed first comes before what is due longer, the last placed first", []task.Job{
			{Number: 1, Priority: task.Regular, Due: ago(time.Hour)},
			{Number: 2, Priority: task.Regular, Due: now, Rank: -5},
			{Number: 3, Priority: task.Regular, Due: now, Rank: -6},
			{Number: 4, Priority: task.High, Due: now},
		}, nil, always, []int64{3, 2, 1, 4}},
		{"of two placed first in one tick of the clock the later comes first", []task.Job{
			{Number: 1, Priority: task.Regular, Due: now, Rank: -5}, {Number: 2, Priority: task.Regular, Due: now, Rank: -5},
		}, nil, always, []int64{2, 1}},
		{"after ten minutes a job counts as one priority higher", []task.Job{
			{Number: 1, Priority: task.Regular, Due: now}, {Number: 2, Priority: task.Low, Due: ago(10 * time.Minute)}, {Number: 3, Priority: task.Low, Due: ago(10*time.Minute - 1)},
		}, nil, always, []int64{2, 1, 3}},
		{"a regular job that waited so long competes with high ones by its time", []task.Job{
			{Number: 1, Priority: task.High, Due: ago(time.Minute)}, {Number: 2, Priority: task.Regular, Due: ago(11 * time.Minute)},
		}, nil, always, []int64{2, 1}},
		{"a low job never counts as high", []task.Job{
			{Number: 1, Priority: task.Low, Due: ago(24 * time.Hour)}, {Number: 2, Priority: task.High, Due: now},
		}, nil, always, []int64{2, 1}},
		{"a job whose key is held is passed over", []task.Job{
			{Number: 1, Priority: task.High, Due: now, ExclusiveKey: "k"}, {Number: 2, Priority: task.Regular, Due: now, Resource: "r"}, {Number: 3, Priority: task.Low, Due: now, ExclusiveKey: "other", Resource: "other"},
		}, []string{"exclusive:k", "resource:r"}, always, []int64{3}},
		{"a key and a resource of one name are two things", []task.Job{
			{Number: 1, Priority: task.Regular, Due: now, ExclusiveKey: "k"}, {Number: 2, Priority: task.Regular, Due: now, Resource: "k"},
		}, []string{"resource:k"}, always, []int64{1}},
		{"a regular job is due only if it could start", []task.Job{
			{Number: 1, Priority: task.High, Due: now}, {Number: 2, Priority: task.Regular, Due: now, Resource: "r"},
		}, []string{"resource:r"}, func(p task.Priority, regularDue bool) bool { return p == task.High && !regularDue }, []int64{1}},
		{"a low job that waited is a regular job that is due", []task.Job{
			{Number: 1, Priority: task.High, Due: now}, {Number: 2, Priority: task.Low, Due: ago(time.Hour)},
		}, nil, func(p task.Priority, regularDue bool) bool { return p == task.High && !regularDue || p == task.Regular }, []int64{2, 1}},
		{"a job placed first counts as much as the oldest behind it, and hides it from no worker", []task.Job{
			{Number: 1, Priority: task.Low, Due: now, Rank: -1}, {Number: 2, Priority: task.Low, Due: ago(time.Hour)}, {Number: 3, Priority: task.Regular, Due: now},
		}, nil, func(p task.Priority, _ bool) bool { return p == task.Regular }, []int64{1, 2, 3}},
		{"what the pool does not take stays", []task.Job{
			{Number: 1, Priority: task.Regular, Due: now}, {Number: 2, Priority: task.High, Due: now},
		}, nil, func(p task.Priority, _ bool) bool { return p == task.High }, []int64{2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var line engine.Line
			for _, j := range c.jobs {
				line.Push(j)
			}
			var got []int64
			for {
				number, _ := line.Pop(now, c.rule, c.held...)
				if number == 0 {
					break
				}
				got = append(got, number)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
			// What was passed over kept its place.
			left := len(c.jobs) - len(got)
			for range left {
				if number, _ := line.Pop(now, always); number == 0 {
					t.Errorf("jobs were lost: want %d left", left)
				}
			}
		})
	}

	t.Run("a job that was taken out or changed comes once, as it is", func(t *testing.T) {
		t.Parallel()
		var line engine.Line
		a, b := task.Job{Number: 1, Priority: task.High, Due: now}, task.Job{Number: 2, Priority: task.High, Due: now}
		for range 3 {
			line.Push(a)
			line.Push(b)
		}
		if got := line.Len(); got != 2 {
			t.Errorf("the same two jobs are remembered %d times", got)
		}
		line.Remove(a)
		b.Priority = task.Low
		line.Push(b)
		number, priority := line.Pop(now, always)
		if next, _ := line.Pop(now, always); number != 2 || priority != task.Low || next != 0 {
			t.Errorf("got job %d as %v, then %d", number, priority, next)
		}
	})
}

func TestPool(t *testing.T) {
	t.Parallel()

	t.Run("regular jobs leave room for high ones, and jobs run by priority", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var d diary
			var jobs []task.Task[args]
			for _, p := range []task.Priority{task.Low, task.Regular, task.High} {
				jobs = append(jobs, define("test."+p.String(), func(_ context.Context, run *task.Run, _ args) (any, error) {
					d.write(strconv.Itoa(int(time.Since(epoch())/time.Minute)) + run.Job().Task[5:6])
					<-time.After(time.Minute)
					return nil, nil
				}, func(s *task.Spec[args]) { s.Priority = p }))
			}
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 2, 1 }, jobs[0], jobs[1], jobs[2])
			for _, of := range jobs {
				for range 3 {
					w.enqueue(of, args{})
				}
			}
			w.start()
			pass(time.Hour)
			// High ones hold two of three workers while regular ones are due.
			got := d.read()
			slices.Sort(got)
			if diff := cmp.Diff([]string{"0h", "0h", "0r", "1h", "1r", "2l", "2r", "3l", "3l"}, got); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a regular job that waited ten minutes takes a place of a high one, though nothing else happens", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var times []int
			long, work := define("test.long", hold), define("test.work", clocked(&times, succeed))
			low := define("test.low", clocked(&times, succeed), func(s *task.Spec[args]) { s.Priority = task.Low })
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 1, 1 }, long, work, low)
			w.start()
			w.enqueue(long, args{})
			pass(time.Minute)
			waits := w.enqueue(low, args{})
			w.enqueue(work, args{})
			pass(time.Hour)
			if diff := cmp.Diff([]int{11}, times); diff != "" {
				t.Error(diff)
			}
			w.expect(waits.ID, task.Queued)
		})
	})

	t.Run("the numbers of workers change at once", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			long := define("test.long", hold)
			w := build(t, func(c *engine.Config) { c.Regular, c.High = 1, 1 }, long)
			w.start()
			for range 5 {
				w.enqueue(long, args{})
			}
			for _, want := range []int{3, 3, 5} {
				w.Resize(want, 1)
				pass(time.Second)
				if got := w.Busy(); got != want {
					t.Errorf("%d run, want %d", got, want)
				}
			}
			w.Resize(0, -1)
			pass(time.Second)
			if got := w.Busy(); got != 5 {
				t.Errorf("fewer workers disturbed running jobs: %d run", got)
			}
		})
	})

	t.Run("jobs of one key or on one resource never run at once, and hold up nobody else", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var d diary
			work := define("test.work", func(_ context.Context, _ *task.Run, a args) (any, error) {
				d.write(a.Name + strconv.Itoa(int(time.Since(epoch())/time.Minute)))
				<-time.After(time.Minute)
				return nil, nil
			})
			w := build(t, nil, work)
			for _, a := range []args{
				{Name: "a", Exclusive: "channel"},
				{Name: "b", Exclusive: "channel"},
				{Name: "c", Resource: "drive"},
				{Name: "d", Resource: "drive", Exclusive: "channel"},
				{Name: "e"},
				{Name: "f", Resource: "channel"},
			} {
				w.enqueue(work, a)
			}
			w.start()
			pass(time.Hour)
			if diff := cmp.Diff(map[string]bool{"a0": true, "c0": true, "e0": true, "f0": true, "b1": true, "d2": true}, set(d.read())); diff != "" {
				t.Error(diff)
			}
		})
	})

	t.Run("a job asked to be first runs before those that wait", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var d diary
			work := define("test.work", func(_ context.Context, _ *task.Run, a args) (any, error) {
				d.write(a.Name)
				<-time.After(time.Second)
				return nil, nil
			})
			w := build(t, func(c *engine.Config) { c.Regular = 1 }, work)
			w.start()
			w.expect(w.enqueue(work, args{Name: "running"}).ID, task.Running)
			w.enqueue(work, args{Name: "second"})
			w.enqueue(work, args{Name: "third"})
			for _, name := range []string{"b", "a"} {
				if _, err := work.EnqueueLIFO(t.Context(), w, args{Name: name}); err != nil {
					t.Fatal(err)
				}
			}
			pass(time.Minute)
			if diff := cmp.Diff([]string{"running", "a", "b", "second", "third"}, d.read()); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func set(lines []string) map[string]bool {
	s := map[string]bool{}
	for _, line := range lines {
		s[line] = true
	}
	return s
}

func TestMeter(t *testing.T) {
	t.Parallel()

	t.Run("what was done before does not count as speed", func(t *testing.T) {
		t.Parallel()
		var m engine.Meter
		now := epoch()
		m.Add(now, 1_000_000)
		if got := m.Rate(now.Add(time.Second)); got != 0 {
			t.Errorf("the rate is %v", got)
		}
		m.Add(now.Add(2*time.Second), 1_000_010)
		if got := m.Rate(now.Add(2 * time.Second)); got != 5 {
			t.Errorf("the rate is %v, want 5", got)
		}
	})

	t.Run("the rate is that of the last ten seconds, and falls when nothing happens", func(t *testing.T) {
		t.Parallel()
		var m engine.Meter
		now := epoch()
		for i := range 600 {
			now = now.Add(100 * time.Millisecond)
			m.Add(now, int64(min(i, 300)+max(0, i-300)*10))
		}
		if got := m.Rate(now); got < 98 || got > 102 {
			t.Errorf("the rate is %v, want 100", got)
		}
		if got := m.Rate(now.Add(30 * time.Second)); got > 30 {
			t.Errorf("after half a minute of silence the rate is %v", got)
		}
	})

	t.Run("the time left means nothing at first, without a total, or past the end", func(t *testing.T) {
		t.Parallel()
		var m engine.Meter
		now := epoch()
		m.Add(now, 0)
		m.Add(now.Add(time.Second), 10)
		if got := m.Remaining(now.Add(time.Second), 10, 100); got != nil {
			t.Errorf("after a second there are %v left", *got)
		}
		m.Add(now.Add(4*time.Second), 40)
		later := now.Add(4 * time.Second)
		if got := m.Remaining(later, 40, 100); got == nil || *got != 6 {
			t.Errorf("left are %v, want 6", got)
		}
		if m.Remaining(later, 40, 0) != nil || m.Remaining(later, 110, 100) != nil {
			t.Error("there is time left without a total or past the end")
		}
	})
}
