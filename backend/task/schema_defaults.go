package task

// Complete answers the arguments with every default put in where a field is
// missing, also inside objects and lists. What is given is kept, and the
// given map is not changed. The arguments have to be ones that Check passes.
func (s *Schema) Complete(args map[string]any) map[string]any {
	complete, _ := fill(s.document, args).(map[string]any)
	return complete
}

// fill answers a copy of the value with the schema's defaults.
func fill(schema map[string]any, value any) any {
	switch v := value.(type) {
	case map[string]any:
		return fillObject(schema, v)
	case []any:
		items, _ := schema["items"].(map[string]any)
		filled := make([]any, len(v))
		for i, item := range v {
			filled[i] = fill(items, item)
		}
		return filled
	}
	return value
}

func fillObject(schema, object map[string]any) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	others, _ := schema["additionalProperties"].(map[string]any)
	filled := make(map[string]any, len(object))
	for name, value := range object {
		property, known := properties[name].(map[string]any)
		if !known {
			property = others
		}
		filled[name] = fill(property, value)
	}
	for name, property := range properties {
		property, _ := property.(map[string]any)
		if _, given := filled[name]; given {
			continue
		}
		if value, ok := property["default"]; ok {
			filled[name] = fill(property, value)
		}
	}
	return filled
}
