package task_test

import (
	"strings"
	"testing"
	"time"

	"nectar/backend/task"
)

// at reads a time such as "2026-03-29 01:30 Europe/Berlin"; UTC without a zone.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	day, rest, _ := strings.Cut(text, " ")
	clock, name, _ := strings.Cut(rest, " ")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", day+" "+clock+":00", zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestNextRepeat(t *testing.T) {
	t.Parallel()
	const due = "2026-05-01 08:00"
	cases := []struct {
		name     string
		schedule task.Schedule
		now      string
		want     string // "" for none
	}{
		{"a job without a rule never comes again", task.Schedule{}, due, ""},
		{"an interval alone is no rule", task.Schedule{Interval: time.Hour}, due, ""},
		{"a count alone is no rule", task.Schedule{Repeat: 3}, due, ""},
		{"the next run is an interval after the time it was due, however long it took", task.Schedule{Repeat: 3, Interval: time.Hour}, "2026-05-01 08:47", "2026-05-01 09:00"},
		{"one that ends as the next begins is not late", task.Schedule{Repeat: 3, Interval: time.Hour}, "2026-05-01 09:00", "2026-05-01 09:00"},
		{"one missed run is made up for", task.Schedule{Repeat: 3, Interval: time.Hour}, "2026-05-01 09:10", "2026-05-01 09:00"},
		{"missed runs are merged into the last of them", task.Schedule{Repeat: 3, Interval: time.Hour}, "2026-05-01 11:59", "2026-05-01 11:00"},
		{"a missed run is left out if the rule says so", task.Schedule{Repeat: 3, Interval: time.Hour, CatchUp: task.CatchUpSkip}, "2026-05-01 09:10", "2026-05-01 10:00"},
		{"many missed runs are left out too", task.Schedule{Repeat: 3, Interval: time.Hour, CatchUp: task.CatchUpSkip}, "2026-05-01 11:59", "2026-05-01 12:00"},
		{"a run that is due this instant is not missed", task.Schedule{Repeat: 3, Interval: time.Hour, CatchUp: task.CatchUpSkip}, "2026-05-01 11:00", "2026-05-01 11:00"},
		{"for ever is a rule", task.Schedule{Repeat: task.Forever, Interval: 24 * time.Hour}, due, "2026-05-02 08:00"},
		{"a clock set back does not bring the next run forward", task.Schedule{Repeat: 3, Interval: time.Hour}, "1970-01-01 00:00", "2026-05-01 09:00"},
		{"a year off merges a year of seconds", task.Schedule{Repeat: task.Forever, Interval: time.Second}, "2027-05-01 08:00", "2027-05-01 08:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			next, again := c.schedule.Next(at(t, due), at(t, c.now))
			if again != (c.want != "") {
				t.Fatalf("again = %v", again)
			}
			if again && !next.Equal(at(t, c.want)) {
				t.Errorf("next is %v, want %s", next, c.want)
			}
		})
	}

	t.Run("a thousand runs do not drift", func(t *testing.T) {
		t.Parallel()
		first := at(t, due)
		s := task.Schedule{Repeat: task.Forever, Interval: 17 * time.Second}
		time := first
		for range 1000 {
			time, _ = s.Next(time, time.Add(s.Interval/3))
		}
		if want := first.Add(1000 * s.Interval); !time.Equal(want) {
			t.Errorf("the thousandth is due at %v, want %v", time, want)
		}
	})
}

