package service_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// TestEnqueueArgsRefused is the table of everything that enqueue_args may not
// say. Each has an error of its own.
func TestEnqueueArgsRefused(t *testing.T) {
	t.Parallel()
	described := func(s *task.Spec[sum]) {
		s.Status = func(task.Described[sum]) task.Status { return task.Status{} }
	}
	d := newDesk(t, define("maths.add", task.SignedIn), define("maths.slow", task.SignedIn, described))
	const century = 100 * 365 * 24 * 3600
	at := func(field string, code fault.Code, pairs ...any) []fault.Field {
		return []fault.Field{fault.At("enqueue_args."+field, code, pairs...)}
	}
	const noon = "2030-05-01T12:00:00Z"
	for _, c := range []struct {
		args any
		want []fault.Field
		of   string // "maths.add" when empty
		as   auth.Person
	}{
		{args: "tomorrow", want: []fault.Field{fault.At("enqueue_args", fault.FieldType, "want", "object")}},
		{args: when("sometimes", 1), want: at("sometimes", fault.FieldUnknown)},

		{args: when("enqueue_at", "2030-05-01 12:00"), want: at("enqueue_at", fault.FieldFormat, "want", "time", "value", "2030-05-01 12:00")},
		{args: when("enqueue_at", "2030-05-01T12:00:00"), want: at("enqueue_at", fault.FieldFormat, "want", "time", "value", "2030-05-01T12:00:00")},             // no zone
		{args: when("enqueue_at", "9999-12-31T23:59:59-23:59"), want: at("enqueue_at", fault.FieldFormat, "want", "time", "value", "9999-12-31T23:59:59-23:59")}, // 10000 in UTC
		{args: when("enqueue_at", "0000-01-01T00:00:00+23:59"), want: at("enqueue_at", fault.FieldFormat, "want", "time", "value", "0000-01-01T00:00:00+23:59")},
		{args: when("enqueue_at", 7), want: at("enqueue_at", fault.FieldFormat, "want", "time", "value", "7")},
		{args: when("enqueue_at", noon, "enqueue_in", 1), want: at("enqueue_in", fault.FieldExclusive, "other", "enqueue_at")},
		{args: when("enqueue_in", -1), want: at("enqueue_in", fault.FieldRange, "min", int64(0), "max", int64(century))},
		{args: when("enqueue_in", "-1h"), want: at("enqueue_in", fault.FieldRange, "min", int64(0), "max", int64(century))},
		{args: when("enqueue_in", century+1), want: at("enqueue_in", fault.FieldRange, "min", int64(0), "max", int64(century))},
		{args: when("enqueue_in", "soon"), want: at("enqueue_in", fault.FieldFormat, "want", "duration", "value", "soon")},
		{args: when("enqueue_in", "P1M"), want: at("enqueue_in", fault.FieldFormat, "want", "duration", "value", "P1M")},
		{args: when("enqueue_in", true), want: at("enqueue_in", fault.FieldType, "want", "number")},

		{args: when("enqueue_in", 1, "repeat", 3), want: at("repeat", fault.FieldNeeds, "other", "repeat_interval")},
		{args: when("enqueue_in", 1, "repeat", nil), want: at("repeat", fault.FieldNeeds, "other", "repeat_interval")},
		{args: when("enqueue_in", 1, "repeat_interval", 60), want: at("repeat_interval", fault.FieldNeeds, "other", "repeat")},
		{args: when("repeat", 3, "repeat_interval", 60), want: at("repeat", fault.FieldNeeds, "other", "time")},
		{args: when("repeat", 3), want: append(at("repeat", fault.FieldNeeds, "other", "repeat_interval"), at("repeat", fault.FieldNeeds, "other", "time")...)},
		{args: when("repeat_interval", 60), want: append(at("repeat_interval", fault.FieldNeeds, "other", "repeat"), at("repeat_interval", fault.FieldNeeds, "other", "time")...)},
		{args: when("enqueue_in", 1, "repeat", 0, "repeat_interval", 60), want: at("repeat", fault.FieldRange, "min", int64(1), "max", int64(math.MaxInt32))},
		{args: when("enqueue_in", 1, "repeat", 1.5, "repeat_interval", 60), want: at("repeat", fault.FieldType, "want", "integer")},
		{args: when("enqueue_in", 1, "repeat", "forever", "repeat_interval", 60), want: at("repeat", fault.FieldType, "want", "integer")},
		{args: when("enqueue_in", 1, "repeat", 3, "repeat_interval", 0), want: at("repeat_interval", fault.FieldRange, "min", int64(1), "max", int64(math.MaxInt32))},
		{args: when("enqueue_in", 1, "repeat", 3, "repeat_interval", 1.5), want: at("repeat_interval", fault.FieldType, "want", "integer")},

		{args: when("retry_interval", -1), want: at("retry_interval", fault.FieldRange, "min", int64(0), "max", int64(math.MaxInt32))},
		{args: when("retry_interval", "often"), want: at("retry_interval", fault.FieldType, "want", "integer")},
		{args: when("max_retries", 3), want: at("max_retries", fault.FieldNeeds, "other", "retry_interval")},
		{args: when("retry_interval", 1, "max_retries", -1), want: at("max_retries", fault.FieldRange, "min", int64(0), "max", int64(math.MaxInt32))},
		{args: when("retry_interval", 1, "max_retries", "3"), want: at("max_retries", fault.FieldType, "want", "integer")},

		{args: when("priority", "highest"), want: at("priority", fault.FieldChoice, "choices", "high, regular, low")},
		{args: when("priority", 5), want: at("priority", fault.FieldChoice, "choices", "high, regular, low")},
		{args: when("priority", "high"), want: at("priority", fault.FieldNeeds, "other", "coordinator"), of: "maths.slow", as: curator},
		{args: when("priority", "high"), want: at("priority", fault.FieldNeeds, "other", "status")},

		{args: when("cron", "every day"), want: at("cron", fault.FieldCron)},
		{args: when("cron", "0 0 * * * *"), want: at("cron", fault.FieldCron)}, // six fields
		{args: when("cron", "CRON_TZ=Atlantis/City 0 0 * * *"), want: at("cron", fault.FieldCron)},
		{args: when("cron", "0 0 30 2 *"), want: at("cron", fault.FieldCron)}, // no such day
		{args: when("cron", ""), want: at("cron", fault.FieldType, "want", "string")},
		{args: when("cron", 7), want: at("cron", fault.FieldType, "want", "string")},
		{args: when("cron", "@daily", "enqueue_at", noon), want: at("cron", fault.FieldExclusive, "other", "enqueue_at")},
		{args: when("cron", "@daily", "enqueue_in", 1), want: at("cron", fault.FieldExclusive, "other", "enqueue_in")},
		{args: when("cron", "@daily", "repeat", 1), want: at("cron", fault.FieldExclusive, "other", "repeat")},
		{args: when("cron", "@daily", "repeat_interval", 60), want: at("cron", fault.FieldExclusive, "other", "repeat_interval")},

		{args: when("catch_up", "once"), want: at("catch_up", fault.FieldNeeds, "other", "rule")},
		{args: when("enqueue_in", 1, "catch_up", "skip"), want: at("catch_up", fault.FieldNeeds, "other", "rule")},
		{args: when("cron", "@daily", "catch_up", "later"), want: at("catch_up", fault.FieldChoice, "choices", "once, skip")},
		{args: when("lifo", "yes"), want: at("lifo", fault.FieldType, "want", "boolean")},
		{args: when("if_not", 1), want: at("if_not", fault.FieldType, "want", "boolean")},

		{args: when("enqueue_at", "x", "priority", "x", "repeat", 0, "lifo", 0), want: append(append(append(append(at("lifo", fault.FieldType, "want", "boolean"),
			at("enqueue_at", fault.FieldFormat, "want", "time", "value", "x")...),
			at("repeat", fault.FieldRange, "min", int64(1), "max", int64(math.MaxInt32))...),
			at("repeat", fault.FieldNeeds, "other", "repeat_interval")...),
			at("priority", fault.FieldChoice, "choices", "high, regular, low")...)},
	} {
		of, as := "maths.add", coordinator
		if c.of != "" {
			of = c.of
		}
		if c.as.ID != "" {
			as = c.as
		}
		f := d.refusal(as, request(of, "enqueue_args", c.args))
		for i := range f.Fields {
			if f.Fields[i].Code == fault.FieldCron {
				if reason, _ := f.Fields[i].Params["reason"].(string); reason == "" {
					t.Errorf("%v: no reason", c.args)
				}
				f.Fields[i].Params = nil
			}
		}
		if diff := cmp.Diff(c.want, f.Fields); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.args, diff)
		}
	}
	// The same from JSON, as it comes over the wire.
	for _, text := range []string{`{"repeat": 1e400}`, `{"enqueue_in": 1e400}`, `{"retry_interval": 1.5}`, `{"max_retries": 99999999999}`} {
		requests, _, err := service.ParseRequests([]byte(`{"type": "maths.add", "x": 1, "y": 2, "enqueue_args": ` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if f := d.refusal(coordinator, requests...); len(f.Fields) == 0 {
			t.Errorf("%s: %v", text, f)
		}
	}
}

// TestEnqueueArgs is the table of what enqueue_args may say, and the job that
// comes of it.
func TestEnqueueArgs(t *testing.T) {
	t.Parallel()
	described := func(s *task.Spec[sum]) {
		s.Status = func(task.Described[sum]) task.Status { return task.Status{} }
	}
	retried := func(s *task.Spec[sum]) { s.Retry = task.Retry{Interval: time.Minute, Max: 9} }
	d := newDesk(t, define("maths.add", task.SignedIn, described), define("maths.retried", task.SignedIn, retried))
	later := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	minute, five := time.Minute, int64(5)
	zero, none, nine := time.Duration(0), int64(0), int64(9)
	once := task.CatchUpOnce
	for _, c := range []struct {
		of   string // "maths.add" when empty
		args any
		want task.Schedule
		due  time.Time     // zero: any time
		in   time.Duration // from now, when due is zero
	}{
		{args: nil},
		{args: when()},
		{args: when("enqueue_at", nil, "enqueue_in", nil, "cron", nil, "lifo", nil, "priority", nil, "max_retries", nil)},
		{args: when("enqueue_at", later.Format(time.RFC3339)), due: later},
		{args: when("enqueue_at", later.In(time.FixedZone("", 5*3600+2700)).Format(time.RFC3339)), due: later},
		{args: when("enqueue_at", "1999-01-01T00:00:00Z"), due: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)},
		{args: when("enqueue_in", 0)},
		{args: when("enqueue_in", 90), in: 90 * time.Second},
		{args: when("enqueue_in", 1.5), in: 1500 * time.Millisecond},
		{args: when("enqueue_in", json.Number("90")), in: 90 * time.Second},
		{args: when("enqueue_in", "90"), in: 90 * time.Second},
		{args: when("enqueue_in", "1h30m"), in: 90 * time.Minute},
		{args: when("enqueue_in", "PT1H30M"), in: 90 * time.Minute},
		{args: when("enqueue_in", "P1W2DT3H4M5.5S"), in: 9*24*time.Hour + 3*time.Hour + 4*time.Minute + 5500*time.Millisecond},
		{args: when("enqueue_in", 60, "repeat", 3, "repeat_interval", 60), in: minute, want: task.Schedule{Repeat: 3, Interval: minute, CatchUp: once}},
		{args: when("enqueue_at", later.Format(time.RFC3339), "repeat", nil, "repeat_interval", 60), due: later, want: task.Schedule{Repeat: task.Forever, Interval: minute, CatchUp: once}},
		{args: when("enqueue_in", 60, "repeat", 1, "repeat_interval", 1, "catch_up", "skip"), in: minute, want: task.Schedule{Repeat: 1, Interval: time.Second, CatchUp: task.CatchUpSkip}},
		{args: when("retry_interval", 0), want: task.Schedule{RetryInterval: &zero}},
		{args: when("retry_interval", 60, "max_retries", 5), want: task.Schedule{RetryInterval: &minute, MaxRetries: &five}},
		{args: when("retry_interval", 60, "max_retries", 0), want: task.Schedule{RetryInterval: &minute, MaxRetries: &none}},
		{of: "maths.retried", args: when(), want: task.Schedule{RetryInterval: &minute, MaxRetries: &nine}},
		{of: "maths.retried", args: when("max_retries", 5), want: task.Schedule{RetryInterval: &minute, MaxRetries: &five}},
		{of: "maths.retried", args: when("retry_interval", 0), want: task.Schedule{RetryInterval: &zero}},
	} {
		r := request("maths.add", "enqueue_args", c.args)
		if c.of != "" {
			r["type"] = c.of
		}
		before := time.Now().Truncate(time.Millisecond)
		j := d.create(teacher, r)
		if c.of == "maths.retried" && c.want.MaxRetries == nil {
			j.Schedule.MaxRetries = nil // of no interest here
		}
		if diff := cmp.Diff(c.want, j.Schedule); diff != "" {
			t.Errorf("%v: rules (-want +got):\n%s", c.args, diff)
		}
		early, late := before.Add(c.in), time.Now().Add(c.in)
		if !c.due.IsZero() {
			early, late = c.due, c.due
		}
		if j.Due.Before(early) || j.Due.After(late) {
			t.Errorf("%v: due at %v, want %v to %v", c.args, j.Due, early, late)
		}
		state := task.Queued
		if c.in > 0 || c.due.After(before) {
			state = task.Scheduled
		}
		if j.State != state {
			t.Errorf("%v: the job is %v", c.args, j.State)
		}
	}

	t.Run("cron has five fields, descriptors and a zone", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			rule         string
			hour, minute int // in UTC; -1: any
		}{
			{"CRON_TZ=Asia/Kathmandu 30 7 * * *", 1, 45},
			{"CRON_TZ=UTC 5 4 * * 1-5", 4, 5},
			{"CRON_TZ=UTC @daily", 0, 0},
			{"@hourly", -1, -1},
			{"@every 90m", -1, -1},
		} {
			j := d.create(teacher, request("maths.add", "enqueue_args", when("cron", c.rule)))
			if j.Schedule.Cron != c.rule || j.Schedule.CatchUp != once || j.State != task.Scheduled ||
				c.hour >= 0 && (j.Due.Hour() != c.hour || j.Due.Minute() != c.minute) {
				t.Errorf("%s: %+v due at %v", c.rule, j.Schedule, j.Due)
			}
		}
	})

	t.Run("priority, lifo and if_not", func(t *testing.T) {
		t.Parallel()
		for name, want := range map[string]task.Priority{"low": task.Low, "regular": task.Regular, "high": task.High} {
			if j := d.create(coordinator, request("maths.add", "enqueue_args", when("priority", name))); j.Priority != want {
				t.Errorf("%s became %v", name, j.Priority)
			}
		}
		if j := d.create(teacher, request("maths.add", "enqueue_args", when("lifo", true))); j.Rank >= 0 {
			t.Errorf("lifo has rank %d", j.Rank)
		}
		first := d.create(teacher, request("maths.add", "x", 77))
		same := d.create(teacher, request("maths.add", "x", 77, "enqueue_args", when("if_not", true)))
		unlike := d.create(teacher, request("maths.add", "x", 78, "enqueue_args", when("if_not", true)))
		if same.ID != first.ID || unlike.ID == first.ID {
			t.Errorf("the job is %s, of equal arguments %s, of others %s", first.ID, same.ID, unlike.ID)
		}
	})
}

