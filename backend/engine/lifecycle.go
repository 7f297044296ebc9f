package engine

import (
	"encoding/json"
	"errors"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// maxInterruptions is how often in a row the program may die during a job
// that makes no progress, before the job is not run again.
const maxInterruptions = 5

// selectJob gives a due job to a worker.
func selectJob(j *task.Job) error { return j.Move(task.Selected) }

// selectAndStart is for a queued job whose worker is free.
func selectAndStart(j *task.Job, d *task.Definition, now time.Time) error {
	if err := selectJob(j); err != nil {
		return err
	}
	return start(j, d, now)
}

// start opens a new attempt.
func start(j *task.Job, d *task.Definition, now time.Time) error {
	if err := j.Move(task.Running); err != nil {
		return err
	}
	j.Attempts++
	j.Started, j.Finished = now, time.Time{}
	j.Cancellable = d.Cancellable
	j.Waiting, j.Result, j.Failure = nil, nil, nil
	j.Problems, j.Rank = 0, 0
	if d.OnInterruption != task.Resume {
		j.Progress, j.Total = 0, 0
	}
	j.Extra = early(j, now)
	mergeMissed(j, now)
	return nil
}

// early reports whether the job's run is one more that was asked for, and its
// planned time is still to come. A planned time that came meanwhile is merged
// into the run.
func early(j *task.Job, now time.Time) bool {
	return j.Extra && j.Repeats() && planned(j).After(now)
}

// ending is how a function returned.
type ending struct {
	result json.RawMessage
	err    error
	cause  error // why its context ended, if it did: errCanceled, errPaused or errStopped
	retry  *retry
	quick  bool // at once
	silent bool // with nothing to say
}

// retry is what the function asked for through RetryIn.
type retry struct {
	delay     time.Duration
	overrides task.Overrides
}

// finish closes the attempt and decides what becomes of the job. A function
// that did all its work before it noticed that it should stop has completed.
func finish(j *task.Job, e ending, now time.Time) error {
	j.Finished = now
	j.Interruptions = 0
	stopped := e.err != nil && e.cause != nil
	need, waits := task.Awaited(e.err)
	switch {
	case j.State == task.Canceling && (stopped || e.retry != nil):
		return endCanceled(j, now)
	case stopped && errors.Is(e.cause, errStopped):
		j.Outcome = task.OutcomeInterrupted
		return j.Move(task.Queued)
	case stopped && errors.Is(e.cause, errPaused):
		j.Outcome = task.OutcomePaused
		return j.Move(task.Paused)
	case e.retry != nil:
		return endRetried(j, e.retry, now)
	case waits:
		j.Outcome = task.OutcomeWaiting
		wait(j, need, now)
		return j.Move(task.Queued)
	case e.err != nil:
		return endFailed(j, task.FailureOf(e.err), now)
	}
	j.Outcome, j.Result, j.Failure, j.Checkpoint, j.ProblemsOf = task.OutcomeCompleted, e.result, nil, nil, 0
	return rest(j, task.Completed, now)
}

// wait notes what a job waits for. It has waited since it first began to wait
// for that.
func wait(j *task.Job, need task.Need, now time.Time) {
	if j.Waiting == nil || j.Waiting.Need != need {
		j.Waiting = &task.Waiting{Need: need, Since: now}
	}
}

func endCanceled(j *task.Job, now time.Time) error {
	j.Outcome = task.OutcomeCanceled
	return rest(j, task.Canceled, now)
}

func endRetried(j *task.Job, r *retry, now time.Time) error {
	j.Outcome = task.OutcomeRetried
	o := r.overrides
	set(&j.Priority, o.Priority)
	set(&j.Schedule.Repeat, o.Repeat)
	set(&j.Schedule.Interval, o.Interval)
	if o.RetryInterval != nil {
		j.Schedule.RetryInterval = o.RetryInterval
	}
	return due(j, now.Add(r.delay), now)
}

func endFailed(j *task.Job, failure *task.Failure, now time.Time) error {
	j.Outcome, j.Failure = task.OutcomeFailed, failure
	s := j.Schedule
	if s.RetryInterval != nil && (s.MaxRetries == nil || j.Retries < *s.MaxRetries) {
		j.Retries++
		return due(j, now.Add(*s.RetryInterval), now)
	}
	return rest(j, task.Failed, now)
}

// rest makes the job due again by its rule, or leaves it in the final state.
func rest(j *task.Job, final task.State, now time.Time) error {
	if again, err := nextRun(j, j.Schedule, now, now); again || err != nil {
		anew(j, final)
		return err
	}
	j.Extra = false
	return j.Move(final)
}

// nextRun makes the job due for its next run after the given time, by the
// rule, if there is one. A run that was asked for besides the planned ones
// costs none of them.
func nextRun(j *task.Job, rule task.Schedule, after, now time.Time) (bool, error) {
	if !j.Repeats() {
		return false, nil
	}
	if rule.Cron != "" {
		return nextCron(j, after, now)
	}
	next, again := planned(j), early(j, now)
	if !again {
		if next, again = rule.Next(planned(j), after); !again {
			return false, nil
		}
		if j.Schedule.Repeat > 0 {
			j.Schedule.Repeat--
		}
	}
	j.Retries, j.ProblemsOf, j.Extra = 0, 0, false
	return true, plan(j, next, now)
}

// lateness is how long after its time a run still counts as on time.
const lateness = time.Minute

// comeDue queues a scheduled job whose time has come. A run that was missed,
// and whose rule is to leave such out, makes way for the next one.
func comeDue(j *task.Job, now time.Time) error {
	if j.State != task.Scheduled || j.Due.After(now) {
		return nil
	}
	ofPlan := j.Due.Equal(planned(j)) || j.Wall
	missed := now.Sub(j.Due) > lateness && ofPlan
	if ofPlan && j.Repeats() {
		noteMissed(j, missed)
	}
	if missed && j.Repeats() && j.Schedule.CatchUp == task.CatchUpSkip {
		if j.Schedule.Cron != "" {
			if again, err := nextCron(j, now, now); again || err != nil {
				return err
			}
		} else if next, again := j.Schedule.Next(j.Due, now); again {
			return plan(j, next, now)
		}
	}
	j.Wall = false
	return j.Move(task.Queued)
}

// schedule makes the job wait for its first time as asked for. What is not said
// is as the task declares it.
func schedule(j *task.Job, w task.When, d *task.Definition, now time.Time) error {
	j.Schedule, j.SeriesCanceled = w.Schedule, false
	if w.Priority != 0 {
		j.Priority = w.Priority
	}
	if r := d.Retry; j.Schedule.RetryInterval == nil && r.Interval > 0 {
		j.Schedule.RetryInterval = &r.Interval
		if r.Max > 0 && j.Schedule.MaxRetries == nil {
			j.Schedule.MaxRetries = &r.Max
		}
	}
	at, wall, comes := w.Begins(now)
	if !comes {
		return fault.Invalid(fault.At("enqueue_args.cron", fault.FieldCron, "reason", "never"))
	}
	if err := plan(j, at, now); err != nil {
		return err
	}
	j.Wall = wall && j.State == task.Scheduled
	return nil
}

// plan makes the job wait for a time of its own schedule, counted from the
// one before.
func plan(j *task.Job, at, now time.Time) error {
	j.Planned = at
	return due(j, at, now)
}

// due makes the job wait for the end of a delay, or for a worker if it has
// come.
func due(j *task.Job, at, now time.Time) error {
	j.Due, j.Since, j.Wall = at, now, false
	if at.After(now) {
		return j.Move(task.Scheduled)
	}
	return j.Move(task.Queued)
}

// anew forgets the progress of a job that was done: all of it is still to come.
func anew(j *task.Job, was task.State) {
	if was == task.Completed {
		j.Progress, j.Total = 0, 0
	}
}

// restart makes a job at rest due now. Its rules and its history stay: what was left
// of a series that was cancelled comes after this run.
func restart(j *task.Job, now time.Time) error {
	if !j.State.Resting() {
		return illegal(j, task.Restart)
	}
	j.SeriesCanceled = false
	return dueAgain(j, now)
}

// dueAgain makes a job at rest due now.
func dueAgain(j *task.Job, now time.Time) error {
	anew(j, j.State)
	j.Retries, j.Interruptions, j.ProblemsOf, j.Due, j.Since, j.Wall = 0, 0, 0, now, now, false
	if j.Schedule.Cron == "" {
		j.Planned = now
	}
	return j.Move(task.Queued)
}

// runNow makes a scheduled job due. Its planned time stays: the run of a
// repeating job is one more. A job that waits for the world does not wait any
// longer.
func runNow(j *task.Job, now time.Time) error {
	switch j.State {
	case task.Queued:
		j.Waiting = nil
		return nil
	case task.Scheduled:
		j.Extra = j.Repeats() && planned(j).After(now)
		j.Due, j.Since, j.Wall = now, now, false
		return j.Move(task.Queued)
	case task.Pending, task.Selected, task.Running, task.Paused, task.Canceling, task.Canceled, task.Failed, task.Completed:
	}
	return illegal(j, task.RunNow)
}

// retryProblems asks for a new attempt for the items that failed in the last
// one, those with the code alone unless it is "". While an attempt for such
// items has not completed, those that it was for count. When more failed than
// are remembered, the attempt is for all.
//
// An attempt for all items that was stopped before it had gone through them
// lacks more than those that failed until then: that is a restart.
func retryProblems(j *task.Job, d *task.Definition, code fault.Code, now time.Time) error {
	of := j.ProblemsOf
	if of == 0 && j.Problems <= maxProblems {
		of = j.Attempts
	}
	if !d.RetriesProblems || j.ProblemsOf == 0 && (j.Problems == 0 || !wentThrough(j)) {
		return illegal(j, task.RetryProblems)
	}
	var err error
	switch {
	case j.State.Resting():
		err = dueAgain(j, now) // which asks for no series anew
	case j.State == task.Scheduled && j.Repeats() && (j.Due.Equal(planned(j)) || j.Wall):
		err = runNow(j, now)
	default:
		err = illegal(j, task.RetryProblems)
	}
	j.ProblemsOf, j.ProblemsCode = of, code
	return err
}

// wentThrough reports whether the last attempt did not leave out any of its
// items, though some may have failed.
func wentThrough(j *task.Job) bool {
	return j.Outcome == task.OutcomeCompleted ||
		j.Outcome == task.OutcomeFailed && j.Failure != nil && j.Failure.Code == fault.ItemsFailed
}

// first puts a due job before the others of its priority; the rank is given by
// the engine, which knows the others.
func first(j *task.Job) error {
	if j.State != task.Queued && j.State != task.Selected {
		return illegal(j, task.First)
	}
	return nil
}

// reschedule gives a job that no worker holds another schedule.
func reschedule(j *task.Job, w task.When, d *task.Definition, now time.Time) error {
	if j.State.Active() {
		return fault.New(fault.AlreadyRunning, "id", string(j.ID))
	}
	anew(j, j.State)
	j.Retries, j.Interruptions, j.ProblemsOf, j.Extra, j.Waiting = 0, 0, 0, false, nil
	return schedule(j, w, d, now)
}

// remove checks that a job may be deleted.
func remove(j *task.Job) error {
	if j.State.Active() {
		return fault.New(fault.AlreadyRunning, "id", string(j.ID))
	}
	return nil
}

// cancel ends a waiting job, or this run of a repeating one, and tells a
// running one to stop.
func cancel(j *task.Job, series bool, now time.Time) error {
	if series {
		j.SeriesCanceled = j.Schedule.Repeats()
	}
	switch j.State {
	case task.Canceling:
		return nil
	case task.Running:
		if !j.Cancellable {
			return illegal(j, task.Cancel)
		}
		return j.Move(task.Canceling)
	case task.Scheduled, task.Queued, task.Selected, task.Paused:
		j.Outcome, j.Finished, j.Waiting = task.OutcomeCanceled, now, nil
		return skipRun(j, now)
	case task.Pending, task.Canceled, task.Failed, task.Completed:
	}
	return illegal(j, task.Cancel)
}

// skipRun leaves out the run that the job waits for, with all that were
// merged into it.
func skipRun(j *task.Job, now time.Time) error {
	from := later(planned(j), now)
	if j.Schedule.Cron != "" {
		if from = now; j.Wall {
			from = later(j.Due, now)
		}
	}
	rule := j.Schedule
	rule.CatchUp = task.CatchUpSkip
	if again, err := nextRun(j, rule, from, now); again || err != nil {
		return err
	}
	j.Extra = false
	return j.Move(task.Canceled)
}

// pause holds a waiting job. Of a running one it only checks that it can be
// paused: the runner moves it when the function has stopped.
func pause(j *task.Job, d *task.Definition) error {
	switch j.State {
	case task.Scheduled, task.Queued, task.Selected:
		j.Waiting = nil // looked at again when it goes on
		return j.Move(task.Paused)
	case task.Running:
		if d != nil && d.Pausable {
			return nil
		}
	case task.Paused:
		return nil
	case task.Pending, task.Canceling, task.Canceled, task.Failed, task.Completed:
	}
	return illegal(j, task.Pause)
}

// resume lets a paused job go on: now, or at its time if that is to come.
func resume(j *task.Job, now time.Time) error {
	if j.State != task.Paused {
		return illegal(j, task.Unpause)
	}
	since, wall := j.Since, j.Wall
	j.Waiting = nil
	if err := due(j, j.Due, now); err != nil {
		return err
	}
	j.Since, j.Wall = since, wall && j.State == task.Scheduled
	return nil
}

// recovered puts right a job that was active when the program died. The
// definition is nil when the task is not installed any more.
func recovered(j *task.Job, d *task.Definition, now time.Time) error {
	switch j.State {
	case task.Selected:
		return j.Move(task.Queued)
	case task.Canceling:
		j.Finished = now
		return endCanceled(j, now)
	case task.Running:
		return interrupted(j, d, now)
	case task.Pending, task.Scheduled, task.Queued, task.Paused, task.Canceled, task.Failed, task.Completed:
	}
	return nil
}

func interrupted(j *task.Job, d *task.Definition, now time.Time) error {
	j.Finished, j.Outcome = now, task.OutcomeInterrupted
	j.Interruptions++
	j.Failure = &task.Failure{Code: fault.Interrupted}
	switch {
	case j.Interruptions >= maxInterruptions:
		j.Outcome = task.OutcomeFailed
		j.Failure = &task.Failure{Code: fault.Poisoned, Params: fault.Params{"count": j.Interruptions}}
		return j.Move(task.Failed)
	case d != nil && d.OnInterruption == task.FailInterrupted:
		j.Outcome = task.OutcomeFailed
		return rest(j, task.Failed, now)
	}
	return j.Move(task.Queued)
}

// restored holds a job of a backup that was brought back: it waited or ran when
// the backup was made, and may have been done since. What comes again by a rule
// goes on by it, and what was planned for a time that is to come keeps it. Of
// the job that made the backup it is known that it was done.
func restored(j *task.Job, made bool, now time.Time) error {
	if j.State == task.Canceling {
		j.Finished = now
		return endCanceled(j, now)
	}
	if made && j.State == task.Running {
		j.Finished, j.Outcome = now, task.OutcomeCompleted
		return rest(j, task.Completed, now)
	}
	if j.State.Resting() || j.State == task.Paused || j.Repeats() || j.State == task.Scheduled && j.Due.After(now) {
		return nil
	}
	if j.State == task.Running {
		j.Finished, j.Outcome = now, task.OutcomeInterrupted
	}
	j.Waiting = &task.Waiting{Need: task.Need{Code: task.NeedDecision}, Since: now}
	return j.Move(task.Paused)
}

func illegal(j *task.Job, action task.Action) error {
	return fault.New(fault.IllegalMove, "id", string(j.ID), "state", j.State.String(), "action", string(action))
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
