package db

import (
	"fmt"
	"strings"
	"unicode"
)

// SQLite keeps a value of any type in a column of any type. These expressions
// read a column as one type, and so does the driver, which would else turn
// values into times and booleans by the declared type of the column.

// integer answers the SQL for a column's integer; NULL for anything else.
func integer(column string) string {
	return fmt.Sprintf("CASE typeof(%[1]s) WHEN 'integer' THEN %[1]s END", column)
}

// whole answers the SQL for a column as text with nothing cut off, for what
// has to be exactly right: text would end it at a NUL.
func whole(column string) string { return fmt.Sprintf("coalesce(CAST(%s AS TEXT), '')", column) }

// text answers the SQL for a column's first characters as text; "" for NULL.
func text(column string, characters int) string {
	return fmt.Sprintf("coalesce(substr(CAST(%s AS TEXT), 1, %d), '')", column, characters)
}

// truth answers the SQL for a column's truth as 0 or 1; NULL is not true.
func truth(column string) string {
	return fmt.Sprintf("coalesce(CAST(%s AS INTEGER), 0) <> 0", column)
}

// clean makes text from a stranger fit for a screen or a terminal: valid, in
// one line, without control characters and without marks that turn the
// direction of the words around it.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff':
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// plain reports whether clean would change nothing, for the many short texts
// in English.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s == "" || (s[0] != ' ' && s[len(s)-1] != ' ')
}
