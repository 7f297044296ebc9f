package wire

import (
	"maps"

	"nectar/backend/i18n"
	"nectar/backend/task"
)

// Task makes the JSON of an entry of the catalogue. What people read of it,
// the summary and the titles, descriptions and examples of the arguments, is in the
// language of the Maker where the plugin has texts for it:
//
//	task.maths.primes.summary
//	task.maths.primes.to.title
//	task.maths.primes.to.description
//	task.reports.jobs_csv.path.example
func (m *Maker) Task(d *task.Definition) Task {
	return Task{
		Name: d.Name, Summary: m.declared(d, "summary", d.Summary), Plugin: d.Plugin, Queue: d.Queue, Priority: d.Priority.String(),
		Cancellable: d.Cancellable, Pausable: d.Pausable, LongRunning: d.LongRunning,
		Permission: d.Permission.String(), Schema: m.schema(d, "", d.Schema.Document()),
	}
}

// declared answers what a declaration says in English, in the language of the
// Maker if there is a text for it.
func (m *Maker) declared(d *task.Definition, key, english string) string {
	if text, ok := m.texts.Text(m.language, i18n.Declared+d.Name+"."+key, nil); ok {
		return text
	}
	return english
}

// schema answers a copy of a schema with the words of its fields in the
// language of the Maker. The path is that of the object, with a dot behind it.
func (m *Maker) schema(d *task.Definition, path string, document map[string]any) map[string]any {
	said := maps.Clone(document)
	if properties, ok := document["properties"].(map[string]any); ok {
		fields := make(map[string]any, len(properties))
		for name, property := range properties {
			fields[name] = property
			if schema, ok := property.(map[string]any); ok {
				fields[name] = m.field(d, path+name, schema)
			}
		}
		said["properties"] = fields
	}
	for _, each := range []string{"items", "additionalProperties"} {
		if schema, ok := document[each].(map[string]any); ok {
			said[each] = m.schema(d, path, schema)
		}
	}
	return said
}

func (m *Maker) field(d *task.Definition, path string, schema map[string]any) map[string]any {
	said := m.schema(d, path+".", schema)
	for _, word := range []string{"title", "description"} {
		if english, ok := said[word].(string); ok {
			said[word] = m.declared(d, path+"."+word, english)
		}
	}
	if examples, ok := said["examples"].([]any); ok && len(examples) == 1 {
		if english, ok := examples[0].(string); ok {
			said["examples"] = []any{m.declared(d, path+".example", english)}
		}
	}
	return said
}
