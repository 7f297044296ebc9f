package task

import "time"

// Retention says how long jobs at rest are kept.
type Retention struct {
	Days int64 // since they ended; 0: for ever
	Jobs int64 // the newest ones; 0: all
}

// The limits where nobody has set any.
const (
	DefaultRetentionDays = 90
	DefaultRetentionJobs = 10_000
)

// Earliest is a time before which no job ended: a clock that says less has
// lost its battery.
var Earliest = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Before answers the time before which a job must have ended to be too old;
// zero when none is. While the clock is wrong nothing is.
func (r Retention) Before(now time.Time) time.Time {
	if r.Days <= 0 || now.Before(Earliest) {
		return time.Time{}
	}
	return now.AddDate(0, 0, -int(r.Days))
}
