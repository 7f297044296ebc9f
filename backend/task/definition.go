package task

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// Definition is a declared task without the type of its arguments: what the
// engine, the service and the catalogue work with. It is immutable.
type Definition struct {
	Name            string
	Summary         string
	Plugin          string
	Queue           string
	Priority        Priority
	Cancellable     bool
	Pausable        bool
	Unit            Unit
	Permission      Permission
	LongRunning     bool
	Disturbs        bool
	RetriesProblems bool // people can ask for the items alone that failed
	FixedID         string
	OnInterruption  Interruption
	Retry           Retry
	HasStatus       bool
	HasExclusive    bool    // two jobs of one exclusive key never run at once
	HasResource     bool    // two jobs on one resource run one after the other
	Schema          *Schema // of what people ask for

	needs    func(job Job) []Need // nil: none
	keys     func(args json.RawMessage) (exclusive, resource string, err error)
	validate func(ctx context.Context, asked Asked, args json.RawMessage) (json.RawMessage, map[string]any, error)
	status   func(job Job) Status
	run      func(ctx context.Context, run *Run, args json.RawMessage) (any, error)
	broken   error
}

// Task is a declared task with arguments of type A.
type Task[A any] struct {
	*Definition
}

// Define declares a task. A mistake in the declaration is reported when the
// task is registered, with its name.
func Define[A any](spec Spec[A]) Task[A] {
	plugin, _, _ := strings.Cut(spec.Name, ".")
	d := &Definition{
		Name:            spec.Name,
		Summary:         spec.Summary,
		Plugin:          plugin,
		Queue:           cmp.Or(spec.Queue, plugin),
		Priority:        cmp.Or(spec.Priority, Regular),
		Cancellable:     spec.Cancellable,
		Pausable:        spec.Pausable,
		Unit:            spec.Unit,
		Permission:      spec.Permission,
		LongRunning:     spec.LongRunning,
		Disturbs:        spec.Disturbs,
		RetriesProblems: spec.RetriesProblems,
		FixedID:         spec.FixedID,
		OnInterruption:  cmp.Or(spec.OnInterruption, Rerun),
		Retry:           spec.Retry,
		HasStatus:       spec.Status != nil,
		HasExclusive:    spec.ExclusiveKey != nil,
		HasResource:     spec.Resource != nil,
	}
	requests := requestsOf(spec)
	d.Schema, d.broken = requests.schema, requests.broken
	if _, err := schemaOf(reflect.TypeFor[A]()); err != nil {
		d.broken = err // the cause, also of the requests'
	}
	if spec.Run == nil {
		d.broken = cmp.Or(d.broken, errors.New("no Run function"))
	}
	d.keys = func(args json.RawMessage) (exclusive, resource string, err error) {
		a, err := decode[A](args)
		if err != nil {
			return "", "", err
		}
		if spec.ExclusiveKey != nil {
			exclusive = spec.ExclusiveKey(a)
		}
		if spec.Resource != nil {
			resource = spec.Resource(a)
		}
		return exclusive, resource, nil
	}
	if spec.Needs != nil {
		d.needs = func(job Job) []Need { return spec.Needs(described[A](job)) }
	}
	d.validate = validator(requests)
	d.status = describer(spec)
	d.run = func(ctx context.Context, run *Run, args json.RawMessage) (any, error) {
		a, err := decode[A](args)
		if err != nil {
			return nil, err
		}
		return spec.Run(ctx, run, a)
	}
	return Task[A]{d}
}

func describer[A any](spec Spec[A]) func(Job) Status {
	return func(job Job) Status {
		if spec.Status == nil {
			return Status{}
		}
		return spec.Status(described[A](job))
	}
}

func described[A any](job Job) Described[A] {
	d := Described[A]{Job: job}
	d.Args, _ = decode[A](job.Args)
	_ = json.Unmarshal(job.Metadata, &d.Metadata)
	_ = json.Unmarshal(job.Result, &d.Result)
	return d
}

// Describe answers the texts that describe the job; the zero Status when the
// task declares none.
func (d *Definition) Describe(job Job) Status { return d.status(job) }

// HasNeeds reports whether jobs of the task may need things of the world.
func (d *Definition) HasNeeds() bool { return d.needs != nil || d.LongRunning || d.Disturbs }

// Needs answers the things of the world without which the job cannot start:
// those of its own first, since people can bring them.
func (d *Definition) Needs(job Job) []Need {
	var needs []Need
	if d.needs != nil {
		needs = d.needs(job)
	}
	if d.LongRunning {
		needs = append(needs, Need{Code: NeedPower})
	}
	if d.Disturbs {
		needs = append(needs, Need{Code: NeedCalm})
	}
	return needs
}

// Call runs the task's function on the job. It does not catch panics.
func (d *Definition) Call(ctx context.Context, run *Run) (any, error) {
	return d.run(ctx, run, run.job.Args)
}
