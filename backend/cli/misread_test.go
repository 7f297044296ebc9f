package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/i18n"
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

// TestAMisuseIsSaidInTheLanguageOfThePerson holds what is said of arguments that are
// understood and do not go together.
func TestAMisuseIsSaidInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"jobs cancel 1 --all":                      "give ids, or a filter with --all, but not both",
		"jobs cancel --queue q":                    "a filter needs --all, which says that all these jobs are meant",
		"jobs cancel":                              "the ids of jobs are missing",
		"jobs retry-problems --all --cause x":      "--cause needs the ids of jobs",
		"jobs reschedule 1":                        "say when: --at, --in or --cron",
		"jobs dismiss":                             "give ids, or --all",
		"backup restore":                           "give the name of a backup, or --empty",
		"enqueue - {}":                             "“enqueue -” takes no arguments: they stand in the requests",
		"enqueue - --lifo":                         "“enqueue -” takes no rules: they stand in the requests, as enqueue_args",
		"enqueue a.b --in 5 --wait":                "--wait cannot be used together with a time",
		"export c --to=":                           "a place is missing: give a folder or a drive",
		"import c --from /x --manifest m --node n": "give --manifest or --node, but not both",
		"channels --from=":                         "a source is missing: give a folder, a drive, the address of a server, “studio” or “sample”",
		"people grant x":                           "give --role, --manage-content or --no-manage-content",
		"people set-up Amal":                       "the two PINs are not the same",
		"people set-pin Amal":                      "there is no terminal, and standard input has no line with the secret",
		"tasks --markdown":                         "--markdown cannot be used together with --json",
	} {
		for _, language := range i18n.Languages() {
			f := &face{say: newWords(language), json: true, stdin: &rewinder{from: strings.NewReader("")}, env: Env{Stdout: io.Discard, Stderr: io.Discard}}
			f.maker = f.say.maker()
			if want == "the two PINs are not the same" {
				typed := 0
				f.env.Ask = func(context.Context, string) (string, error) { typed++; return strings.Repeat("1", typed), nil }
			}
			p, _, err := f.parse(strings.Fields(line))
			if err == nil {
				_, err = misused(t, f, p)
			}
			if fault.CodeOf(err) != fault.Usage {
				t.Errorf("nectar %s in %s: %v", line, language, err)
				continue
			}
			said := f.maker.Error(err)
			if english := strings.Contains(said.Message, want); english != (language == "en") || strings.Contains(said.Message, "usage.") || said.Detail != "" {
				t.Errorf("nectar %s is answered in %s with %q (%q)", line, language, said.Message, said.Detail)
			}
		}
	}
}

// misused carries out a command that is refused before any folder is opened; those
// that ask for a PIN do so once it is.
func misused(t *testing.T, f *face, p parsed) (int, error) {
	t.Helper()
	switch p.command.(type) {
	case *setUpCommand, *setPINCommand:
		_, err := f.newPIN(t.Context())
		return statusRefused, err
	}
	return p.command.run(t.Context(), f)
}
