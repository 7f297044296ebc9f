package bridge

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// Jobs is what the window may do with jobs.
type Jobs struct{ bridge *Bridge }

// JobQuery chooses jobs, and a page of them. Empty fields choose all.
type JobQuery struct {
	States    []string `json:"states,omitzero"`
	Task      string   `json:"task,omitzero"`
	Queue     string   `json:"queue,omitzero"`
	Group     string   `json:"group,omitzero"`     // jobs that were asked for together
	Repeating bool     `json:"repeating,omitzero"` // only those that run again and again
	Search    string   `json:"search,omitzero"`    // words that are all in what is stored or shown of the job
	Since     string   `json:"since,omitzero"`     // RFC 3339: created at this time or later
	Until     string   `json:"until,omitzero"`     // RFC 3339: created before this time
	Sort      string   `json:"sort,omitzero"`      // created, started, finished or due; with a - in front the latest first
	Limit     int      `json:"limit,omitzero"`
	After     string   `json:"after,omitzero"`
}

// filter reads the query of somebody who reads what the maker says. All faults
// are named at once.
func (q JobQuery) filter(maker *wire.Maker) (task.Filter, error) {
	filter := task.Filter{Task: q.Task, Queue: q.Queue, Group: q.Group, Repeating: q.Repeating, Search: maker.Words(q.Search)}
	var refused []fault.Field
	for _, name := range q.States {
		state, known := task.ParseState(name)
		if !known {
			refused = append(refused, fault.At("states", fault.FieldChoice, "choices", stateNames()))
		}
		filter.States = append(filter.States, state)
	}
	for _, field := range []struct {
		name, text string
		into       *time.Time
	}{{"since", q.Since, &filter.Since}, {"until", q.Until, &filter.Until}} {
		if field.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, field.text)
		if err != nil {
			refused = append(refused, fault.At(field.name, fault.FieldFormat, "want", "time", "value", field.text))
		}
		*field.into = at
	}
	return filter, fault.Invalid(refused...)
}

func stateNames() string {
	return strings.Join(lo.Map(task.States(), func(s task.State, _ int) string { return s.String() }), ", ")
}

// List answers a page of jobs, the newest first unless the query says
// otherwise.
//
//api:permission signed in; answers the jobs that the person may read
//api:errors invalid_request
func (j *Jobs) List(query JobQuery) (wire.JobPage, error) {
	return ask(j.bridge, func(c call) (wire.JobPage, error) {
		filter, err := query.filter(c.maker)
		if err != nil {
			return wire.JobPage{}, err
		}
		page := task.Page{Sort: query.Sort, Limit: query.Limit, After: query.After}
		jobs, listed, err := c.services.Jobs.List(c.ctx, c.person, filter, page)
		return c.maker.Page(jobs, listed), err
	})
}

// Show answers a job with its history.
//
//api:permission may read the job; another is not found
//api:errors not_found
func (j *Jobs) Show(id string) (wire.JobDetail, error) {
	return ask(j.bridge, func(c call) (wire.JobDetail, error) {
		details, err := c.services.Jobs.Show(c.ctx, c.person, task.ID(id))
		if err != nil {
			return wire.JobDetail{}, err
		}
		return c.maker.Detail(details[0]), nil
	})
}

// SaveReport writes the words of a report to a text file. It may replace a text
// file, and nothing else.
//
//api:permission signed in
//api:errors forbidden, invalid_request, too_large, no_write, disk_full
func (j *Jobs) SaveReport(path, text string) (bool, error) {
	return ask(j.bridge, func(c call) (bool, error) {
		err := c.services.Jobs.SaveReport(c.person, path, text)
		return err == nil, err
	})
}

// Enqueue creates a job for each request, all or none. What a request holds is
// described under Requests.
//
//api:permission may run the task, and the job that comes of it; a task may refuse more
//api:errors invalid_json, invalid_request, too_large, forbidden, already_running
func (j *Jobs) Enqueue(requests []map[string]any) ([]wire.Job, error) {
	return ask(j.bridge, func(c call) ([]wire.Job, error) {
		text, err := json.Marshal(requests)
		if err != nil {
			return nil, fault.New(fault.Internal).Because(err)
		}
		parsed, _, err := service.ParseRequests(text)
		if err != nil {
			return nil, err
		}
		jobs, err := c.services.Jobs.Create(c.ctx, c.person, parsed)
		return c.maker.Jobs(jobs), err
	})
}

