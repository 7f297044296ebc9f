package service

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Cancel cancels the jobs, all or none; of repeating jobs this run, or the
// whole series.
func (j *Jobs) Cancel(ctx context.Context, person auth.Person, ids []task.ID, series bool) ([]engine.Live, error) {
	if series {
		return j.Do(ctx, person, task.CancelSeries, ids)
	}
	return j.Do(ctx, person, task.Cancel, ids)
}

// Restart makes jobs at rest due now, all or none.
func (j *Jobs) Restart(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.Do(ctx, person, task.Restart, ids)
}

// Pause holds the jobs, all or none.
func (j *Jobs) Pause(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.Do(ctx, person, task.Pause, ids)
}

// Resume lets paused jobs go on, all or none.
func (j *Jobs) Resume(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.Do(ctx, person, task.Unpause, ids)
}

// Clear removes jobs at rest with their history, all or none, and answers
// them as they were.
func (j *Jobs) Clear(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.Do(ctx, person, task.Clear, ids)
}

// ClearAll removes every job at rest that the person may run, of one queue or
// of all (""), and answers how many.
func (j *Jobs) ClearAll(ctx context.Context, person auth.Person, queue string) (int, error) {
	return j.DoAll(ctx, person, task.Clear, task.Filter{Queue: queue}, nil)
}

// Do does the action to the jobs, all or none, and answers them as they are
// then; removed ones as they were.
func (j *Jobs) Do(ctx context.Context, person auth.Person, action task.Action, ids []task.ID) ([]engine.Live, error) {
	ids = unique(ids)
	if err := j.mayRunAll(ctx, person, ids); err != nil {
		return nil, err
	}
	jobs, err := j.engine.Do(ctx, action, ids...)
	if err != nil {
		return nil, err
	}
	return j.live(ctx, jobs)
}

// RetryCause makes a new attempt of the jobs, all or none, for the items alone
// that failed with the code. A code that no item of a job failed with is
// refused.
func (j *Jobs) RetryCause(ctx context.Context, person auth.Person, ids []task.ID, code fault.Code) ([]engine.Live, error) {
	ids = unique(ids)
	if err := j.mayRunAll(ctx, person, ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if err := j.hasCause(ctx, id, code); err != nil {
			return nil, err
		}
	}
	jobs, err := j.engine.RetryCause(ctx, code, ids...)
	if err != nil {
		return nil, err
	}
	return j.live(ctx, jobs)
}

// hasCause answers nil when an item that a new attempt of the job could be for
// failed with the code.
func (j *Jobs) hasCause(ctx context.Context, id task.ID, code fault.Code) error {
	job, err := j.store.Job(ctx, id)
	if err != nil {
		return err
	}
	causes, err := j.store.Causes(ctx, job.Number, cmp.Or(job.ProblemsOf, job.Attempts))
	if err != nil || len(causes) == 0 || slices.Contains(causes, code) {
		return err // where nothing failed there is nothing to be retried, says the engine
	}
	return fault.Invalid(fault.At("cause", fault.FieldChoice, "choices", strings.Join(lo.Map(causes, func(c fault.Code, _ int) string { return string(c) }), ", ")))
}

// batch is how many jobs of a filter are seen to at once.
const batch = 200

// DoAll does the action to every job that the filter chooses, that the person
// may run and that it is possible for, and answers how many those were. It sees
// to a part of them after the other, and tells each part, as the jobs are then,
// to the function, which may be nil. What was done before an error is done.
func (j *Jobs) DoAll(ctx context.Context, person auth.Person, action task.Action, filter task.Filter, each func([]engine.Live) error) (int, error) {
	return j.doAll(ctx, person, deed{
		states: action.States(),
		possible: func(job task.Job, d *task.Definition) bool {
			return engine.Can(action, job, d, time.Now())
		},
		do: func(ctx context.Context, ids ...task.ID) ([]task.Job, error) { return j.engine.Do(ctx, action, ids...) },
	}, filter, each)
}

// deed is what is done to all jobs of a filter.
type deed struct {
	states   []task.State // those it is for
	possible func(task.Job, *task.Definition) bool
	do       func(context.Context, ...task.ID) ([]task.Job, error) // to all or none
}

// doAll is DoAll for any deed.
func (j *Jobs) doAll(ctx context.Context, person auth.Person, deed deed, filter task.Filter, each func([]engine.Live) error) (int, error) {
	if !person.SignedIn() {
		return 0, fault.New(fault.Forbidden)
	}
	filter.States = common(filter.States, deed.states)
	if len(filter.States) == 0 {
		return 0, nil
	}
	filter.Readable = j.runnable(person)
	done := 0
	for after, more := int64(0), true; more; {
		jobs, err := j.store.Matching(ctx, filter, after, batch)
		if err != nil {
			return done, err
		}
		if more = len(jobs) == batch; more {
			after = jobs[batch-1].Number
		}
		changed, err := j.doPossible(ctx, person, deed, jobs)
		if err != nil {
			return done, err
		}
		done += len(changed)
		if each != nil && len(changed) > 0 {
			if err := each(changed); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// doPossible does the deed to those of the jobs that it is possible for. A
// job may move on between the look and the deed; then each is tried alone.
func (j *Jobs) doPossible(ctx context.Context, person auth.Person, deed deed, jobs []task.Job) ([]engine.Live, error) {
	var ids []task.ID
	for i := range jobs {
		definition, _ := j.registry.Lookup(jobs[i].Task)
		if j.Readable(person, &jobs[i]) && j.mayRun(person, &jobs[i]) && deed.possible(j.engine.Live(jobs[i]).Job, definition) {
			ids = append(ids, jobs[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	changed, err := deed.do(ctx, ids...)
	if movedOn(err) {
		changed = nil
		for _, id := range ids {
			one, err := deed.do(ctx, id)
			if err != nil && !movedOn(err) {
				return nil, err
			}
			changed = append(changed, one...)
		}
	} else if err != nil {
		return nil, err
	}
	return j.live(ctx, changed)
}

// movedOn reports whether the action is refused because of what became of the
// job.
func movedOn(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.IllegalMove || code == fault.AlreadyRunning || code == fault.NotFound
}

// common answers the states that are in both lists; all of the second when
// the first is empty.
func common(wanted, possible []task.State) []task.State {
	if len(wanted) == 0 {
		return possible
	}
	return lo.Intersect(wanted, possible)
}

// mayRunAll checks that the person may read and run each of the jobs. One that
// they may not read is as if it did not exist.
func (j *Jobs) mayRunAll(ctx context.Context, person auth.Person, ids []task.ID) error {
	for _, id := range ids {
		job, err := j.readJob(ctx, person, id)
		if err != nil {
			return err
		}
		if !j.mayRun(person, &job) {
			return fault.New(fault.Forbidden)
		}
	}
	return nil
}
