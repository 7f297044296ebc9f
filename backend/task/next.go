package task

import "time"

// NextRuns answers when the job will run next as things stand now, at most so
// many times. A job that is due, or that runs, counts from now; of one that is
// paused or at rest nobody knows.
func (j *Job) NextRuns(now time.Time, most int) []time.Time {
	var runs []time.Time
	at := j.Planned
	if at.IsZero() {
		at = j.Due
	}
	switch j.State {
	case Scheduled:
		runs = append(runs, j.Due)
		now = later(now, j.Due)
	case Queued, Selected, Running, Canceling:
	case Pending, Paused, Canceled, Failed, Completed:
		return nil
	}
	if j.Schedule.Cron != "" { // whose next time depends on none before
		at = now
	}
	if j.Extra && j.Repeats() && at.After(now) {
		runs = append(runs, at)
	}
	rule := j.Schedule
	for j.Repeats() && len(runs) < most {
		now = later(now, at)
		next, again := rule.Next(at, now)
		if !again {
			break
		}
		at = next
		runs = append(runs, later(next, now)) // one that was missed runs at once
		if rule.Repeat > 0 {
			rule.Repeat--
		}
	}
	return runs[:min(len(runs), most)]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
