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

// text answers the SQL for a column's first characters as text; "" for NULL.
func text(column string, characters int) string {
	return fmt.Sprintf("coalesce(substr(CAST(%s AS TEXT), 1, %d), '')", column, characters)
}

// truth answers the SQL for a column's truth as 0 or 1; NULL is not true.
func truth(column string) string {
	return fmt.Sprintf("coalesce(CAST(%s AS INTEGER), 0) <> 0", column)
}

// clean makes text from a stranger fit for a screen or a terminal: valid, in
// one line, without control characters.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(s, "\uFFFD")))
}
