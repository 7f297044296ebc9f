package i18n

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"
)

// The marks around a value of its own direction (Unicode UAX #9).
const (
	firstStrongIsolate    = "\u2068"
	popDirectionalIsolate = "\u2069"
)

var rightToLeftScripts = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"}

// isolate keeps somebody else's text from disturbing the order of the words
// around it. In text from left to right only a value with letters of the other
// direction needs it, so that plain English stays free of invisible marks.
func isolate(lang, value string) string {
	if !rightToLeft(lang) && !holdsRightToLeft(value) {
		return value
	}
	return firstStrongIsolate + value + popDirectionalIsolate
}

func rightToLeft(lang string) bool {
	script, _ := language.Make(lang).Script()
	return slices.Contains(rightToLeftScripts, script.String())
}

func holdsRightToLeft(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		properties, _ := bidi.LookupString(string(r))
		class := properties.Class()
		return class == bidi.R || class == bidi.AL
	})
}

// clean takes out what a stranger's text could disturb a sentence or a
// terminal with: control characters become spaces, marks that open or close a
// direction vanish.
func clean(value string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, value)
}
