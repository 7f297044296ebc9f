package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// Match answers which of the Languages serves best whoever asked for the given
// ones, the most wanted first. It understands tags ("de-AT"),
// locales ("de_DE.UTF-8", "sr_RS@latin") and lists of them ("de:en"), as they
// stand in LANG and LANGUAGE. English when nothing fits.
func Match(tags ...string) string {
	languages := Languages()
	supported := make([]language.Tag, len(languages))
	for i, lang := range languages {
		supported[i] = language.Make(lang)
	}
	_, best, _ := language.NewMatcher(supported).Match(wanted(tags)...)
	return languages[best]
}

func wanted(tags []string) []language.Tag {
	var parsed []language.Tag
	for _, list := range tags {
		for name := range strings.SplitSeq(list, ":") {
			name, _, _ = strings.Cut(name, "@")
			name, _, _ = strings.Cut(name, ".")
			if name == "C" || name == "POSIX" {
				name = English
			}
			if tag, err := language.Parse(name); err == nil {
				parsed = append(parsed, tag)
			}
		}
	}
	return parsed
}
