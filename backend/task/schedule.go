package task

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Forever as a number of repeats means without end.
const Forever int64 = -1

// MissedRun is where the metadata of a job that repeats say when a run of its plan
// was missed, as RFC 3339 writes times, as long as none has come in time since.
const MissedRun = "missed_run"

// CatchUp says what becomes of runs that were missed while the laptop was off.
type CatchUp string

// The ways to catch up.
const (
	CatchUpOnce CatchUp = "once" // all missed runs together run once
	CatchUpSkip CatchUp = "skip" // missed runs are left out
)

// Schedule says when a job runs again. The zero Schedule is a job that runs
// once.
type Schedule struct {
	Repeat        int64         // further runs to come; Forever, or 0 for none
	Interval      time.Duration // between the due times of repeats
	Cron          string        // a cron expression, instead of Repeat and Interval
	CatchUp       CatchUp
	RetryInterval *time.Duration // nil: a failed run is not retried
	MaxRetries    *int64         // nil: without limit
}

// Repeats reports whether there is a rule by which a job is due again; see Job.Repeats.
func (s Schedule) Repeats() bool { return s.Repeat != 0 || s.Cron != "" }

// cronParser reads five fields, the descriptors such as @daily, and a zone in
// front such as CRON_TZ=Europe/Berlin. Without a zone local time is meant.
var cronParser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// ParseCron reads a cron expression. See robfig/cron for the form and for
// what happens in the hours that daylight saving skips or doubles.
func ParseCron(expression string) (cron.Schedule, error) {
	if len(expression) > 256 {
		return nil, fmt.Errorf("cron expression of %d characters: at most 256", len(expression))
	}
	if _, rule, found := strings.Cut(expression, "="); found && !strings.Contains(rule, " ") {
		return nil, errors.New("cron expression: a zone without a rule") // the parser would panic
	}
	s, err := cronParser.Parse(expression)
	if err != nil {
		return nil, fmt.Errorf("parse cron: %w", err)
	}
	if _, interval, found := strings.Cut(expression, "@every "); found {
		if d, err := time.ParseDuration(interval); err != nil || d < time.Second { // the parser takes it for a second
			return nil, fmt.Errorf("cron interval %q: want a second or more", interval)
		}
	}
	return s, nil
}

// Next answers the due time after this one: for a cron job the next planned
// time after now, for a repeating job one interval after the time it was due,
// with the runs missed by now merged into the last of them. It answers false
// for a job that does not repeat, and for a cron rule that never comes.
func (s Schedule) Next(due, now time.Time) (time.Time, bool) {
	switch {
	case s.Cron != "":
		rule, err := ParseCron(s.Cron)
		if err != nil {
			return time.Time{}, false
		}
		next := rule.Next(now.Local()) // a rule without a zone goes by that of the time
		return next, !next.IsZero()
	case s.Repeat != 0 && s.Interval > 0:
		next := due.Add(s.Interval)
		if next.Before(now) {
			missed := now.Sub(next) / s.Interval
			next = next.Add(missed * s.Interval)
			if s.CatchUp == CatchUpSkip && next.Before(now) {
				next = next.Add(s.Interval)
			}
		}
		return next, true
	}
	return time.Time{}, false
}
