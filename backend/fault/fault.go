// Package fault is the project's language for what goes wrong.
//
// A Fault carries a stable code and the values that its sentence needs. The
// sentence itself (what happened, why, what to do now) lives in the text files
// of package i18n under the key "fault.<code>", so that one fault can be read
// in every language and stored in the database without its words.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Code names one kind of fault. Codes are part of the contract with scripts:
// once released, a code keeps its meaning. They are lower case with
// underscores, such as "disk_full".
type Code string

// Params are the values that a fault's sentence mentions, by name. Values are
// strings, integers or booleans, so that they survive JSON.
type Params map[string]any

// Fault is an error meant for people. It is immutable after construction:
// With, Because and At answer changed copies.
type Fault struct {
	// Code names the kind of fault.
	Code Code
	// Params fill the placeholders of the sentence and of the advice.
	Params Params
	// Fields names each refused field of a request, all of them at once.
	Fields []Field

	cause error
}

// Field is one refused field of a request.
type Field struct {
	// Field is the path of the field, such as "enqueue_args.repeat".
	Field string
	// Code names what is wrong with it; its sentence is "field.<code>".
	Code Code
	// Params fill the placeholders of that sentence.
	Params Params
	// Index is the place of the request in a list of requests, from 0.
	Index int
}

// New makes a fault of the given code. The values come as pairs of a name and
// a value, like the attributes of package slog; a name without a value is
// kept with the value nil.
func New(code Code, pairs ...any) *Fault {
	return &Fault{Code: code, Params: params(pairs)}
}

// Invalid makes the fault of a request that was refused because of its
// fields. It answers nil when there are none.
func Invalid(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Fault{Code: InvalidRequest, Params: Params{"count": len(fields)}, Fields: fields}
}

// At makes a refused field of a single request.
func At(field string, code Code, pairs ...any) Field {
	return Field{Field: field, Code: code, Params: params(pairs)}
}

// Because answers a copy of the fault that wraps the technical cause. The
// cause is for the log and the folded details; it is never the sentence.
func (f *Fault) Because(cause error) *Fault {
	c := *f
	c.cause = cause
	return &c
}

// Error describes the fault for a log: its code, its values in no particular
// order of importance, its fields and its cause.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(string(f.Code))
	for _, name := range sortedKeys(f.Params) {
		fmt.Fprintf(&b, " %s=%v", name, f.Params[name])
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, "; %s: %s", field.Field, field.Code)
	}
	if f.cause != nil {
		b.WriteString(": ")
		b.WriteString(f.cause.Error())
	}
	return b.String()
}

// Unwrap answers the technical cause, or nil.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether the target is a fault of the same code, so that
// errors.Is(err, fault.New(fault.DiskFull)) asks for the kind alone.
func (f *Fault) Is(target error) bool {
	var other *Fault
	return errors.As(target, &other) && other.Code == f.Code
}

// Of answers the first fault in the chain of the error. An error that is no
// fault becomes one of the code Internal with the error as its cause; nil
// stays nil.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal).Because(err)
}

// CodeOf answers the code of the error as Of sees it, or "" for nil.
func CodeOf(err error) Code {
	if f := Of(err); f != nil {
		return f.Code
	}
	return ""
}
