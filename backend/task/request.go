package task

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"nectar/backend/auth"
	"nectar/backend/fault"
)

// Request is what a validator looks at: what a person asked for, with the
// defaults put in.
type Request[R any] struct {
	Asked

	Args R
}

// Asked is how a job was asked for.
type Asked struct {
	Person auth.Person
	When   When
	Beside []Job // what the same call asks for before this one, none of it stored yet
}

// Validated is what a validator answers.
type Validated[A any] struct {
	Args     A
	Metadata map[string]any // shown to people, not passed to the function
}

// Requests is how people ask for a task: in which terms, and how these become
// the arguments of its function. From makes it.
type Requests[A any] struct {
	schema *Schema
	broken error
	turn   func(ctx context.Context, asked Asked, request json.RawMessage) (Validated[A], error)
}

// From lets people ask in terms of a type of its own, R, which turn makes
// arguments of. It runs before anything is stored; its error reaches the
// person. The schema, and so the form and the catalogue, is that of R.
func From[R, A any](turn func(ctx context.Context, request Request[R]) (Validated[A], error)) *Requests[A] {
	requests := &Requests[A]{}
	requests.schema, requests.broken = schemaOf(reflect.TypeFor[R]())
	requests.turn = func(ctx context.Context, asked Asked, request json.RawMessage) (Validated[A], error) {
		args, err := decodeRequest[R](request)
		if err != nil {
			return Validated[A]{}, err
		}
		return turn(ctx, Request[R]{Asked: asked, Args: args})
	}
	if turn == nil {
		requests.broken = errors.New("no function for requests")
	}
	return requests
}

// requestsOf answers how people ask for the task of the spec.
func requestsOf[A any](spec Spec[A]) *Requests[A] {
	switch {
	case spec.Requests != nil && spec.Validate != nil:
		return &Requests[A]{broken: errors.New("both Validate and Requests: Requests is a validator itself")}
	case spec.Requests != nil:
		return spec.Requests
	case spec.Validate != nil:
		return From(spec.Validate)
	}
	return From(func(_ context.Context, request Request[A]) (Validated[A], error) {
		return Validated[A]{Args: request.Args}, nil
	})
}

// Validate checks what a person asks for, once and now.
func (d *Definition) Validate(ctx context.Context, person auth.Person, request map[string]any) (json.RawMessage, map[string]any, error) {
	return d.ValidateAsked(ctx, Asked{Person: person}, request)
}

// ValidateAsked checks what somebody asks for: first against the schema, with
// every refused field named at once, then, with the defaults put in, by the
// task's own validator. It answers the arguments to store and the metadata to
// show.
func (d *Definition) ValidateAsked(ctx context.Context, asked Asked, request map[string]any) (json.RawMessage, map[string]any, error) {
	if err := fault.Invalid(d.Schema.Check(request)...); err != nil {
		return nil, nil, err
	}
	raw, err := json.Marshal(d.Schema.Complete(request))
	if err != nil {
		return nil, nil, fmt.Errorf("encode request: %w", err)
	}
	return d.validate(ctx, asked, raw)
}

func validator[A any](requests *Requests[A]) func(context.Context, Asked, json.RawMessage) (json.RawMessage, map[string]any, error) {
	return func(ctx context.Context, asked Asked, request json.RawMessage) (json.RawMessage, map[string]any, error) {
		valid, err := requests.turn(ctx, asked, request)
		if err != nil {
			return nil, nil, err
		}
		out, err := json.Marshal(valid.Args)
		if err != nil {
			return nil, nil, fmt.Errorf("encode arguments: %w", err)
		}
		return out, valid.Metadata, nil
	}
}

// decodeRequest reads a request that the schema passed. What Go cannot hold
// all the same, such as 1.0 for a whole number, is named like what the schema
// refuses.
func decodeRequest[R any](request json.RawMessage) (R, error) {
	args, err := decode[R](request)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return args, fault.Invalid(fault.At(wrong.Field, fault.FieldType, "want", wordOf(wrong.Type)))
	}
	return args, err
}

// wordOf names a type as JSON Schema does.
func wordOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return "integer"
	}
}

// decode reads stored arguments. They were checked against the schema when
// the job was created; fields that a later version added stay zero.
func decode[A any](args json.RawMessage) (A, error) {
	var a A
	if len(args) == 0 {
		return a, nil
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return a, fault.NotJSON(args, err)
	}
	return a, nil
}
