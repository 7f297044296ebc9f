package service

import (
	"context"
	"maps"
	"slices"

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

// Create stores a job for each request, all or none. Faults of all requests
// are named at once, each with its index. The same request id twice answers
// the first one's job.
func (j *Jobs) Create(ctx context.Context, person auth.Person, requests []Request) ([]engine.Live, error) {
	if len(requests) > MaxRequests {
		return nil, fault.New(fault.TooLarge, "limit", MaxRequests)
	}
	drafts := make([]task.NewJob, 0, len(requests))
	var refused []fault.Field
	for i, request := range requests {
		draft, fields, err := j.check(ctx, person, request)
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			field.Index = i
			refused = append(refused, field)
		}
		drafts = append(drafts, draft)
	}
	if err := fault.Invalid(refused...); err != nil {
		return nil, err
	}
	jobs, err := j.engine.Enqueue(ctx, drafts...)
	if err != nil {
		return nil, err
	}
	return j.live(jobs), nil
}

// check turns one request into a job to store, or names what is wrong with
// its fields. Any other refusal is an error.
func (j *Jobs) check(ctx context.Context, person auth.Person, request Request) (task.NewJob, []fault.Field, error) {
	name, isText := request["type"].(string)
	definition, known := j.registry.Lookup(name)
	switch {
	case request["type"] == nil:
		return task.NewJob{}, []fault.Field{fault.At("type", fault.FieldRequired)}, nil
	case !isText:
		return task.NewJob{}, []fault.Field{fault.At("type", fault.FieldType, "want", "string")}, nil
	case !known:
		return task.NewJob{}, []fault.Field{fault.At("type", fault.FieldTask, "value", name)}, nil
	case !definition.Permission.MayRun(person, nil):
		return task.NewJob{}, nil, fault.New(fault.Forbidden)
	}
	requestID, fields := requestID(request)
	when, faults := parseWhen(request["enqueue_args"], definition, person)
	fields = append(fields, faults...)

	args := maps.Clone(request)
	for _, ours := range []string{"type", "enqueue_args", "request_id"} {
		delete(args, ours)
	}
	stored, metadata, err := definition.Validate(ctx, person, args)
	if f := fault.Of(err); f != nil && f.Code == fault.InvalidRequest {
		fields = append(fields, f.Fields...)
	} else if err != nil {
		return task.NewJob{}, nil, err
	}
	if len(fields) > 0 {
		return task.NewJob{}, fields, nil
	}
	if !definition.Permission.MayRun(person, &task.Job{Task: name, Args: stored, StartedBy: person.ID}) {
		return task.NewJob{}, nil, fault.New(fault.Forbidden)
	}
	return task.NewJob{
		Task: definition, Args: stored, Metadata: metadata,
		StartedBy: person, RequestID: requestID, When: when,
	}, nil, nil
}

func requestID(request Request) (string, []fault.Field) {
	value, given := request["request_id"]
	if !given || value == nil {
		return "", nil
	}
	id, ok := value.(string)
	if !ok || id == "" || len(id) > 200 {
		return "", []fault.Field{fault.At("request_id", fault.FieldFormat, "want", "text of 1 to 200 characters", "value", "")}
	}
	return id, nil
}

// List answers a page of the jobs that the person may read.
func (j *Jobs) List(ctx context.Context, person auth.Person, filter task.Filter, page task.Page) ([]engine.Live, task.Listed, error) {
	filter.Readable = j.readable(person)
	listed, err := j.store.List(ctx, filter, page)
	if err != nil {
		return nil, task.Listed{}, err
	}
	return j.live(listed.Jobs), listed, nil
}