// Cancel cancels the jobs, all or none.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) Cancel(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Cancel(c.ctx, c.person, ids, false)
	})
}

// CancelSeries cancels the jobs, all or none; those that repeat do so no more.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) CancelSeries(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Cancel(c.ctx, c.person, ids, true)
	})
}

// Restart makes jobs at rest due now, all or none.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move, task_missing
func (j *Jobs) Restart(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Restart(c.ctx, c.person, ids)
	})
}

// Pause holds the jobs, all or none.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) Pause(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Pause(c.ctx, c.person, ids)
	})
}

// Resume lets paused jobs go on, all or none.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) Resume(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Resume(c.ctx, c.person, ids)
	})
}

// RunNow makes scheduled jobs due, all or none. Their planned times stay.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) RunNow(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Do(c.ctx, c.person, task.RunNow, ids)
	})
}

// First puts due jobs before the others of their priority, all or none.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) First(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Do(c.ctx, c.person, task.First, ids)
	})
}

// RetryProblems makes a new attempt of the jobs, all or none, for the items
// alone that failed.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move, task_missing
func (j *Jobs) RetryProblems(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Do(c.ctx, c.person, task.RetryProblems, ids)
	})
}

// RetryCause makes a new attempt of the jobs, all or none, for the items alone
// that failed with the code. The others stay problems.
//
//api:permission may run each of the jobs
//api:errors invalid_request, not_found, forbidden, illegal_move, task_missing
func (j *Jobs) RetryCause(ids []string, code string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.RetryCause(c.ctx, c.person, ids, fault.Code(code))
	})
}

// Reschedule replaces the schedule of the jobs, all or none, by what
// enqueue_args say. A running job is refused.
//
//api:permission may run each of the jobs
//api:errors invalid_request, not_found, forbidden, already_running, illegal_move, task_missing
func (j *Jobs) Reschedule(ids []string, enqueueArgs map[string]any) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Reschedule(c.ctx, c.person, ids, enqueueArgs)
	})
}

// RescheduleAll replaces the schedule of every job that the query chooses, that
// the person may run and that is not running, by what enqueue_args say, and
// answers how many. Jobs that have ended are taken only by a query that names
// their state. One whose task does not take such a schedule is left out.
//
//api:permission signed in; takes the jobs that the person may run
//api:errors invalid_request, forbidden
func (j *Jobs) RescheduleAll(query JobQuery, enqueueArgs map[string]any) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		filter, err := query.filter(c.maker)
		if err != nil {
			return 0, err
		}
		return c.services.Jobs.RescheduleAll(c.ctx, c.person, filter, enqueueArgs, nil)
	})
}

// Delete removes jobs that are not running with their history, all or none,
// and answers how many.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) Delete(ids []string) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		jobs, err := c.services.Jobs.Do(c.ctx, c.person, task.Delete, jobIDs(ids))
		return len(jobs), err
	})
}

// DoAll does an action, such as "cancel", to every job that the query chooses,
// that the person may run and that it is possible for, and answers how many.
//
//api:permission signed in; takes the jobs that the person may run
//api:errors invalid_request, forbidden
func (j *Jobs) DoAll(action string, query JobQuery) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		chosen, known := task.ParseAction(action)
		if !known {
			return 0, fault.Invalid(fault.At("action", fault.FieldChoice, "choices", actionNames()))
		}
		filter, err := query.filter(c.maker)
		if err != nil {
			return 0, err
		}
		return c.services.Jobs.DoAll(c.ctx, c.person, chosen, filter, nil)
	})
}

func actionNames() string {
	return strings.Join(lo.Map(task.Actions(), func(a task.Action, _ int) string { return string(a) }), ", ")
}

