package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// Jobs creates and manages jobs.
type Jobs struct {
	store    *store.Store
	registry *task.Registry
	engine   *engine.Engine // nil where nothing may be stored
}

// maxShownProblems is how many problems a job's detail holds.
const maxShownProblems = 1000

// Detail is a job with its history.
type Detail struct {
	engine.Live

	Problems []task.Problem // of the last attempt, the first 1,000
	History  []task.Attempt
	Log      []task.LogLine
}

// Tasks answers the catalogue of what can be enqueued: the tasks that the
// person may run.
func (j *Jobs) Tasks(person auth.Person) []*task.Definition {
	var tasks []*task.Definition
	for _, d := range j.registry.All() {
		if d.Permission.MayRun(person, nil) {
			tasks = append(tasks, d)
		}
	}
	return tasks
}

// List answers a page of the jobs that the person may read.
func (j *Jobs) List(ctx context.Context, person auth.Person, filter task.Filter, page task.Page) ([]engine.Live, task.Listed, error) {
	filter.Readable = j.readable(person)
	listed, err := j.store.List(ctx, filter, page)
	if err != nil {
		return nil, task.Listed{}, err
	}
	live, err := j.live(ctx, listed.Jobs)
	return live, listed, err
}

// eachAtOnce is how many jobs Each hands over at a time.
const eachAtOnce = 1000

// Each hands over all jobs that the person may read, the oldest first, a part
// at a time, until the function answers an error. A job that is created or
// removed meanwhile may be among them or not.
func (j *Jobs) Each(ctx context.Context, person auth.Person, part func([]task.Job) error) error {
	filter := task.Filter{Readable: j.readable(person)}
	for last := int64(0); ; {
		jobs, err := j.store.Matching(ctx, filter, last, eachAtOnce)
		if err != nil || len(jobs) == 0 {
			return err
		}
		if err := part(jobs); err != nil {
			return err
		}
		last = jobs[len(jobs)-1].Number
	}
}

// readable says which jobs the person may read, in a form that a query can
// use. Jobs of tasks that are not installed are for coordinators.
func (j *Jobs) readable(person auth.Person) task.Readable {
	return j.allowed(person, task.Permission.MayRead)
}

// runnable says which jobs the person may run, in the same form.
func (j *Jobs) runnable(person auth.Person) task.Readable {
	return j.allowed(person, task.Permission.MayRun)
}

func (j *Jobs) allowed(person auth.Person, may func(task.Permission, auth.Person, *task.Job) bool) task.Readable {
	r := task.Readable{All: may(task.CoordinatorOnly, person, nil), Person: person.ID}
	for _, d := range j.registry.All() {
		switch {
		case may(d.Permission, person, &task.Job{Task: d.Name}):
			r.Tasks = append(r.Tasks, d.Name)
			continue
		case may(d.Permission, person, &task.Job{Task: d.Name, StartedBy: person.ID}):
			r.Own = append(r.Own, d.Name)
		}
		r.Hidden = append(r.Hidden, d.Name)
	}
	return r
}

// Show answers the jobs with their history. A job that the person may not
// read is as if it did not exist.
func (j *Jobs) Show(ctx context.Context, person auth.Person, ids ...task.ID) ([]Detail, error) {
	details := make([]Detail, len(ids))
	for i, id := range ids {
		job, err := j.readJob(ctx, person, id)
		if err != nil {
			return nil, err
		}
		if details[i], err = j.detail(ctx, job); err != nil {
			return nil, err
		}
	}
	return details, nil
}

func (j *Jobs) detail(ctx context.Context, job task.Job) (Detail, error) {
	live, err := j.live(ctx, []task.Job{job})
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Live: live[0]}
	if d.Problems, err = j.store.Problems(ctx, job.Number, job.Attempts, maxShownProblems); err != nil {
		return d, err
	}
	if d.History, err = j.store.Attempts(ctx, job.Number); err != nil {
		return d, err
	}
	d.Log, err = j.store.Log(ctx, job.Number, maxShownProblems)
	return d, err
}

// Subscribe begins to collect changes of all jobs; Readable filters them.
func (j *Jobs) Subscribe() *engine.Subscription { return j.engine.Subscribe() }

// Readable reports whether the person may read the job.
func (j *Jobs) Readable(person auth.Person, job *task.Job) bool {
	d, installed := j.registry.Lookup(job.Task)
	if !installed {
		return task.CoordinatorOnly.MayRead(person, job)
	}
	return d.Permission.MayRead(person, job)
}

// Counts answers how many jobs of each state the person may read.
func (j *Jobs) Counts(ctx context.Context, person auth.Person) (map[task.State]int64, error) {
	return j.store.Counts(ctx, task.Filter{Readable: j.readable(person)})
}

func (j *Jobs) readJob(ctx context.Context, person auth.Person, id task.ID) (task.Job, error) {
	job, err := j.store.Job(ctx, id)
	if err != nil {
		return task.Job{}, err
	}
	if !j.Readable(person, &job) {
		return task.Job{}, fault.New(fault.NotFound, "what", "job", "id", string(id))
	}
	return job, nil
}

func (j *Jobs) mayRun(person auth.Person, job *task.Job) bool {
	d, installed := j.registry.Lookup(job.Task)
	if !installed {
		return task.CoordinatorOnly.MayRun(person, job)
	}
	return d.Permission.MayRun(person, job)
}

// live answers the jobs as they are at this moment, and says of those that wait
// for their queue that they do.
func (j *Jobs) live(ctx context.Context, jobs []task.Job) ([]engine.Live, error) {
	paused, err := j.store.PausedQueues(ctx)
	if err != nil {
		return nil, err
	}
	live := make([]engine.Live, len(jobs))
	for i := range jobs {
		live[i] = engine.Live{Job: jobs[i]}
		if j.engine != nil {
			live[i] = j.engine.Live(jobs[i])
		}
		engine.WaitForQueue(&live[i].Job, paused)
	}
	return live, nil
}

func unique(ids []task.ID) []task.ID {
	seen := map[task.ID]bool{}
	var once []task.ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}