// readable says which jobs the person may read, in a form that a query can
// use. Jobs of tasks that are not installed are for coordinators.
func (j *Jobs) readable(person auth.Person) task.Readable {
	r := task.Readable{All: task.CoordinatorOnly.MayRead(person, nil), Person: person.ID}
	for _, d := range j.registry.All() {
		switch {
		case d.Permission.MayRead(person, &task.Job{Task: d.Name}):
			r.Tasks = append(r.Tasks, d.Name)
		case d.Permission.MayRead(person, &task.Job{Task: d.Name, StartedBy: person.ID}):
			r.Own = append(r.Own, d.Name)
		}
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
	d := Detail{Live: j.live([]task.Job{job})[0]}
	var err error
	if d.Problems, err = j.store.Problems(ctx, job.Number, job.Attempts, maxShownProblems); err != nil {
		return d, err
	}
	if d.History, err = j.store.Attempts(ctx, job.Number); err != nil {
		return d, err
	}
	d.Log, err = j.store.Log(ctx, job.Number, maxShownProblems)
	return d, err
}

// Cancel cancels the jobs, all or none; of repeating jobs this run, or the
// whole series.
func (j *Jobs) Cancel(ctx context.Context, person auth.Person, ids []task.ID, series bool) ([]engine.Live, error) {
	return j.act(ctx, person, ids, func(ctx context.Context, ids []task.ID) ([]task.Job, error) {
		return j.engine.Cancel(ctx, ids, series)
	})
}

// Restart makes jobs at rest due now, all or none.
func (j *Jobs) Restart(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.act(ctx, person, ids, j.engine.Restart)
}

// Pause holds the jobs, all or none.
func (j *Jobs) Pause(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.act(ctx, person, ids, j.engine.Pause)
}

// Resume lets paused jobs go on, all or none.
func (j *Jobs) Resume(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.act(ctx, person, ids, j.engine.Resume)
}

// Clear removes jobs at rest with their history, all or none, and answers
// them as they were.
func (j *Jobs) Clear(ctx context.Context, person auth.Person, ids []task.ID) ([]engine.Live, error) {
	return j.act(ctx, person, ids, func(ctx context.Context, ids []task.ID) ([]task.Job, error) {
		jobs := make([]task.Job, len(ids))
		for i, id := range ids {
			job, err := j.store.Job(ctx, id)
			if err != nil {
				return nil, err
			}
			jobs[i] = job
		}
		return jobs, j.engine.Clear(ctx, ids)
	})
}

// ClearAll removes every job at rest that the person may run, of one queue or
// of all (""), and answers how many.
func (j *Jobs) ClearAll(ctx context.Context, person auth.Person, queue string) (int, error) {
	jobs, err := j.store.InStates(ctx, task.Canceled, task.Failed, task.Completed)
	if err != nil {
		return 0, err
	}
	var ids []task.ID
	for i := range jobs {
		if (queue == "" || jobs[i].Queue == queue) && j.mayRun(person, &jobs[i]) {
			ids = append(ids, jobs[i].ID)
		}
	}
	cleared := 0
	for part := range slices.Chunk(ids, 1000) {
		if err := j.engine.Clear(ctx, part); err != nil {
			return cleared, err
		}
		cleared += len(part)
	}
	return cleared, nil
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
	listed, err := j.store.List(ctx, task.Filter{Readable: j.readable(person)}, task.Page{Limit: 1})
	return listed.Counts, err
}

// act checks that the person may run each of the jobs, and then does it.
func (j *Jobs) act(ctx context.Context, person auth.Person, ids []task.ID,
	do func(context.Context, []task.ID) ([]task.Job, error),
) ([]engine.Live, error) {
	ids = unique(ids)
	for _, id := range ids {
		job, err := j.readJob(ctx, person, id)
		if err != nil {
			return nil, err
		}
		if !j.mayRun(person, &job) {
			return nil, fault.New(fault.Forbidden)
		}
	}
	jobs, err := do(ctx, ids)
	if err != nil {
		return nil, err
	}
	return j.live(jobs), nil
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

func (j *Jobs) live(jobs []task.Job) []engine.Live {
	live := make([]engine.Live, len(jobs))
	for i := range jobs {
		live[i] = engine.Live{Job: jobs[i]}
		if j.engine != nil {
			live[i] = j.engine.Live(jobs[i])
		}
	}
	return live
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
