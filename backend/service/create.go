package service

import (
	"context"
	"maps"
	"slices"
	"time"

	"nectar/backend/auth"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Create stores a job for each request, all or none. Faults of all requests
// are named at once, each with its index. The same request id of the same
// person twice answers the first one's job.
//
// Whether the person may run the tasks at all is checked before anything else
// of the requests is looked at.
func (j *Jobs) Create(ctx context.Context, person auth.Person, requests []Request) ([]engine.Live, error) {
	if !person.SignedIn() {
		return nil, fault.New(fault.Forbidden)
	}
	if len(requests) > MaxRequests {
		return nil, fault.New(fault.TooLarge, "limit", MaxRequests)
	}
	kinds, err := j.types(person, requests)
	if err != nil {
		return nil, err
	}
	if jobs, err := j.asked(ctx, person, requests); err != nil || jobs != nil {
		return jobs, err
	}
	drafts := make([]task.NewJob, len(requests))
	var beside []task.Job
	var refused []*fault.Fault
	for i, request := range requests {
		if err = kinds[i].unknown; err == nil {
			drafts[i], err = j.check(ctx, task.Asked{Person: person, Beside: beside}, kinds[i].definition, request)
		}
		if err == nil && i < len(requests)-1 {
			beside, err = with(beside, drafts[i])
		}
		if err == nil {
			continue
		}
		f := fault.Of(err)
		if len(requests) == 1 || f.Code == fault.Internal {
			return nil, err
		}
		refused = append(refused, at(i, f))
	}
	if err := together(refused); err != nil {
		return nil, err
	}
	stored, err := j.engine.Enqueue(ctx, drafts...)
	if err != nil {
		return nil, err
	}
	return j.live(ctx, stored.Jobs())
}

// asked answers the jobs of requests that were all made before, nil when any was
// not. What has been done since may be refused now, such as the deletion of what
// is deleted.
func (j *Jobs) asked(ctx context.Context, person auth.Person, requests []Request) ([]engine.Live, error) {
	jobs := make([]task.Job, 0, len(requests))
	for _, request := range requests {
		id, is := request["request_id"].(string)
		if !is || id == "" {
			return nil, nil
		}
		job, made, err := j.store.Asked(ctx, person.ID, id)
		if err != nil || !made {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	if len(jobs) == 0 {
		return nil, nil
	}
	return j.live(ctx, jobs)
}

// with adds a job that is asked for to those that count beside the next one.
func with(beside []task.Job, asked task.NewJob) ([]task.Job, error) {
	draft, err := asked.Draft()
	if err != nil {
		return nil, err
	}
	draft.State, draft.Schedule = task.Queued, asked.When.Schedule
	if asked.When.Later(time.Now()) {
		draft.State = task.Scheduled
	}
	return append(beside, draft), nil
}

// kindOf is what a request's type names: a task, or why there is none.
type kindOf struct {
	definition *task.Definition
	unknown    error
}

// types finds the task of each request. One that the person may not run
// refuses all of them before more of any is looked at.
func (j *Jobs) types(person auth.Person, requests []Request) ([]kindOf, error) {
	kinds := make([]kindOf, len(requests))
	var forbidden []fault.Field
	for i, request := range requests {
		name, isText := request["type"].(string)
		definition, known := j.registry.Lookup(name)
		switch {
		case request["type"] == nil:
			kinds[i].unknown = fault.Invalid(fault.At("type", fault.FieldRequired))
		case !isText:
			kinds[i].unknown = fault.Invalid(fault.At("type", fault.FieldTask, "value", shown(request["type"])))
		case !known:
			kinds[i].unknown = fault.Invalid(fault.At("type", fault.FieldTask, "value", name))
		case !definition.Permission.MayRun(person, nil):
			field := fault.At("type", fault.Forbidden)
			field.Index = i
			forbidden = append(forbidden, field)
		default:
			kinds[i].definition = definition
		}
	}
	if len(forbidden) > 0 {
		f := fault.New(fault.Forbidden)
		f.Fields = forbidden
		return nil, f
	}
	return kinds, nil
}

// at names a refusal of one of several requests.
func at(index int, f *fault.Fault) *fault.Fault {
	named := *f
	named.Fields = fieldsOf(f)
	for i := range named.Fields {
		named.Fields[i].Index = index
	}
	return &named
}

// fieldsOf answers what is wrong with a request, field by field. A refusal of
// the whole request has no field, and its own code.
func fieldsOf(f *fault.Fault) []fault.Field {
	if len(f.Fields) > 0 {
		return slices.Clone(f.Fields)
	}
	return []fault.Field{{Code: f.Code, Params: f.Params}}
}

// together makes one refusal of those of several requests; nil of none.
func together(refused []*fault.Fault) error {
	if len(refused) == 1 {
		return refused[0]
	}
	var fields []fault.Field
	for _, f := range refused {
		fields = append(fields, f.Fields...)
	}
	return fault.Invalid(fields...)
}

// check turns one request into a job to store. All that is wrong with it is
// named at once; a refusal of the whole request that stands alone keeps its code.
func (j *Jobs) check(ctx context.Context, asked task.Asked, d *task.Definition, request Request) (task.NewJob, error) {
	person := asked.Person
	requestID, fields := shortText(request, "request_id")
	group, faults := shortText(request, "group")
	fields = append(fields, faults...)
	when, wrong := parseWhen(request["enqueue_args"], d, person)
	fields = append(fields, wrong...)
	asked.When = when

	args := maps.Clone(request)
	for _, ours := range []string{"type", "enqueue_args", "request_id", "group"} {
		delete(args, ours)
	}
	stored, metadata, err := d.ValidateAsked(ctx, asked, args)
	switch f := fault.Of(err); {
	case f == nil:
	case len(fields) == 0 && f.Code != fault.InvalidRequest:
		return task.NewJob{}, err
	case f.Code != fault.Internal: // which is no fault of the person
		fields = append(fields, fieldsOf(f)...)
	}
	if err := fault.Invalid(fields...); err != nil {
		return task.NewJob{}, err
	}
	if !d.Permission.MayRun(person, &task.Job{Task: d.Name, Queue: d.Queue, Args: stored, StartedBy: person.ID}) {
		return task.NewJob{}, fault.New(fault.Forbidden)
	}
	if group != "" {
		metadata = maps.Clone(metadata)
		if metadata == nil {
			metadata = map[string]any{}
		}
		metadata["group"] = group
	}
	return task.NewJob{
		Task: d, Args: stored, Metadata: metadata, StartedBy: &person, RequestID: requestID, When: &when,
		Reads: func(job *task.Job) bool { return d.Permission.MayRead(person, job) && when.KeptBy(job) },
	}, nil
}

// shortText reads a text of the caller's choice; "" when it is left out.
func shortText(request Request, name string) (string, []fault.Field) {
	value, given := request[name]
	if !given || value == nil {
		return "", nil
	}
	text, ok := value.(string)
	if !ok || text == "" || len(text) > 200 {
		return "", []fault.Field{fault.At(name, fault.FieldFormat, "want", "short_text", "value", text)}
	}
	return text, nil
}
