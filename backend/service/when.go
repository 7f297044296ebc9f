package service

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// maxDelay bounds every duration of a request: a hundred years.
const maxDelay = 100 * 365 * 24 * time.Hour

// lastYear is the last in which a job may be due. JSON has no times after the
// year 9999 of UTC; what repeats from here on is still told.
const lastYear = 9000

// whenFields are the fields that enqueue_args may have.
var whenFields = []string{
	"enqueue_at", "enqueue_in", "repeat", "repeat_interval", "retry_interval", "priority",
	"cron", "max_retries", "catch_up", "lifo", "if_not",
}

// whenReader reads enqueue_args and collects every fault in them.
type whenReader struct {
	args    map[string]any
	refused []fault.Field
}

// parseWhen reads enqueue_args. All faults are named at once.
func parseWhen(value any, d *task.Definition, person auth.Person) (task.When, []fault.Field) {
	if value == nil {
		return task.When{}, nil
	}
	args, ok := value.(map[string]any)
	if !ok {
		return task.When{}, []fault.Field{fault.At("enqueue_args", fault.FieldType, "want", "object")}
	}
	r := &whenReader{args: maps.Clone(args)}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if !slices.Contains(whenFields, name) {
			r.refuse(name, fault.FieldUnknown)
		}
		if args[name] == nil && name != "repeat" { // a null says nothing, but of repeat: for ever
			delete(r.args, name)
		}
	}
	w := task.When{First: r.boolean("lifo"), IfNot: r.boolean("if_not")}
	r.times(&w)
	r.rules(&w.Schedule, d)
	r.priority(&w, d, person)
	return w, r.refused
}

func (r *whenReader) times(w *task.When) {
	at, hasAt := r.args["enqueue_at"]
	in, hasIn := r.args["enqueue_in"]
	if hasAt && hasIn {
		r.refuse("enqueue_in", fault.FieldExclusive, "other", "enqueue_at")
	}
	if hasAt {
		text, _ := at.(string)
		t, err := time.Parse(time.RFC3339Nano, text)
		if year := t.UTC().Year(); err != nil || year < 1 || year > lastYear {
			r.refuse("enqueue_at", fault.FieldFormat, "want", "time", "value", shown(at))
		}
		w.At = t
	}
	if hasIn {
		w.In = r.delay("enqueue_in", in, 0)
	}
}

func (r *whenReader) rules(s *task.Schedule, d *task.Definition) {
	repeat, hasRepeat := r.args["repeat"]
	interval, hasInterval := r.args["repeat_interval"]
	_, hasAt := r.args["enqueue_at"]
	_, hasIn := r.args["enqueue_in"]
	_, hasCron := r.args["cron"]
	if hasRepeat {
		s.Repeat = r.repeat(repeat)
	}
	if hasInterval {
		s.Interval = time.Duration(r.whole("repeat_interval", interval, 1)) * time.Second
	}
	if hasCron { // which excludes them all
		r.cron(s)
	} else {
		r.repeats(hasRepeat, hasInterval, hasAt || hasIn)
	}
	r.retries(s, d)
	r.catchUp(s, hasRepeat || hasCron)
}

// repeats refuses what a repetition lacks: a count and an interval need each other,
// and a time to begin at.
func (r *whenReader) repeats(count, interval, begins bool) {
	given := "repeat"
	switch {
	case count && !interval:
		r.refuse("repeat", fault.FieldNeeds, "other", "repeat_interval")
	case interval && !count:
		given = "repeat_interval"
		r.refuse("repeat_interval", fault.FieldNeeds, "other", "repeat")
	}
	if (count || interval) && !begins {
		r.refuse(given, fault.FieldNeeds, "other", "time")
	}
}

func (r *whenReader) retries(s *task.Schedule, d *task.Definition) {
	if value, ok := r.args["retry_interval"]; ok {
		interval := time.Duration(r.whole("retry_interval", value, 0)) * time.Second
		s.RetryInterval = &interval
	}
	if value, ok := r.args["max_retries"]; ok {
		n := r.whole("max_retries", value, 0)
		s.MaxRetries = &n
		if s.RetryInterval == nil && d.Retry.Interval == 0 {
			r.refuse("max_retries", fault.FieldNeeds, "other", "retry_interval")
		}
	}
}

