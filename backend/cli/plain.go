package cli

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// plain makes a text of strangers, such as a channel's title, safe for a
// terminal and for one line: what could steer the terminal becomes a space,
// marks that turn the direction around vanish, and text that runs from right
// to left is isolated from what stands beside it.
func plain(text string) string {
	rightToLeft := false
	cleaned := strings.Map(func(r rune) rune {
		switch {
		case turnsDirection(r):
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return ' '
		}
		properties, _ := bidi.LookupString(string(r))
		class := properties.Class()
		rightToLeft = rightToLeft || class == bidi.R || class == bidi.AL
		return r
	}, text)
	if rightToLeft {
		return "\u2068" + cleaned + "\u2069"
	}
	return cleaned
}

// turnsDirection reports whether the character opens or closes a direction or
// an isolate.
func turnsDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// escapeJSON escapes what JSON allows as it is but a terminal may obey. Such
// characters stand only inside strings, so that the document says the same.
func escapeJSON(document string) string {
	var b strings.Builder
	for _, r := range document {
		if turnsDirection(r) || r >= 0x7f && r <= 0x9f {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
