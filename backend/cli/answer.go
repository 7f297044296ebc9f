package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/wire"
)

// answer writes the answer of a command: the value as the one JSON document,
// or what the function says in words.
func (f *face) answer(value any, inWords func() string) error {
	if !f.json {
		return f.print(inWords())
	}
	document, err := f.encode(value)
	if err != nil {
		return err
	}
	return write(f.env.Stdout, document)
}

// print writes words, and ends the line if they do not. With --json it writes
// nothing.
func (f *face) print(text string) error {
	if f.json || text == "" {
		return nil
	}
	return write(f.env.Stdout, strings.TrimSuffix(text, "\n")+"\n")
}

// refuse writes why the request was refused.
func (f *face) refuse(err error) {
	refused := f.maker.Error(err)
	text := f.errorText(refused)
	if f.json {
		if document, err := f.encode(map[string]any{"error": refused}); err == nil {
			text = document
		}
	}
	_ = write(f.env.Stderr, text) // there is nowhere left to say that this failed
}

// errorText says what was refused, why, and what to do.
func (f *face) errorText(e *wire.Error) string {
	var b strings.Builder
	b.WriteString(plain(e.Message) + "\n")
	for _, field := range e.Fields {
		line := plain(field.Message)
		if field.Field != "" {
			line = plain(field.Field) + ": " + line
		}
		if severalRequests(e.Fields) {
			line = f.say.text("request", "number", field.Index+1) + ", " + line
		}
		b.WriteString("  " + line + "\n")
	}
	if e.Code == string(fault.Usage) && e.Detail != "" {
		b.WriteString("  " + plain(e.Detail) + "\n") // in English, like what was typed
	}
	if e.Advice != "" {
		b.WriteString(plain(e.Advice) + "\n")
	}
	return b.String()
}

func severalRequests(fields []wire.Field) bool {
	for _, field := range fields {
		if field.Index > 0 {
			return true
		}
	}
	return false
}

func (f *face) encode(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if f.env.Terminal {
		encoder.SetIndent("", "  ")
	}
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("encode answer: %w", err)
	}
	return escapeJSON(b.String()), nil
}

// jsonList writes a list as one JSON document, item by item.
type jsonList struct {
	face  *face
	begun bool
}

func (l *jsonList) add(item any) error {
	text, err := l.face.encode(item)
	if err != nil {
		return err
	}
	before := ","
	if !l.begun {
		before, l.begun = "[", true
	}
	return write(l.face.env.Stdout, before+strings.TrimSuffix(text, "\n"))
}

func (l *jsonList) end() error {
	if !l.begun {
		return write(l.face.env.Stdout, "[]\n")
	}
	return write(l.face.env.Stdout, "]\n")
}

func write(to io.Writer, text string) error {
	if _, err := io.WriteString(to, text); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// oneOrAll is the shape of an answer to several ids: one id answers an object,
// several a list.
func oneOrAll[T any](answers []T, several bool) any {
	if several || len(answers) != 1 {
		if answers == nil {
			return []T{}
		}
		return answers
	}
	return answers[0]
}
