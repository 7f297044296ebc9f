package diagnostics

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What stands in the place of what was removed.
const (
	dataFolder  = "[data folder]"
	somePath    = "[path]"
	someAddress = "[address]"
	someName    = "[name]"
	removed     = "[removed]"
)

// redactor removes names and paths from texts. It would rather remove too much
// than too little.
type redactor struct {
	folders []string
	names   *regexp.Regexp // nil when there are none
}

func newRedactor(folder string, names []string) *redactor {
	r := &redactor{}
	if folder != "" {
		r.folders = []string{folder, filepath.ToSlash(folder)}
		if resolved, err := filepath.EvalSymlinks(folder); err == nil {
			r.folders = append(r.folders, resolved)
		}
		slices.SortFunc(r.folders, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	var known []string
	for _, name := range names {
		if name = strings.TrimSpace(name); len([]rune(name)) > 1 {
			known = append(known, name)
		}
	}
	slices.SortFunc(known, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	if len(known) > 0 {
		for i := range known {
			known[i] = regexp.QuoteMeta(known[i])
		}
		// A name may stand in the middle of a word, as in "amals-laptop".
		r.names = regexp.MustCompile("(?i)" + strings.Join(known, "|"))
	}
	return r
}

// private are the names of values that are about people or their things.
var private = regexp.MustCompile(`(?i)(^|_)(name|title|path|file|folder|dir|item|host|server|url|address|user|person|label|args|arguments|metadata|result|checkpoint)s?$`)

// secret are the names of values that nobody sends anywhere.
var secret = regexp.MustCompile(`(?i)pin|hash|salt|secret|recovery|token|key|password`)

// value removes names and paths from a value of that name.
func (r *redactor) value(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		clean := make(map[string]any, len(v))
		for key, inner := range v {
			if !secret.MatchString(key) {
				clean[r.text(key)] = r.value(key, inner)
			}
		}
		return clean
	case []any:
		for i := range v {
			v[i] = r.value(name, v[i])
		}
		return v
	case string:
		if private.MatchString(name) {
			return removed
		}
		return r.text(v)
	}
	return value
}

// line removes names and paths from a line of a log.
func (r *redactor) line(line []byte) string {
	value, err := decode(line)
	object, structured := value.(map[string]any)
	if err != nil || !structured {
		return r.text(string(line))
	}
	clean, err := json.Marshal(r.value("", object))
	if err != nil {
		return removed
	}
	return string(clean)
}

// text removes names and paths from a text.
func (r *redactor) text(text string) string {
	for _, folder := range r.folders {
		text = strings.ReplaceAll(text, folder, dataFolder)
	}
	text = cutOut(text, privateValue, someName)
	text = cutOut(text, address, someAddress)
	text = cutOut(text, path, somePath)
	if r.names != nil {
		text = r.names.ReplaceAllString(text, someName)
	}
	return text
}

// Where what is removed begins, after the first group.
var (
	// The values of a fault, as a log writes them: title=My holidays.
	privateValue = regexp.MustCompile(`(?i)(\b(?:id|name|title|file|item|label|value|host|server|person|channel|node|holds|reason)=)\S`)
	address      = regexp.MustCompile(`()\b[a-z][a-z0-9+.-]*://`)
	path         = regexp.MustCompile(`((?:^|[^\w\]./]))(?:/[^/\s]|~/|\\\\|[A-Za-z]:[\\/])`)
)

// ending finds where it ends: names have spaces in them, so that only what
// follows a name or a path in our own sentences and in those of the system
// ends it.
var ending = regexp.MustCompile("[\"\n\t<>|`“”]|: | [a-z_]+=|; | -> |$")

// cutOut puts the replacement in the place of everything that begins so.
func cutOut(text string, begin *regexp.Regexp, replacement string) string {
	var b strings.Builder
	for {
		at := begin.FindStringSubmatchIndex(text)
		if at == nil {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:at[3]])
		b.WriteString(replacement)
		rest := text[at[1]:]
		text = rest[ending.FindStringIndex(rest)[0]:]
	}
}
