package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// TestMisread holds what is said of arguments that cannot be understood, in the
// person's language, and that the parser's own words are known to us.
func TestMisread(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"jobs --stat x":          "there is no flag “--stat” here, but --state, --sort",
		"jobs --zzzz":            "there is no flag “--zzzz” here",
		"jbs":                    "there is no “jbs” here, but jobs",
		"xyzzy":                  "“xyzzy” is not expected here",
		"jobs lst":               "there is no “lst” here, but list",
		"jobs restrat 1":         "there is no “restrat” here, but restart",
		"stop now":               "“now” is not expected here",
		"jobs show":              "this is missing: <id>",
		"import x":               "this is missing: --from=SOURCE",
		"settings set a":         "this is missing: <value>",
		"jobs --limit x":         "--limit takes a whole number, and “x” is none",
		"jobs --limit":           "--limit needs a value",
		"jobs --sort":            "--sort needs a value",
		"jobs --limit -3":        "--limit needs a value; if “-3” is meant, it is written --limit=-3",
		"jobs cancel 1 --json=x": "--json is given alone or not at all, and not with “x”",
	} {
		f := &face{say: newWords("en"), env: Env{Stdout: io.Discard, Stderr: io.Discard}}
		f.maker = f.say.maker()
		_, _, err := f.parse(strings.Fields(line))
		if err == nil {
			t.Errorf("nectar %s is understood", line)
			continue
		}
		if said := f.maker.Error(err); said.Code != "usage" || said.Message != "The command cannot be understood: "+want+"." || said.Detail != "" {
			t.Errorf("nectar %s: %q (%s, %q), want %q", line, said.Message, said.Code, said.Detail, want)
		}
		for _, language := range []string{"de", "ar", "fr", "es", "pt", "sw", "hi"} {
			f := &face{say: newWords(language), env: f.env}
			f.maker = f.say.maker()
			_, _, err := f.parse(strings.Fields(line))
			if said := f.maker.Error(err).Message; strings.Contains(said, "usage.") || strings.Contains(said, "{") || strings.Contains(said, want) {
				t.Errorf("nectar %s is answered in %s with %q", line, language, said)
			}
		}
	}

	// What is not usual has its words of the parser beside ours, not in them.
	var stderr bytes.Buffer
	f := &face{say: newWords("de"), env: Env{Stdout: io.Discard, Stderr: &stderr}}
	f.maker = f.say.maker()
	f.refuse(f.misread(io.ErrUnexpectedEOF))
	if said := stderr.String(); !strings.HasPrefix(said, "Der Befehl ist nicht zu verstehen.\n") || !strings.Contains(said, "unexpected EOF") {
		t.Errorf("of something unusual it is said %q", said)
	}
}
