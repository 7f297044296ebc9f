package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nectar/backend/task"
)

// catalogue is the page of everything that can be enqueued, made from the
// definitions alone. It is in English, like the definitions.
func catalogue(definitions []*task.Definition) string {
	var b strings.Builder
	b.WriteString("# Tasks\n\nWhat can be enqueued: `nectar enqueue TASK '{\"argument\": value}'`. Made by `nectar tasks --markdown`.\n")
	plugin := ""
	for _, d := range definitions {
		if d.Plugin != plugin {
			plugin = d.Plugin
			fmt.Fprintf(&b, "\n## %s\n", plugin)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n\n", d.Name, strings.TrimSuffix(d.Summary, "."))
		for _, fact := range facts(d) {
			fmt.Fprintf(&b, "- %s: %s\n", fact[0], fact[1])
		}
		b.WriteString(argumentTable(d))
	}
	return b.String()
}

// plainTask is one task for a terminal.
func plainTask(d *task.Definition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", d.Name, d.Summary)
	for _, fact := range facts(d) {
		fmt.Fprintf(&b, "  %s: %s\n", fact[0], fact[1])
	}
	for _, a := range arguments(d) {
		fmt.Fprintf(&b, "\n  %s (%s, %s)\n", a.name, a.kind, a.needed)
		for _, text := range []string{a.meaning, a.limits} {
			if text != "" {
				fmt.Fprintf(&b, "    %s\n", text)
			}
		}
	}
	return b.String()
}

// facts are what a definition says besides its arguments, each a name and a
// value.
func facts(d *task.Definition) [][2]string {
	facts := [][2]string{{"Queue", d.Queue}, {"Priority", d.Priority.String()}, {"Permission", d.Permission.String()}}
	var flags []string
	for _, flag := range []struct {
		on   bool
		name string
	}{
		{d.Cancellable, "cancellable"},
		{d.Pausable, "pausable"},
		{d.LongRunning, "long-running"},
		{d.RetriesProblems, "retries problems alone"},
		{d.HasNeeds(), "waits for what it needs"},
		{d.HasExclusive, "exclusive by key"},
		{d.HasResource, "one after the other on a resource"},
	} {
		if flag.on {
			flags = append(flags, flag.name)
		}
	}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, [2]string{name, value})
		}
	}
	add("Flags", strings.Join(flags, ", "))
	add("Progress in", string(d.Unit))
	add("Fixed job id", d.FixedID)
	add("When interrupted", string(d.OnInterruption))
	if d.Retry.Interval > 0 {
		rule := fmt.Sprintf("every %s", d.Retry.Interval)
		if d.Retry.Max > 0 {
			rule += fmt.Sprintf(", at most %d times", d.Retry.Max)
		}
		add("When failed, again", rule)
	}
	return facts
}

func argumentTable(d *task.Definition) string {
	all := arguments(d)
	if len(all) == 0 {
		return "\nNo arguments.\n"
	}
	var b strings.Builder
	b.WriteString("\n| Argument | Type | Needed | Meaning | Limits |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range all {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.name, cell(a.kind), cell(a.needed), cell(a.meaning), cell(a.limits))
	}
	return b.String()
}

// cell keeps a text from ending a cell of a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

// argument is one argument of a task, in words.
type argument struct {
	name, kind, needed, meaning, limits string
}

// arguments reads the schema: what people ask for, and the fields of what
// they ask for below it.
func arguments(d *task.Definition) []argument {
	return argumentsOf(d.Schema.Document(), "")
}

