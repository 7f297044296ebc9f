package task

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// units are what the number of an argument can count. The window has a word
// for each.
var units = []string{"bytes", "files", "items", "seconds", "minutes", "hours", "days", "percent"}

// pickers are the formats that are no form of a text but what a text names.
// The window lets people pick one instead of typing it.
var pickers = []string{"channel", "node", "source", "server", "folder", "file", "new-file", "person"}

// forms are the formats that a request is checked for.
var forms = []string{"date", "date-time", "email", "time", "uri", "uuid"}

var (
	timeType      = reflect.TypeFor[time.Time]()
	durationType  = reflect.TypeFor[time.Duration]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// describable refuses a type that no schema describes. It looks before the
// reflector does, which never ends on a type that holds itself.
func describable(t reflect.Type, at string, inside []reflect.Type) error {
	switch {
	case t == durationType:
		return fmt.Errorf("%sa duration has no schema: use a number with unit=seconds", place(at))
	case t == timeType || t.Implements(textMarshaler):
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		if slices.Contains(inside, t) {
			return fmt.Errorf("%stype %s holds itself: it has no schema", place(at), t)
		}
		var refused []error
		for _, f := range fieldsOf(t) {
			refused = append(refused, describable(f.Type, within(at, f.name), append(slices.Clone(inside), t)))
		}
		return errors.Join(refused...)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return describable(t.Elem(), at, inside)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return fmt.Errorf("%stype %s has no schema: the keys have to be texts", place(at), t)
		}
		return describable(t.Elem(), at, inside)
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr,
		reflect.Complex64, reflect.Complex128, reflect.Invalid:
		return fmt.Errorf("%stype %s has no schema", place(at), t)
	default:
		return nil
	}
}

// refine completes what the reflector made of a type: units, titles, limits
// of the small numbers, and what is required. It refuses tags that say
// nothing, since their author believes that they do.
func refine(t reflect.Type, schema map[string]any, at string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case schema["type"] == "object" && t.Kind() == reflect.Struct:
		return refineStruct(t, schema, at)
	case schema["type"] == "object" && t.Kind() == reflect.Map:
		if values, ok := schema["additionalProperties"].(map[string]any); ok {
			return refine(t.Elem(), values, at)
		}
	case schema["type"] == "array":
		if items, ok := schema["items"].(map[string]any); ok {
			return refine(t.Elem(), items, at)
		}
	case schema["type"] == "integer":
		limitInteger(t, schema)
	}
	return nil
}

func refineStruct(t reflect.Type, schema map[string]any, at string) error {
	properties, _ := schema["properties"].(map[string]any)
	var refused []error
	order := []any{}
	for _, f := range fieldsOf(t) {
		path := within(at, f.name)
		order = append(order, f.name)
		property, ok := properties[f.name].(map[string]any)
		if !ok {
			refused = append(refused, fmt.Errorf("%sno schema", place(path)))
			continue
		}
		if err := errors.Join(f.tags(property), refine(f.Type, property, path), sensible(property)); err != nil {
			refused = append(refused, fmt.Errorf("%s%w", place(path), err))
			continue
		}
		if _, titled := property["title"]; !titled {
			property["title"] = titleOf(f.name)
		}
		if f.Type.Kind() == reflect.Struct && fillsItself(property) {
			property["default"] = map[string]any{}
		}
		if _, hasDefault := property["default"]; hasDefault {
			relax(schema, f.name)
		}
	}
	if len(order) > 1 {
		schema["order"] = order
	}
	return errors.Join(refused...)
}

// field is a field of a struct under its name in JSON.
type field struct {
	reflect.StructField

	name string
}

// fieldsOf answers the fields that JSON knows, those of embedded structs
// among them.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case name == "-" || f.Tag.Get("jsonschema") == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct: // its fields are visible themselves
		case !f.IsExported():
		case name == "":
			fields = append(fields, field{f, f.Name})
		default:
			fields = append(fields, field{f, name})
		}
	}
	return fields
}