// Queues answers the queues with the jobs on them that the person may read.
//
//api:permission signed in; counts the jobs that the person may read
//api:errors forbidden
func (j *Jobs) Queues() ([]wire.Queue, error) {
	return ask(j.bridge, func(c call) ([]wire.Queue, error) {
		queues, err := c.services.Jobs.Queues(c.ctx, c.person)
		return c.maker.Queues(queues), err
	})
}

// PauseQueue holds a queue: its due jobs wait, running ones go on.
//
//api:permission coordinator
//api:errors forbidden, not_found
func (j *Jobs) PauseQueue(name string) (wire.Queue, error) {
	return ask(j.bridge, func(c call) (wire.Queue, error) {
		queue, err := c.services.Jobs.PauseQueue(c.ctx, c.person, name)
		return c.maker.Queue(queue), err
	})
}

// ResumeQueue lets a paused queue go on.
//
//api:permission coordinator
//api:errors forbidden, not_found
func (j *Jobs) ResumeQueue(name string) (wire.Queue, error) {
	return ask(j.bridge, func(c call) (wire.Queue, error) {
		queue, err := c.services.Jobs.ResumeQueue(c.ctx, c.person, name)
		return c.maker.Queue(queue), err
	})
}

// Schedules answers a page of the jobs that are due later or again, with their
// next three runs.
//
//api:permission signed in; answers the jobs that the person may read
//api:errors invalid_request
func (j *Jobs) Schedules(limit int, after string) (wire.SchedulePage, error) {
	return ask(j.bridge, func(c call) (wire.SchedulePage, error) {
		schedules, next, err := c.services.Jobs.Schedules(c.ctx, c.person, task.Page{Limit: limit, After: after})
		return c.maker.Schedules(schedules, next), err
	})
}

// NextRuns answers when a job of the task would run if it were asked for now
// with these enqueue_args, at most three times. It stores nothing.
//
//api:permission may run the task
//api:errors invalid_request, forbidden, task_missing
func (j *Jobs) NextRuns(taskName string, enqueueArgs map[string]any) ([]string, error) {
	return ask(j.bridge, func(c call) ([]string, error) {
		runs, err := c.services.Jobs.NextRuns(c.person, taskName, enqueueArgs)
		return c.maker.Times(runs), err
	})
}

// Clear removes jobs at rest with their history, all or none, and answers how
// many.
//
//api:permission may run each of the jobs
//api:errors not_found, forbidden, illegal_move
func (j *Jobs) Clear(ids []string) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		jobs, err := c.services.Jobs.Clear(c.ctx, c.person, jobIDs(ids))
		return len(jobs), err
	})
}

// ClearAll removes every job at rest that the person may run, of one queue or
// of all (""), and answers how many.
//
//api:permission signed in; takes the jobs that the person may run
//api:errors forbidden
func (j *Jobs) ClearAll(queue string) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		return c.services.Jobs.ClearAll(c.ctx, c.person, queue)
	})
}

// Tasks answers the catalogue of what the person may enqueue.
//
//api:permission signed in; answers the tasks that the person may run
//api:errors none
func (j *Jobs) Tasks() ([]wire.Task, error) {
	return ask(j.bridge, func(c call) ([]wire.Task, error) {
		return lo.Map(c.services.Jobs.Tasks(c.person), func(d *task.Definition, _ int) wire.Task { return c.maker.Task(d) }), nil
	})
}

func (j *Jobs) act(ids []string, do func(call, []task.ID) ([]engine.Live, error)) ([]wire.Job, error) {
	return ask(j.bridge, func(c call) ([]wire.Job, error) {
		jobs, err := do(c, jobIDs(ids))
		return c.maker.Jobs(jobs), err
	})
}

func jobIDs(ids []string) []task.ID {
	return lo.Map(ids, func(id string, _ int) task.ID { return task.ID(id) })
}

// readableJobs keeps the jobs that the person may read.
func readableJobs(s *service.Services, person auth.Person, jobs []engine.Live) []engine.Live {
	return lo.Filter(jobs, func(live engine.Live, _ int) bool { return s.Jobs.Readable(person, &live.Job) })
}