// argumentsOf reads the fields of an object: required ones first, then by
// name.
func argumentsOf(object map[string]any, prefix string) []argument {
	properties, _ := object["properties"].(map[string]any)
	required, _ := object["required"].([]any)
	names := slices.SortedStableFunc(maps.Keys(properties), func(a, b string) int {
		return cmp.Or(
			cmp.Compare(b2i(slices.Contains(required, any(b))), b2i(slices.Contains(required, any(a)))),
			cmp.Compare(a, b),
		)
	})
	var all []argument
	for _, name := range names {
		schema, _ := properties[name].(map[string]any)
		all = append(all, argument{
			name: prefix + name, kind: kindOf(schema), limits: limitsOf(schema),
			needed: neededOf(schema, slices.Contains(required, any(name))), meaning: meaningOf(name, schema),
		})
		all = append(all, argumentsOf(schema, prefix+name+".")...)
		if items, ok := schema["items"].(map[string]any); ok {
			all = append(all, argumentsOf(items, prefix+name+"[].")...)
		}
	}
	return all
}

// neededOf says what becomes of a request without the field.
func neededOf(schema map[string]any, required bool) string {
	value, hasDefault := schema["default"]
	_, isObject := value.(map[string]any)
	switch {
	case required:
		return "required"
	case hasDefault && !isObject:
		return "default " + schemaText(value)
	}
	return "optional"
}

// meaningOf answers the title, unless it says no more than the name, and the
// description.
func meaningOf(name string, schema map[string]any) string {
	title, _ := schema["title"].(string)
	description, _ := schema["description"].(string)
	if strings.EqualFold(title, strings.ReplaceAll(name, "_", " ")) {
		title = ""
	}
	texts := slices.DeleteFunc([]string{title, strings.TrimSuffix(description, ".")}, func(text string) bool { return text == "" })
	return strings.Join(texts, ". ")
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// kindOf says the type of a value.
func kindOf(schema map[string]any) string {
	var kinds []string
	switch t := schema["type"].(type) {
	case string:
		kinds = []string{t}
	case []any:
		for _, kind := range t {
			kinds = append(kinds, fmt.Sprint(kind))
		}
	default:
		return "any"
	}
	kind := strings.Join(kinds, " or ")
	if items, ok := schema["items"].(map[string]any); ok && kind == "array" {
		return "list of " + kindOf(items)
	}
	return kind
}

// limit is a limit in words: of one keyword of JSON Schema, or of the two ends
// of a range.
type limit struct {
	from, to          string // keywords; to is "" for a single one
	both, least, most string
}

// limits are those that the catalogue names, in this order.
var limits = []limit{
	{from: "unit", least: "in %s"},
	{from: "format", least: "a %s"},
	{from: "enum", least: "one of %s"},
	{from: "const", least: "always %s"},
	{"minimum", "maximum", "%s to %s", "at least %s", "at most %s"},
	{from: "exclusiveMinimum", least: "more than %s"},
	{from: "exclusiveMaximum", least: "less than %s"},
	{from: "multipleOf", least: "a multiple of %s"},
	{"minLength", "maxLength", "%s to %s characters", "%s or more characters", "at most %s characters"},
	{"minItems", "maxItems", "%s to %s items", "%s or more items", "at most %s items"},
	{from: "uniqueItems", least: "each once"},
	{from: "pattern", least: "matches %s"},
}

// say answers the limit in words, "" when the schema has none of it.
func (l limit) say(schema map[string]any) string {
	from, hasFrom := schema[l.from]
	to, hasTo := schema[l.to]
	switch {
	case hasFrom && hasTo:
		return fmt.Sprintf(l.both, schemaText(from), schemaText(to))
	case hasFrom && !strings.Contains(l.least, "%s"):
		return l.least
	case hasFrom:
		return fmt.Sprintf(l.least, schemaText(from))
	case hasTo:
		return fmt.Sprintf(l.most, schemaText(to))
	}
	return ""
}

func limitsOf(schema map[string]any) string {
	var said []string
	for _, l := range limits {
		if words := l.say(schema); words != "" {
			said = append(said, words)
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		if each := limitsOf(items); each != "" {
			said = append(said, "each: "+each)
		}
	}
	return strings.Join(said, ", ")
}

// schemaText writes a value of the schema: texts as they are, lists with
// commas, anything else as JSON.
func schemaText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = schemaText(item)
		}
		return strings.Join(texts, ", ")
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
