package store

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// mention keeps the jobs of which the word is one. It is one of every job of some kinds:
// where those are all that match, no job is looked at.
func (sel *selection) mention(word task.Word, matching []storedKind) {
	named := strings.ToLower(word.Text)
	said := kindNumbers(lo.Filter(matching, func(k storedKind, _ int) bool {
		return lo.Contains(word.Tasks, k.key.task) || strings.Contains(strings.ToLower(k.key.task), named)
	}))
	if len(said) == len(matching) {
		return
	}
	sel.text = true
	var either []string
	var values []any
	if len(said) > 0 {
		either = append(either, "kind IN ("+numbers(said)+")")
	}
	if len(word.States) > 0 {
		either = append(either, "state IN ("+numbers(word.States)+")")
	}
	if n := len(word.Failures); n > 0 {
		either = append(either, "failure_code IN (?"+strings.Repeat(",?", n-1)+")")
		values = append(values, lo.Map(word.Failures, func(code fault.Code, _ int) any { return string(code) })...)
	}
	for _, spelling := range spellings(word.Text) {
		for _, column := range spelling.columns {
			either = append(either, column+` LIKE ? ESCAPE '\'`)
			values = append(values, "%"+likeEscape.Replace(spelling.text)+"%")
		}
	}
	sel.check("("+strings.Join(either, " OR ")+")", values...)
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// spelling is how a text can stand in columns of a job.
type spelling struct {
	text    string
	columns []string
}

// spellings answers how a text can be stored: as it is, in JSON, where some signs are
// written otherwise, and in other cases.
func spellings(text string) []spelling {
	var all []spelling
	for _, cased := range cases(text) {
		all = append(all, spelling{cased, []string{"args", "metadata", "failure_detail"}})
		if written := inJSON(cased); written != cased {
			all = append(all, spelling{written, []string{"args", "metadata"}})
		}
	}
	return all
}

// cases answers the text as it is, in small letters, in large ones, and with its first
// letter large. SQLite looks over the case of the letters of ASCII, and of no others: what
// differs in those alone is left out.
func cases(text string) []string {
	_, first := utf8.DecodeRuneInString(text)
	small, large := strings.ToLower(text), strings.ToUpper(text)
	all := []string{text, small, large, strings.ToUpper(text[:first]) + strings.ToLower(text[first:])}
	return lo.UniqBy(all, func(text string) string { return strings.Map(smallASCII, text) })
}

func smallASCII(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// inJSON answers the text as it is written inside of a JSON text.
func inJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return string(quoted[1 : len(quoted)-1])
}