// tags takes over the field's unit and refuses every keyword that had no
// effect: one that does not exist, that does not fit the type, or whose value
// is none.
func (f field) tags(property map[string]any) error {
	text := f.Tag.Get("jsonschema")
	if text == "" {
		return nil
	}
	var refused []error
	for _, tag := range splitTag(text) {
		keyword, value, _ := strings.Cut(tag, "=")
		switch {
		case keyword == "required" && value == "":
		case keyword == "unit":
			refused = append(refused, setUnit(property, value))
		case !hasKeyword(property, keyword):
			refused = append(refused, fmt.Errorf("the tag %q has no effect (a comma in a text is written as \\\\,)", tag))
		case keyword == "format" && !slices.Contains(pickers, value) && !slices.Contains(forms, value):
			refused = append(refused, fmt.Errorf("unknown format %q: want one of %s", value, strings.Join(slices.Concat(forms, pickers), ", ")))
		}
	}
	return errors.Join(refused...)
}

// splitTag splits at the commas that no backslash stands before, as the
// reflector does.
func splitTag(text string) []string {
	const comma = "\x00"
	parts := strings.Split(strings.ReplaceAll(text, `\,`, comma), ",")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], comma, ",")
	}
	return parts
}

func setUnit(property map[string]any, unit string) error {
	items, _ := property["items"].(map[string]any)
	for _, schema := range []map[string]any{property, items} {
		if schema["type"] != "integer" && schema["type"] != "number" {
			continue
		}
		if !slices.Contains(units, unit) {
			return fmt.Errorf("unknown unit %q: want one of %s", unit, strings.Join(units, ", "))
		}
		schema["unit"] = unit
		return nil
	}
	return fmt.Errorf("unit %q on what is no number", unit)
}

// hasKeyword reports whether the keyword arrived in the schema of the value
// or of its items.
func hasKeyword(property map[string]any, keyword string) bool {
	if keyword == "example" {
		keyword = "examples"
	}
	if _, ok := property[keyword]; ok {
		return true
	}
	items, ok := property["items"].(map[string]any)
	return ok && hasKeyword(items, keyword)
}

// sensible refuses a default that the field's own limits refuse.
func sensible(property map[string]any) error {
	value, ok := property["default"]
	if !ok {
		return nil
	}
	compiled, err := compile(property)
	if err != nil {
		return err
	}
	if compiled.Validate(value) != nil {
		return fmt.Errorf("its own limits refuse the default %v", value)
	}
	return nil
}

// fillsItself reports whether an empty object becomes a good one by its
// defaults alone.
func fillsItself(property map[string]any) bool {
	if required, _ := property["required"].([]any); len(required) > 0 {
		return false
	}
	properties, _ := property["properties"].(map[string]any)
	for _, inner := range properties {
		if schema, ok := inner.(map[string]any); ok && schema["default"] != nil {
			return true
		}
	}
	return false
}

// relax lets the object do without the field.
func relax(schema map[string]any, name string) {
	required, _ := schema["required"].([]any)
	required = slices.DeleteFunc(slices.Clone(required), func(other any) bool { return other == any(name) })
	if len(required) == 0 {
		delete(schema, "required")
		return
	}
	schema["required"] = required
}

// limitInteger keeps numbers out that the type cannot hold, where the limits
// of the tags do not. Those of 64 bits are left to the decoder: nobody reads
// them in a form.
func limitInteger(t reflect.Type, schema map[string]any) {
	var least, most float64
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32:
		most = math.Ldexp(1, t.Bits()-1) - 1
		least = -most - 1
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		most = math.Ldexp(1, t.Bits()) - 1
	case reflect.Uint, reflect.Uint64:
		most = math.Inf(1)
	default:
		return
	}
	if given, ok := schema["minimum"].(float64); !ok || given < least {
		schema["minimum"] = least
	}
	if given, ok := schema["maximum"].(float64); !math.IsInf(most, 1) && (!ok || given > most) {
		schema["maximum"] = most
	}
}

// titleOf makes a title of a field's name: "exclude_ids" becomes "Exclude ids".
func titleOf(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

func place(at string) string {
	if at == "" {
		return ""
	}
	return fmt.Sprintf("argument %q: ", at)
}
