package cli

import (
	"strings"
	"unicode/utf8"

	"nectar/backend/i18n"
)

const (
	// leastPart is how many letters a part of a name, or of an id, has at least to
	// be taken for the whole: fewer stand in many names.
	leastPart = 3

	// lettersToAMistake is to how many letters of a name one mistake is forgiven.
	lettersToAMistake = 4
)

// nearChannel answers the name of the channel that a text most likely means
// which is the name of none, or "": one that was mistyped, was written in part, or
// whose id was. Between two that are as near it does not choose.
func nearChannel(known []named, text string) string {
	text = i18n.Fold(text)
	letters := utf8.RuneCountInString(text)
	if letters < leastPart {
		return ""
	}
	best, least, tied := "", max(letters/lettersToAMistake, 1)+1, false
	for _, c := range known {
		name := i18n.Fold(strings.TrimSpace(c.name))
		if name == "" {
			continue
		}
		away := distance(name, text)
		isPart := strings.Contains(name, text) || strings.HasPrefix(string(c.id), text)
		if isPart || utf8.RuneCountInString(name) >= leastPart && strings.Contains(text, name) {
			away = min(away, 1)
		}
		switch {
		case away < least:
			best, least, tied = c.name, away, false
		case away == least && best != "":
			tied = true
		}
	}
	if tied {
		return ""
	}
	return best
}