func (r *whenReader) cron(s *task.Schedule) {
	for _, other := range []string{"enqueue_at", "enqueue_in", "repeat", "repeat_interval"} {
		if _, ok := r.args[other]; ok {
			r.refuse("cron", fault.FieldExclusive, "other", other)
		}
	}
	text, ok := r.args["cron"].(string)
	if !ok || text == "" {
		r.refuse("cron", fault.FieldType, "want", "string")
		return
	}
	s.Cron = text
	if _, err := task.ParseCron(text); err != nil {
		r.refuse("cron", fault.FieldCron, "reason", "written", "detail", err.Error())
		return
	}
	if _, comes := s.Next(time.Now(), time.Now()); !comes {
		r.refuse("cron", fault.FieldCron, "reason", "never")
	}
}

func (r *whenReader) catchUp(s *task.Schedule, repeats bool) {
	value, given := r.args["catch_up"]
	if repeats {
		s.CatchUp = task.CatchUpOnce
	}
	if !given {
		return
	}
	text, _ := value.(string)
	switch {
	case text != string(task.CatchUpOnce) && text != string(task.CatchUpSkip):
		r.refuse("catch_up", fault.FieldChoice, "choices", "once, skip")
	case !repeats:
		r.refuse("catch_up", fault.FieldNeeds, "other", "rule")
	}
	s.CatchUp = task.CatchUp(text)
}

func (r *whenReader) priority(w *task.When, d *task.Definition, person auth.Person) {
	value, given := r.args["priority"]
	if !given {
		return
	}
	name, _ := value.(string)
	p, known := task.ParsePriority(name)
	switch {
	case !known:
		r.refuse("priority", fault.FieldChoice, "choices", "high, regular, low")
	case p == task.High && !task.CoordinatorOnly.MayRun(person, nil):
		r.refuse("priority", fault.FieldNeeds, "other", "coordinator")
	case p == task.High && !d.HasStatus:
		r.refuse("priority", fault.FieldNeeds, "other", "status")
	}
	w.Priority = p
}

// repeat reads a count of further runs; null is for ever.
func (r *whenReader) repeat(value any) int64 {
	if value == nil {
		return task.Forever
	}
	return r.whole("repeat", value, 1)
}

func (r *whenReader) boolean(name string) bool {
	value, given := r.args[name]
	yes, ok := value.(bool)
	if given && !ok {
		r.refuse(name, fault.FieldType, "want", "boolean")
	}
	return yes
}

func (r *whenReader) seconds(name string, value any, least int64) time.Duration {
	n, ok := number(value)
	if !ok {
		r.refuse(name, fault.FieldType, "want", "number")
		return 0
	}
	if n < float64(least) || n > maxDelay.Seconds() {
		r.refuse(name, fault.FieldRange, "min", least, "max", int64(maxDelay.Seconds()))
		return 0
	}
	return time.Duration(n * float64(time.Second)).Round(time.Millisecond)
}

// delay reads seconds, a Go duration or an ISO 8601 one.
func (r *whenReader) delay(name string, value any, least int64) time.Duration {
	text, isText := value.(string)
	if !isText {
		return r.seconds(name, value, least)
	}
	d, ok := ParseDuration(text)
	if !ok {
		r.refuse(name, fault.FieldFormat, "want", "duration", "value", text)
		return 0
	}
	return r.seconds(name, d.Seconds(), least)
}

func (r *whenReader) whole(name string, value any, least int64) int64 {
	n, ok := number(value)
	if !ok || n != math.Trunc(n) {
		r.refuse(name, fault.FieldType, "want", "integer")
		return 0
	}
	if n < float64(least) || n > math.MaxInt32 {
		r.refuse(name, fault.FieldRange, "min", least, "max", int64(math.MaxInt32))
		return 0
	}
	return int64(n)
}

func (r *whenReader) refuse(name string, code fault.Code, pairs ...any) {
	r.refused = append(r.refused, fault.At("enqueue_args."+name, code, pairs...))
}

// shown is how a refused value of any kind is shown.
func shown(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return fmt.Sprint(value)
}

func number(value any) (float64, bool) {
	switch v := value.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// isoDuration is ISO 8601 without years and months, whose length varies.
var isoDuration = regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`)

// ParseDuration reads plain seconds ("90"), a Go duration ("1h30m") or an ISO
// 8601 one of weeks, days, hours, minutes and seconds ("PT1H30M").
func ParseDuration(text string) (time.Duration, bool) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return time.Duration(seconds * float64(time.Second)), math.Abs(seconds) <= maxDelay.Seconds()
	}
	if d, err := time.ParseDuration(text); err == nil {
		return d, true
	}
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || len(text) < 3 || text[len(text)-1] == 'T' {
		return 0, false
	}
	units := []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second}
	var total float64
	for i, unit := range units {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.ParseFloat(m[i+1], 64)
		if err != nil {
			return 0, false
		}
		total += n * float64(unit)
	}
	return time.Duration(total), total <= float64(maxDelay)
}
