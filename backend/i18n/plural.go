package i18n

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var suffixes = map[plural.Form]string{
	plural.Zero:  ".zero",
	plural.One:   ".one",
	plural.Two:   ".two",
	plural.Few:   ".few",
	plural.Many:  ".many",
	plural.Other: ".other",
}

// forms lists the keys to look for, the best first.
func forms(lang, key string, params map[string]any) []string {
	count, ok := integer(params["count"])
	if !ok {
		return []string{key, key + suffixes[plural.Other]}
	}
	// The rules look at the last digits only, and the package wants no more.
	form := plural.Cardinal.MatchPlural(language.Make(lang), int(max(count, -count)%10_000_000), 0, 0, 0, 0)
	return []string{key + suffixes[form], key + suffixes[plural.Other], key}
}

// stems answers the keys without their plural suffixes.
func stems(texts map[string]message) map[string]bool {
	set := make(map[string]bool, len(texts))
	for key := range texts {
		set[stem(key)] = true
	}
	return set
}

func stem(key string) string {
	for _, suffix := range suffixes {
		if s, ok := strings.CutSuffix(key, suffix); ok {
			return s
		}
	}
	return key
}
