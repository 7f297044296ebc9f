package task

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/invopop/jsonschema"
	validate "github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is the JSON Schema of what people give to a task. One schema serves
// the check of requests, the catalogue and the form in the window.
//
// It is made from a Go struct and its tags: json names a field, jsonschema
// describes it.
//
//	Keep int `json:"keep" jsonschema:"title=Keep free,unit=bytes,minimum=0,default=250000000"`
//
// A comma inside a text is written as \\, there. A field is required unless
// its json tag says omitempty or omitzero, or it has a default; a default is
// put in where a request leaves the field out. "unit" is ours: it says what a
// number counts. "format" names a form that is checked (date, date-time,
// email, time, uri, uuid) or what the window lets people pick (see pickers).
// "order" of a struct is ours as well: its fields as they are declared, which is
// the order in which a form asks for them.
type Schema struct {
	document map[string]any
	compiled *validate.Schema
}

// Document answers the schema as JSON values. Do not change it.
func (s *Schema) Document() map[string]any { return s.document }

// schemaOf makes the schema of a struct. It refuses a type that has none, and
// whatever in its tags would have no effect.
func schemaOf(t reflect.Type) (*Schema, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("arguments of type %s: want a struct", t)
	}
	if err := describable(t, "", nil); err != nil {
		return nil, err
	}
	reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true}
	raw, err := json.Marshal(reflector.ReflectFromType(t))
	if err != nil {
		return nil, fmt.Errorf("make schema of %s: %w", t, err)
	}
	var document map[string]any
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("read schema of %s: %w", t, err)
	}
	if err := refine(t, document, ""); err != nil {
		return nil, err
	}
	compiled, err := compile(document)
	if err != nil {
		return nil, fmt.Errorf("compile schema of %s: %w", t, err)
	}
	return &Schema{document: document, compiled: compiled}, nil
}

// arguments names a schema for the compiler. It is a whole address: what is none
// is looked for in the folder that the program was started in, whose name may
// hold signs that mean something in addresses.
const arguments = "nectar:arguments"

func compile(document map[string]any) (*validate.Schema, error) {
	compiler := validate.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(arguments, document); err != nil {
		return nil, err
	}
	return compiler.Compile(arguments)
}
