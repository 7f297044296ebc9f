package cli

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"nectar/backend/fault"
)

// misreadings are the usual sentences of the parser, which are made of what was
// typed and of the grammar, and under which key ours is. TestMisread holds that
// the parser still says them so.
var misreadings = []struct {
	said *regexp.Regexp // its groups have the names of the values of ours
	key  string
}{
	{regexp.MustCompile(`^unknown flag (?P<typed>.+), did you mean (?:one of )?(?P<near>.+)\?$`), "usage.flag_near"},
	{regexp.MustCompile(`^unknown flag (?P<typed>.+)$`), "usage.flag"},
	{regexp.MustCompile(`^unexpected argument (?P<typed>.+), did you mean (?:one of )?(?P<near>.+)\?$`), "usage.argument_near"},
	{regexp.MustCompile(`^unexpected argument (?P<typed>.+)$`), "usage.argument"},
	{regexp.MustCompile(`^missing flags: (?P<wanted>.+)$`), "usage.missing"},
	{regexp.MustCompile(`^expected (?:one of )?(?P<wanted>".+")$`), "usage.missing"},
	{regexp.MustCompile(`^(?P<flag>\S+): expected .* value but got "EOL" .*$`), "usage.value"},
	{regexp.MustCompile(`^(?P<flag>\S+): a value is missing$`), "usage.value"},
	{regexp.MustCompile(`^(?P<flag>\S+): expected .* value but got .*; perhaps try \S+="(?P<typed>.+)"\?$`), "usage.value_hyphen"},
	{regexp.MustCompile(`^(?P<flag>\S+): expected an? (?:valid \d+ bit )?u?(?:int|float) but got "(?P<typed>.*)"$`), "usage.number"},
	{regexp.MustCompile(`^(?P<flag>\S+): bool value must be .* but got "(?P<typed>.*)"$`), "usage.switch"},
}

// misread makes the fault of arguments that the parser does not understand. What
// it says is said in the language of the person, with what would have been right
// if something is near; what is not usual is a technical detail.
func (f *face) misread(err error) error {
	said := strings.TrimSpace(plain(err.Error()))
	for _, m := range misreadings {
		groups := m.said.FindStringSubmatch(said)
		if groups == nil {
			continue
		}
		values := map[string]string{}
		for i, name := range m.said.SubexpNames() {
			values[name] = strings.TrimSuffix(strings.ReplaceAll(groups[i], `"`, ""), " ...")
		}
		key := m.key
		if near := nearCommands(err, values["typed"]); key == "usage.argument" && near != "" {
			key, values["near"] = "usage.argument_near", near
		}
		return f.usage(key, "typed", values["typed"], "near", values["near"], "wanted", values["wanted"], "flag", values["flag"])
	}
	return fault.New(fault.Usage).Because(err)
}

// nearCommands answers the commands that a word may have been meant for, where
// the parser took it for an argument of the command that stands for its group.
func nearCommands(err error, typed string) string {
	var failed *kong.ParseError
	if !errors.As(err, &failed) || failed.Context == nil {
		return ""
	}
	var near []string
	for _, path := range failed.Context.Path {
		if path.Command == nil {
			continue
		}
		for _, child := range path.Command.Children {
			if !child.Hidden && (len(typed) > 2 && strings.HasPrefix(child.Name, typed) || distance(child.Name, typed) <= 2) {
				near = append(near, child.Name)
			}
		}
	}
	return strings.Join(near, ", ")
}

// distance is that of Levenshtein: how many letters have to be put in, taken out
// or replaced to make one word of another.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
