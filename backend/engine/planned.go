package engine

import (
	"encoding/json"
	"strconv"
	"time"

	"nectar/backend/task"
)

// How the wall clock decides about jobs.
//
// A delay (enqueue_in, a retry, a repeat) is held by the elapsed time. Its end
// is stored as a time of the wall clock, and moved whenever that is set, so
// that the delay stays as long as it was. While no program runs the stored
// time counts: what has come due runs at the next start. If the clock was set
// back meanwhile to before the delay began, it begins anew, so that no job ever
// waits for longer than its delay.
//
// A moment (enqueue_at, cron) is the wall clock's own. A job that waits for
// one runs as soon as the clock shows it, also when the clock was set forward
// past it: then it was missed, like one during sleep.
//
// A cron job remembers the first planned time that no run stands for yet. When
// the clock is set back, there are planned times before that one. The job runs
// at them, for nobody knows which of the two clocks was right, but not earlier
// than it would have run if nothing had been set: so no planned time is
// repeated within moments, and none is waited for a year. When the clock comes
// forward again the remembered time holds as before: it neither runs again for
// what it has done, nor leaves out what came due meanwhile.

// planned answers the time that the next run is counted from.
func planned(j *task.Job) time.Time {
	if j.Planned.IsZero() {
		return j.Due
	}
	return j.Planned
}

// mergeMissed lets the run that begins stand for all that were missed while it
// waited.
func mergeMissed(j *task.Job, now time.Time) {
	next, again := j.Schedule.Next(planned(j), now)
	switch {
	case !again, !j.Repeats():
	case j.Schedule.Cron == "" && !next.After(now), j.Schedule.Cron != "" && !planned(j).After(now):
		j.Planned = next
	}
}

// noteMissed keeps in the metadata of a job which run of its plan was missed, until
// one has come in time.
func noteMissed(j *task.Job, missed bool) {
	all := metadataOf(j)
	if _, noted := all[task.MissedRun]; !missed && !noted {
		return
	}
	delete(all, task.MissedRun)
	if missed {
		all[task.MissedRun] = json.RawMessage(strconv.Quote(j.Due.UTC().Format(time.RFC3339)))
	}
	if metadata, err := json.Marshal(all); err == nil {
		j.Metadata = metadata
	}
}

// nextCron makes a cron job wait for its next planned time after the given
// one, if there is one.
func nextCron(j *task.Job, after, now time.Time) (bool, error) {
	next, again := j.Schedule.Next(after, after)
	if !again {
		return false, nil
	}
	j.Retries, j.ProblemsOf, j.Extra = 0, 0, false
	if behind := planned(j).After(next); behind {
		var earliest time.Time
		if then, _ := j.Schedule.Next(j.Started, j.Started); !planned(j).After(then) { // set back since the run began
			earliest = planned(j).Add(now.Sub(j.Started))
		}
		next = nextBehind(j, next, earliest)
	} else {
		j.Planned = next
	}
	err := due(j, next, now)
	j.Wall = j.State == task.Scheduled
	return true, err
}

// replan looks again at the planned time that a cron job waits for, after the
// clock was set by so much.
func replan(j *task.Job, by time.Duration, now time.Time) {
	next, again := j.Schedule.Next(now, now)
	j.Since = now
	switch {
	case !again:
	case planned(j).After(next) && by > 0 && j.Due.After(now): // it comes sooner
	case planned(j).After(next): // the clock is behind the plan
		j.Due = nextBehind(j, next, j.Due.Add(by))
	default:
		j.Due = planned(j)
	}
}

// nextBehind answers the planned time that a job waits for while the clock is
// behind its plan: the next one that is not before the given time.
func nextBehind(j *task.Job, next, earliest time.Time) time.Time {
	if earliest.After(next) {
		before := earliest.Add(-1)
		if at, again := j.Schedule.Next(before, before); again {
			next = at
		}
	}
	return earlier(next, planned(j))
}

// putBack shortens a wait for the end of a delay that the clock, set back
// while no program ran, has made longer than it was.
func putBack(j *task.Job, now time.Time) {
	by := now.Sub(j.Since)
	if j.State == task.Queued {
		by = min(by, now.Sub(j.Due))
	}
	if by >= 0 {
		return
	}
	j.Due, j.Since = j.Due.Add(by), j.Since.Add(by)
	if j.Schedule.Cron == "" {
		j.Planned = planned(j).Add(by)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
