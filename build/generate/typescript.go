package main

import (
	"fmt"
	"strings"

	"nectar/backend/channel/source"
	"nectar/backend/task"
)

// width is where prettier breaks a line.
const width = 100

// closed are the fields whose text is one of a closed set, and the name of
// the set's type.
var closed = map[string]string{"Job.status": "WireState", "Source.kind": "WireSourceKind"}

// typeScript makes the types of the window's side: what passes, and the
// objects that are bound. It is laid out as prettier would.
func typeScript(a *api) string {
	var b strings.Builder
	b.WriteString(`/**
 * The JSON that the backend speaks and the methods that it binds. Made from
 * backend/bridge, backend/wire and app.go by "go run ./build/generate"; do not
 * change it by hand. Only this folder knows these shapes; everything above it
 * sees api/types.
 */
`)
	states := []string{task.Pending.String()}
	for _, s := range task.States() {
		states = append(states, s.String())
	}
	b.WriteString(union("WireState", states))
	b.WriteString(union("WireSourceKind", []string{
		string(source.Drive), string(source.Folder), string(source.Server), string(source.Studio), string(source.Sample),
	}))
	for _, v := range a.values {
		b.WriteString(interfaceOf(v))
	}
	for _, o := range a.objects {
		fmt.Fprintf(&b, "\n/** %s */\nexport interface %sBinding {\n", oneLine(o.doc), o.name)
		for _, m := range o.methods {
			b.WriteString(signature(m))
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n/** What the backend tells of its own accord, and what each event carries. */\nexport interface WireEvents {\n")
	for _, e := range a.events {
		fmt.Fprintf(&b, "  %s: Wire%s\n", property(e.name), e.value)
	}
	b.WriteString("}\n")
	return b.String()
}

// union makes a type of texts.
func union(name string, texts []string) string {
	line := fmt.Sprintf("\nexport type %s = '%s'\n", name, strings.Join(texts, "' | '"))
	if len(line)-2 <= width {
		return line
	}
	return fmt.Sprintf("\nexport type %s =\n  | '%s'\n", name, strings.Join(texts, "'\n  | '"))
}

func interfaceOf(v value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n/** %s */\nexport interface Wire%s", oneLine(v.doc), v.name)
	for i, whole := range v.embeds {
		b.WriteString([]string{" extends ", ", "}[min(i, 1)] + "Wire" + whole)
	}
	b.WriteString(" {\n")
	for _, f := range v.fields {
		if f.doc != "" {
			fmt.Fprintf(&b, "  /** %s */\n", oneLine(f.doc))
		}
		mark, form := "", typeOf(f.shape, true)
		if f.optional {
			mark, form = "?", typeOf(present(f.shape), false)
		}
		if set := closed[v.name+"."+f.name]; set != "" {
			form = set
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", property(f.name), mark, form)
	}
	b.WriteString("}\n")
	return b.String()
}

// present answers the form of a value that is left out when it would be null.
func present(s shape) shape {
	s.nullable = false
	return s
}

// signature makes one method, broken into lines where it is too long.
func signature(m method) string {
	params := make([]string, len(m.params))
	for i, p := range m.params {
		params[i] = p.name + ": " + typeOf(p.shape, false)
	}
	answer := "void"
	if m.answer.kind != nothing {
		answer = typeOf(m.answer, true)
	}
	line := fmt.Sprintf("  %s(%s): Promise<%s>", m.name, strings.Join(params, ", "), answer)
	if len(line) <= width {
		return line + "\n"
	}
	return fmt.Sprintf("  %s(\n    %s,\n  ): Promise<%s>\n", m.name, strings.Join(params, ",\n    "), answer)
}

// typeOf makes the type of a form. Go writes an empty list or map as null
// when nobody made one, so that what it answers may be null; what it is given
// need not be.
func typeOf(s shape, answered bool) string {
	var t string
	switch s.kind {
	case text:
		t = "string"
	case number:
		t = "number"
	case boolean:
		t = "boolean"
	case anything, nothing:
		return "unknown"
	case named:
		t = "Wire" + s.name
	case list:
		t = typeOf(*s.of, answered) + "[]"
		if strings.Contains(typeOf(*s.of, answered), "|") {
			t = "(" + typeOf(*s.of, answered) + ")[]"
		}
		s.nullable = s.nullable || answered
	case mapping:
		t = "Record<string, " + typeOf(*s.of, answered) + ">"
		s.nullable = s.nullable || answered
	}
	if s.nullable {
		t += " | null"
	}
	return t
}

// property quotes a name that is no identifier.
func property(name string) string {
	if strings.ContainsAny(name, "-. ") {
		return "'" + name + "'"
	}
	return name
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "*/", "* /")
}
