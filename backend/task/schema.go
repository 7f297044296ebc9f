package task

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
	validate "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"nectar/backend/fault"
)

// Schema is the JSON Schema of a task's arguments. One schema serves the
// check of requests, the catalogue and the form in the window.
type Schema struct {
	document map[string]any
	compiled *validate.Schema
}

// Document answers the schema as JSON values. Do not change it.
func (s *Schema) Document() map[string]any { return s.document }

func schemaOf[A any]() (*Schema, error) {
	t := reflect.TypeFor[A]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("arguments of type %s: want a struct", t)
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
	compiler := validate.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("arguments.json", document); err != nil {
		return nil, fmt.Errorf("add schema of %s: %w", t, err)
	}
	compiled, err := compiler.Compile("arguments.json")
	if err != nil {
		return nil, fmt.Errorf("compile schema of %s: %w", t, err)
	}
	return &Schema{document: document, compiled: compiled}, nil
}

// Check answers every field of the arguments that the schema refuses; none
// when all is well. The values are as encoding/json decodes them.
func (s *Schema) Check(args map[string]any) []fault.Field {
	err := s.compiled.Validate(any(args))
	if err == nil {
		return nil
	}
	var refused *validate.ValidationError
	if !asValidation(err, &refused) {
		return []fault.Field{fault.At("", fault.FieldFormat, "want", err.Error())}
	}
	var fields []fault.Field
	collect(refused, &fields)
	return fields
}

func asValidation(err error, into **validate.ValidationError) bool {
	v, ok := err.(*validate.ValidationError) //nolint:errorlint // the validator never wraps it
	*into = v
	return ok
}

// collect walks the tree of causes; only its leaves name a fault.
func collect(e *validate.ValidationError, fields *[]fault.Field) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			collect(cause, fields)
		}
		return
	}
	at := strings.Join(e.InstanceLocation, ".")
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			*fields = append(*fields, fault.At(within(at, name), fault.FieldRequired))
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			*fields = append(*fields, fault.At(within(at, name), fault.FieldUnknown))
		}
	case *kind.Type:
		*fields = append(*fields, fault.At(at, fault.FieldType, "want", strings.Join(k.Want, ", ")))
	case *kind.Enum:
		*fields = append(*fields, fault.At(at, fault.FieldChoice, "choices", fmt.Sprint(k.Want...)))
	default:
		printer := message.NewPrinter(language.English)
		*fields = append(*fields, fault.At(at, fault.FieldFormat, "want", e.ErrorKind.LocalizedString(printer)))
	}
}

func within(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}
