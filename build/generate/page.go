package main

import (
	"fmt"
	"strings"
)

// apiPage makes the page of the methods that the window may call.
func apiPage(a *api) string {
	var b strings.Builder
	b.WriteString(`# What the window may call

Made by ` + "`go run ./build/generate`" + ` from backend/bridge, backend/wire and app.go. The command line
offers the same over the same services: see ` + "`nectar --help`" + `.

A method answers a promise. A refusal rejects it with the text of an [Error](#error) in JSON, whose
codes are [below](#codes); besides those that are named, every method may answer ` + "`internal`" + `, and
one that reads or writes the data folder ` + "`disk_full`, `no_read`, `no_write` and `damaged_data`" + `. While
people have PINs and nobody is signed in, every method that is not for anyone answers
` + "`not_signed_in`" + `. Times are RFC 3339 in UTC with milliseconds, sizes are bytes. A list of requests or
ids is all or nothing.
`)
	for _, o := range a.objects {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", o.name, o.doc)
		for _, m := range o.methods {
			b.WriteString(methodText(o, m))
		}
	}
	b.WriteString(requestsText())
	b.WriteString("\n## Events\n\nWhat the window is told of its own accord.\n\n| Event | Carries |\n| --- | --- |\n")
	for _, e := range a.events {
		fmt.Fprintf(&b, "| `%s` | [%s](#%s) |\n", e.name, e.value, strings.ToLower(e.value))
	}
	b.WriteString("\n## Values\n")
	for _, v := range a.values {
		b.WriteString(valueText(v))
	}
	b.WriteString("\n## Codes\n\n| Code | When |\n| --- | --- |\n")
	for _, c := range a.codes {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.name, cell(c.doc))
	}
	return b.String()
}

func methodText(o object, m method) string {
	var b strings.Builder
	params := make([]string, len(m.params))
	for i, p := range m.params {
		params[i] = p.name + ": " + shapeText(p.shape)
	}
	answer := "nothing"
	if m.answer.kind != nothing {
		answer = shapeText(m.answer)
	}
	fmt.Fprintf(&b, "\n### %s.%s\n\n%s\n\n", o.name, m.name, m.doc)
	request := "nothing"
	if len(params) > 0 {
		request = strings.Join(params, ", ")
	}
	refusals := "none of its own"
	if len(m.errors) > 0 {
		refusals = "`" + strings.Join(m.errors, "`, `") + "`"
	}
	fmt.Fprintf(&b, "- Request: %s\n- Answer: %s\n- Permission: %s\n- Refusals: %s\n", request, answer, m.permission, refusals)
	return b.String()
}

func valueText(v value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\n%s\n", v.name, v.doc)
	for _, whole := range v.embeds {
		fmt.Fprintf(&b, "\nIt has all fields of [%s](#%s), and:\n", whole, strings.ToLower(whole))
	}
	b.WriteString("\n| Field | Type | Meaning |\n| --- | --- | --- |\n")
	for _, f := range v.fields {
		form := shapeText(f.shape)
		if f.optional {
			form += ", may be left out"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.name, form, cell(f.doc))
	}
	return b.String()
}

// shapeText says a form in words.
func shapeText(s shape) string {
	var said string
	switch s.kind {
	case text:
		said = "text"
	case number:
		said = "number"
	case boolean:
		said = "true or false"
	case anything:
		said = "any JSON"
	case list:
		said = "list of " + shapeText(*s.of)
	case mapping:
		said = "object of " + shapeText(*s.of)
	case named:
		said = fmt.Sprintf("[%s](#%s)", s.name, strings.ToLower(s.name))
	case nothing:
		said = "nothing"
	}
	if s.nullable {
		said += " or null"
	}
	return said
}

// cell keeps a text from ending a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}
