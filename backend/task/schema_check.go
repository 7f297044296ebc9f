package task

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/samber/lo"
	validate "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"nectar/backend/fault"
)

// Check answers every field of the arguments that the schema refuses, by
// name; none when all is well. The values are as encoding/json decodes them.
func (s *Schema) Check(args map[string]any) []fault.Field {
	err := s.compiled.Validate(any(args))
	if err == nil {
		return nil
	}
	var refused *validate.ValidationError
	if !asValidation(err, &refused) {
		return []fault.Field{fault.At("", fault.FieldFormat, "want", err.Error())}
	}
	c := collector{document: s.document, args: args}
	c.collect(refused)
	slices.SortStableFunc(c.fields, func(a, b fault.Field) int { return cmp.Compare(a.Field, b.Field) })
	return c.fields
}

func asValidation(err error, into **validate.ValidationError) bool {
	v, ok := err.(*validate.ValidationError) //nolint:errorlint // the validator never wraps it
	*into = v
	return ok
}

// collector gathers refused fields.
type collector struct {
	document map[string]any
	args     map[string]any
	fields   []fault.Field
}

// collect walks the tree of causes; only its leaves name a fault.
func (c *collector) collect(e *validate.ValidationError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			c.collect(cause)
		}
		return
	}
	at := strings.Join(e.InstanceLocation, ".")
	refuse := func(field string, code fault.Code, pairs ...any) {
		c.fields = append(c.fields, fault.At(field, code, pairs...))
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			refuse(within(at, name), fault.FieldRequired)
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			refuse(within(at, name), fault.FieldUnknown)
		}
	case *kind.Type:
		refuse(at, fault.FieldType, "want", strings.Join(k.Want, ", "))
	case *kind.Enum:
		refuse(at, fault.FieldChoice, "choices", strings.Join(lo.Map(k.Want, func(choice any, _ int) string { return fmt.Sprint(choice) }), ", "))
	default:
		if code, limits := c.limits(e); code != "" {
			refuse(at, code, limits...)
			return
		}
		printer := message.NewPrinter(language.English)
		value := follow(c.args, e.InstanceLocation, func(name string) []string { return []string{name} })
		refuse(at, fault.FieldFormat, "want", e.ErrorKind.LocalizedString(printer), "value", value)
	}
}

// limits answers the code and the values for a number, text or list outside its
// limits; "" for another fault. A text that has to be there and is empty is one
// that is missing.
func (c *collector) limits(e *validate.ValidationError) (fault.Code, []any) {
	field, _ := follow(c.document, e.InstanceLocation, func(name string) []string {
		if _, err := strconv.Atoi(name); err == nil {
			return []string{"items"}
		}
		return []string{"properties", name}
	}).(map[string]any)
	switch k := e.ErrorKind.(type) {
	case *kind.Minimum, *kind.Maximum:
		return limit(field["minimum"], field["maximum"], fault.FieldRange, fault.FieldMin, fault.FieldMax)
	case *kind.MinLength:
		if k.Got == 0 {
			return fault.FieldRequired, nil
		}
		return limit(field["minLength"], field["maxLength"], fault.FieldLength, fault.FieldShort, fault.FieldLong)
	case *kind.MaxLength:
		if field["minLength"] == 1.0 {
			return fault.FieldLong, []any{"max", field["maxLength"]}
		}
		return limit(field["minLength"], field["maxLength"], fault.FieldLength, fault.FieldShort, fault.FieldLong)
	case *kind.MinItems:
		return fault.FieldFew, []any{"min", k.Want}
	case *kind.MaxItems:
		return fault.FieldMany, []any{"max", k.Want}
	}
	return "", nil
}

// limit answers which of three codes tells the limits that there are.
func limit(least, most any, both, lower, upper fault.Code) (fault.Code, []any) {
	switch {
	case least != nil && most != nil:
		return both, []any{"min", least, "max", most}
	case least != nil:
		return lower, []any{"min", least}
	}
	return upper, []any{"max", most}
}

// follow answers the value at the path, nil when there is none. The steps
// are the keys that lead over one part of the path.
func follow(from any, path []string, steps func(part string) []string) any {
	for _, part := range path {
		for _, key := range steps(part) {
			switch v := from.(type) {
			case map[string]any:
				from = v[key]
			case []any:
				i, err := strconv.Atoi(key)
				if err != nil || i < 0 || i >= len(v) {
					return nil
				}
				from = v[i]
			default:
				return nil
			}
		}
	}
	return from
}

func within(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}