func TestAnEqualJobOfSomebodyElseIsNotAnswered(t *testing.T) {
	t.Parallel()
	d := newDesk(t, define("maths.add", task.OwnJobs))
	once := request("maths.add", "x", 77, "enqueue_args", when("if_not", true))
	theirs := d.create(other, request("maths.add", "x", 77))
	ours := d.create(teacher, once)
	if ours.ID == theirs.ID || ours.StartedBy != teacher.ID {
		t.Errorf("the answer is job %s of %q, theirs is %s", ours.ID, ours.StartedBy, theirs.ID)
	}
	if again := d.create(teacher, once); again.ID != ours.ID {
		t.Errorf("asked again the answer is %s, not %s", again.ID, ours.ID)
	}
}

func TestAnEqualJobThatLacksARuleIsNotAnswered(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string][]any{
		"retries":           {"retry_interval", 60},
		"a few retries":     {"retry_interval", 60, "max_retries", 2},
		"a priority":        {"priority", "low"},
		"a rule":            {"cron", "@daily"},
		"a rule that skips": {"cron", "@daily", "catch_up", "skip"},
		"repeats":           {"enqueue_in", 3600, "repeat", 3, "repeat_interval", 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, define("maths.add", task.OwnJobs))
			plain := d.create(teacher, request("maths.add", "x", 77))
			once := request("maths.add", "x", 77, "enqueue_args", when(append(rules, "if_not", true)...))
			ruled := d.create(teacher, once)
			if ruled.ID == plain.ID {
				t.Errorf("the answer is the job without it: %+v", ruled.Schedule)
			}
			if again := d.create(teacher, once); again.ID != ruled.ID {
				t.Errorf("asked again the answer is %s, not %s", again.ID, ruled.ID)
			}
			if any := d.create(teacher, request("maths.add", "x", 77, "enqueue_args", when("if_not", true))); any.ID != plain.ID {
				t.Errorf("asked for without a rule the answer is %s, not %s", any.ID, plain.ID)
			}
		})
	}
	d := newDesk(t, define("maths.add", task.OwnJobs))
	limited := d.create(teacher, request("maths.add", "x", 77, "enqueue_args", when("retry_interval", 60, "max_retries", 2)))
	if got := d.create(teacher, request("maths.add", "x", 77, "enqueue_args", when("retry_interval", 60, "if_not", true))); got.ID == limited.ID {
		t.Error("retries without limit are answered with two")
	}
	if got := d.create(teacher, request("maths.add", "x", 77, "enqueue_args", when("enqueue_in", 60, "if_not", true))); got.ID != limited.ID {
		t.Errorf("a moment alone is no rule: the answer is %s", got.ID)
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"0": 0, "90": 90 * time.Second, "1.5": 1500 * time.Millisecond, "1h": time.Hour, "-5s": -5 * time.Second,
		"P1D": 24 * time.Hour, "P2W": 14 * 24 * time.Hour, "PT0.5S": time.Second / 2, "P1DT1M": 24*time.Hour + time.Minute,
	} {
		if got, ok := service.ParseDuration(text); !ok || got != want {
			t.Errorf("%s is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "P", "PT", "P1DT", "P1Y", "P1M", "1 hour", "PT1H1H", "NaN", "Inf", "1e300", "P9999999999W", "9999999999h"} {
		if got, ok := service.ParseDuration(text); ok {
			t.Errorf("%s is %v", text, got)
		}
	}
}
