package i18n

import (
	"fmt"
	"strings"
)

// missing stands for a value that the caller did not give.
const missing = "?"

// fill puts the values into a text of the language.
func (c *Catalog) fill(lang string, m message, params map[string]any) string {
	var b strings.Builder
	for _, p := range m {
		if p.name == "" {
			b.WriteString(p.literal)
		} else {
			b.WriteString(c.value(lang, p, params[p.name]))
		}
	}
	return b.String()
}

// value writes one value in the format of its placeholder. What the formats
// make is text of the language itself; a value that fits no format is
// somebody else's text.
func (c *Catalog) value(lang string, p part, value any) string {
	if value == nil {
		return missing
	}
	switch p.format {
	case "":
	case "number":
		if n, ok := integer(value); ok {
			return decimal(lang, n)
		}
		if n, ok := value.(float64); ok {
			return decimal(lang, n)
		}
	case "bytes":
		if n, ok := integer(value); ok {
			return c.bytes(lang, n)
		}
	default:
		if text, ok := c.text(lang, p.format+"."+fmt.Sprint(value), nil); ok {
			return text
		}
	}
	return isolate(lang, clean(fmt.Sprint(value)))
}
