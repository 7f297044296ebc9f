package bridge

import (
	"encoding/json"

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

// JobQuery chooses a page of jobs. Empty fields choose all.
type JobQuery struct {
	States []string `json:"states"`
	Task   string   `json:"task"`
	Queue  string   `json:"queue"`
	Search string   `json:"search"`
	Limit  int      `json:"limit"`
	After  string   `json:"after"`
}

// List answers a page of jobs, the newest first.
func (j *Jobs) List(query JobQuery) (wire.JobPage, error) {
	return ask(j.bridge, func(c call) (wire.JobPage, error) {
		filter := task.Filter{Task: query.Task, Queue: query.Queue, Search: query.Search}
		for _, name := range query.States {
			state, known := task.ParseState(name)
			if !known {
				return wire.JobPage{}, fault.Invalid(fault.At("states", fault.FieldChoice, "choices", name))
			}
			filter.States = append(filter.States, state)
		}
		jobs, listed, err := c.services.Jobs.List(c.ctx, c.person, filter, task.Page{Limit: query.Limit, After: query.After})
		return c.maker.Page(jobs, listed), err
	})
}

// Show answers a job with its history.
func (j *Jobs) Show(id string) (wire.JobDetail, error) {
	return ask(j.bridge, func(c call) (wire.JobDetail, error) {
		details, err := c.services.Jobs.Show(c.ctx, c.person, task.ID(id))
		if err != nil {
			return wire.JobDetail{}, err
		}
		return c.maker.Detail(details[0]), nil
	})
}

// Enqueue creates a job for each request, all or none.
func (j *Jobs) Enqueue(requests []map[string]any) ([]wire.Job, error) {
	return ask(j.bridge, func(c call) ([]wire.Job, error) {
		text, err := json.Marshal(requests)
		if err != nil {
			return nil, fault.New(fault.InvalidJSON, "reason", err.Error()).Because(err)
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
func (j *Jobs) Cancel(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Cancel(c.ctx, c.person, ids, false)
	})
}

// Restart makes jobs at rest due now, all or none.
func (j *Jobs) Restart(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Restart(c.ctx, c.person, ids)
	})
}

// Pause holds the jobs, all or none.
func (j *Jobs) Pause(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Pause(c.ctx, c.person, ids)
	})
}

// Resume lets paused jobs go on, all or none.
func (j *Jobs) Resume(ids []string) ([]wire.Job, error) {
	return j.act(ids, func(c call, ids []task.ID) ([]engine.Live, error) {
		return c.services.Jobs.Resume(c.ctx, c.person, ids)
	})
}

// Clear removes jobs at rest with their history, all or none, and answers how
// many.
func (j *Jobs) Clear(ids []string) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		jobs, err := c.services.Jobs.Clear(c.ctx, c.person, jobIDs(ids))
		return len(jobs), err
	})
}

// ClearAll removes every job at rest that the person may run, of one queue or
// of all (""), and answers how many.
func (j *Jobs) ClearAll(queue string) (int, error) {
	return ask(j.bridge, func(c call) (int, error) {
		return c.services.Jobs.ClearAll(c.ctx, c.person, queue)
	})
}

// Tasks answers the catalogue of what the person may enqueue.
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
