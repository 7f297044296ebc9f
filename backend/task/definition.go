package task

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"nectar/backend/auth"
	"nectar/backend/fault"
)

// Definition is a declared task without the type of its arguments: what the
// engine, the service and the catalogue work with. It is immutable.
type Definition struct {
	Name           string
	Summary        string
	Plugin         string
	Queue          string
	Priority       Priority
	Cancellable    bool
	Pausable       bool
	Unit           Unit
	Permission     Permission
	LongRunning    bool
	FixedID        string
	OnInterruption Interruption
	Retry          Retry
	HasStatus      bool
	Schema         *Schema

	keys     func(args json.RawMessage) (exclusive, resource string, err error)
	validate func(ctx context.Context, person auth.Person, args json.RawMessage) (json.RawMessage, map[string]any, error)
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
		Name:           spec.Name,
		Summary:        spec.Summary,
		Plugin:         plugin,
		Queue:          cmp.Or(spec.Queue, plugin),
		Priority:       cmp.Or(spec.Priority, Regular),
		Cancellable:    spec.Cancellable,
		Pausable:       spec.Pausable,
		Unit:           spec.Unit,
		Permission:     spec.Permission,
		LongRunning:    spec.LongRunning,
		FixedID:        spec.FixedID,
		OnInterruption: cmp.Or(spec.OnInterruption, Rerun),
		Retry:          spec.Retry,
		HasStatus:      spec.Status != nil,
	}
	d.Schema, d.broken = schemaOf[A]()
	if spec.Run == nil {
		d.broken = cmp.Or(d.broken, fmt.Errorf("no Run function"))
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
	d.validate = validator(spec)
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

func validator[A any](spec Spec[A]) func(context.Context, auth.Person, json.RawMessage) (json.RawMessage, map[string]any, error) {
	return func(ctx context.Context, person auth.Person, args json.RawMessage) (json.RawMessage, map[string]any, error) {
		a, err := decode[A](args)
		if err != nil {
			return nil, nil, err
		}
		var metadata map[string]any
		if spec.Validate != nil {
			valid, err := spec.Validate(ctx, Request[A]{Person: person, Args: a})
			if err != nil {
				return nil, nil, err
			}
			a, metadata = valid.Args, valid.Metadata
		}
		out, err := json.Marshal(a)
		if err != nil {
			return nil, nil, fmt.Errorf("encode arguments: %w", err)
		}
		return out, metadata, nil
	}
}

func describer[A any](spec Spec[A]) func(Job) Status {
	return func(job Job) Status {
		if spec.Status == nil {
			return Status{}
		}
		described := Described[A]{Job: job}
		described.Args, _ = decode[A](job.Args)
		_ = json.Unmarshal(job.Metadata, &described.Metadata)
		_ = json.Unmarshal(job.Result, &described.Result)
		return spec.Status(described)
	}
}

// decode reads stored arguments. They were checked against the schema when
// the job was created; fields that a later version added stay zero.
func decode[A any](args json.RawMessage) (A, error) {
	var a A
	if len(args) == 0 {
		return a, nil
	}
	if err := json.NewDecoder(bytes.NewReader(args)).Decode(&a); err != nil {
		return a, fault.New(fault.InvalidJSON, "reason", err.Error()).Because(err)
	}
	return a, nil
}

// Validate checks the arguments of a request: first against the schema, with
// every refused field named at once, then by the task's own validator. It
// answers the arguments to store and the metadata to show.
func (d *Definition) Validate(ctx context.Context, person auth.Person, args map[string]any) (json.RawMessage, map[string]any, error) {
	if err := fault.Invalid(d.Schema.Check(args)...); err != nil {
		return nil, nil, err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return nil, nil, fmt.Errorf("encode request: %w", err)
	}
	return d.validate(ctx, person, raw)
}

// Describe answers the texts that describe the job; the zero Status when the
// task declares none.
func (d *Definition) Describe(job Job) Status { return d.status(job) }

// Call runs the task's function on the job. It does not catch panics.
func (d *Definition) Call(ctx context.Context, run *Run) (any, error) {
	return d.run(ctx, run, run.job.Args)
}
