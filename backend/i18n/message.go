package i18n

import (
	"fmt"
	"regexp"
	"strings"
)

// message is a text cut at its placeholders.
type message []part

// part is literal text or, when name is set, a placeholder.
type part struct {
	literal string
	name    string
	format  string
}

var placeholder = regexp.MustCompile(`^([a-z_][a-z0-9_]*)(?::([a-z_]+))?$`)

// parse cuts a text into its parts. Braces stand for placeholders alone.
func parse(text string) (message, error) {
	var m message
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if strings.Contains(literal, "}") {
			return nil, fmt.Errorf("brace closed but not opened in %q", literal)
		}
		if literal != "" {
			m = append(m, part{literal: literal})
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}")
		match := placeholder.FindStringSubmatch(inside)
		if !closed || match == nil {
			return nil, fmt.Errorf("bad placeholder {%s", inside)
		}
		m = append(m, part{name: match[1], format: match[2]})
		text = after
	}
	return m, nil
}