func TestNextCron(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, cron, now, want string }{
		{"five fields are read", "CRON_TZ=UTC 30 4 * * 1", "2026-05-01 08:00", "2026-05-04 04:30"},
		{"a descriptor is read", "CRON_TZ=UTC @daily", "2026-05-01 08:00", "2026-05-02 00:00"},
		{"an interval is read", "@every 90m", "2026-05-01 08:00", "2026-05-01 09:30"},
		{"missed runs are left behind: the next is after now", "CRON_TZ=UTC 0 * * * *", "2026-05-01 11:59", "2026-05-01 12:00"},
		{"a run that is due this instant is the one before", "CRON_TZ=UTC 0 * * * *", "2026-05-01 12:00", "2026-05-01 13:00"},
		{"a zone in front is obeyed", "CRON_TZ=Asia/Kolkata 0 6 * * *", "2026-05-01 08:00", "2026-05-02 00:30"},
		{"the short name of the zone's variable too", "TZ=Asia/Kolkata 0 6 * * *", "2026-05-01 08:00", "2026-05-02 00:30"},
		{"a rule that never comes has no next time", "0 0 30 2 *", "2026-05-01 08:00", ""},
		{"a rule that cannot be read has no next time", "every day", "2026-05-01 08:00", ""},
		// The hour that spring skips: Berlin on the last Sunday of March, New
		// York on the second one.
		{"in spring a run in the skipped hour is left out", "CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28 12:00", "2026-03-30 00:30"},
		{"in spring a run before the skipped hour comes", "CRON_TZ=Europe/Berlin 30 1 * * *", "2026-03-28 12:00", "2026-03-29 00:30"},
		{"in spring a daily run keeps its time by the wall clock", "CRON_TZ=Europe/Berlin 0 8 * * *", "2026-03-28 12:00", "2026-03-29 06:00"},
		{"overseas too the skipped hour is left out", "CRON_TZ=America/New_York 30 2 * * *", "2026-03-07 12:00", "2026-03-09 06:30"},
		{"overseas too a daily run keeps its time", "CRON_TZ=America/New_York 0 8 * * *", "2026-03-07 14:00", "2026-03-08 12:00"},
		// The hour that autumn doubles.
		{"in autumn a run in the doubled hour comes the first time", "CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24 12:00", "2026-10-25 00:30"},
		{"in autumn a daily run keeps its time by the wall clock", "CRON_TZ=Europe/Berlin 0 8 * * *", "2026-10-24 12:00", "2026-10-25 07:00"},
		{"overseas too the doubled hour comes once before the other", "CRON_TZ=America/New_York 30 1 * * *", "2026-10-31 12:00", "2026-11-01 05:30"},
		{"overseas too a daily run keeps its time in autumn", "CRON_TZ=America/New_York 0 8 * * *", "2026-10-31 14:00", "2026-11-01 13:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := at(t, c.now)
			next, again := task.Schedule{Cron: c.cron}.Next(now, now)
			if again != (c.want != "") {
				t.Fatalf("again = %v (next %v)", again, next)
			}
			if again && !next.Equal(at(t, c.want)) {
				t.Errorf("next is %v, want %s", next.UTC(), c.want)
			}
		})
	}
}

// Stored times come back in UTC, others may in any zone; a rule without a zone means
// the clock on the wall beside the laptop whatever it is asked from.
func TestARuleWithoutAZoneMeansTheClockOfTheLaptop(t *testing.T) {
	t.Parallel()
	daily := task.Schedule{Cron: "0 12 * * *"}
	morning := time.Date(2026, 5, 1, 10, 0, 0, 0, time.Local)
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.Local)
	for _, zone := range []*time.Location{time.UTC, time.Local, time.FixedZone("", 5*3600), time.FixedZone("", -7*3600)} {
		if got, _ := daily.Next(morning.In(zone), morning.In(zone)); !got.Equal(noon) {
			t.Errorf("asked from %v, the next noon is at %v", morning.In(zone), got.Local())
		}
	}
}

func TestParseCronRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", " ", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "*/0 * * * *",
		"5-1 * * * *", "@never", "@every", "@every -1h", "@every 0s", "CRON_TZ=", "CRON_TZ=Europe/Berlin", "CRON_TZ=Nowhere/Land 0 0 * * *",
		"TZ=../../etc/passwd 0 0 * * *", strings.Repeat("1,", 200) + "1 * * * *",
	} {
		if s, err := task.ParseCron(bad); err == nil {
			t.Errorf("ParseCron(%q) = %v", bad, s)
		}
	}
}

func FuzzParseCron(f *testing.F) {
	for _, seed := range []string{
		"", "* * * * *", "CRON_TZ=", "TZ=UTC", "CRON_TZ=UTC ", "TZ=UTC * * * * *", "@every 1h", "@every 1ns", "@daily",
		"0 0 30 2 *", "*/7 1-5 ? jan-mar sun", "TZ=\x00 @daily", " TZ=A=B c", "1/9223372036854775807 * * * *",
	} {
		f.Add(seed)
	}
	now := at(f, "2026-05-01 08:00")
	f.Fuzz(func(t *testing.T, expression string) {
		if _, err := task.ParseCron(expression); err != nil {
			return
		}
		next, again := task.Schedule{Cron: expression}.Next(now, now)
		if again && !next.After(now) {
			t.Errorf("the next time of %q is %v, not after %v", expression, next, now)
		}
	})
}
