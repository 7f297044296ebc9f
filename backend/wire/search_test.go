package wire_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/samber/lo"

	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// speaker answers a Maker of a program with tasks that have titles, have none, and cannot
// say what theirs is.
func speaker(t *testing.T, language string) *wire.Maker {
	t.Helper()
	run := func(context.Context, *task.Run, args) (any, error) { return nil, nil }
	titled := task.Spec[args]{Name: "test.check", Summary: "Check things", Permission: task.SignedIn, Run: run}
	titled.Status = func(d task.Described[args]) task.Status {
		if d.Args.Name == "" {
			return task.Status{Title: "test.check.title_all"}
		}
		return task.Status{Title: "test.check.title"}
	}
	broken := task.Spec[args]{Name: "test.break", Summary: "Break things", Permission: task.SignedIn, Run: run}
	broken.Status = func(d task.Described[args]) task.Status { return task.Status{Title: d.Metadata["title"].(string)} } //nolint:forcetypeassert // it is to fail
	silent := task.Spec[args]{Name: "test.stop", Summary: "Be silent", Permission: task.SignedIn, Run: run}
	registry, err := task.NewRegistry(task.Define(titled), task.Define(broken), task.Define(silent))
	if err != nil {
		t.Fatal(err)
	}
	texts := i18n.New()
	if err := texts.Add(fstest.MapFS{
		"texts/en.json": {Data: []byte(`{"test.check.title": "Check of {name} now", "test.check.title_all": "Check of all", "test.check.titles": "Other", "fault.test.burnt.message.one": "The oven burnt {name}", "fault.test.burnt.message.other": "{count} ovens burnt {name}", "fault.test.cold.message": "The oven is cold", "fault.test.cold.advice": "Look into the chimney"}`)},
		"texts/de.json": {Data: []byte(`{"test.check.title": "Prüfung von {name}", "test.check.title_all": "Prüfung von allen", "task.test.check.summary": "Dinge prüfen", "fault.test.burnt.message.one": "Der Ofen verbrannte {name}", "fault.test.burnt.message.other": "{count} Öfen verbrannten {name}", "fault.test.cold.message": "Es ist kalt"}`)},
	}); err != nil {
		t.Fatal(err)
	}
	return wire.NewMaker(texts, registry, language)
}

func TestWords(t *testing.T) {
	t.Parallel()
	check, all := []string{"test.check"}, []string{"test.break", "test.check"}
	for _, c := range []struct {
		name, language, search string
		want                   []task.Word
	}{
		{"nothing is looked for", "en", "", nil},
		{"a word of a title", "en", "Check", []task.Word{{Text: "Check", Tasks: check}}},
		{"in any case", "en", "cHEck", []task.Word{{Text: "cHEck", Tasks: check}}},
		{"in the reader's language", "de", "PRÜFUNG", []task.Word{{Text: "PRÜFUNG", Tasks: check}}},
		{"without its accents", "de", "prufung", []task.Word{{Text: "prufung", Tasks: check}}},
		{"not in another language", "en", "Prüfung", []task.Word{{Text: "Prüfung"}}},
		{"of a variant that is not known without the job", "en", "now", []task.Word{{Text: "now", Tasks: check}}},
		{"of a text that is no title", "en", "other", []task.Word{{Text: "other"}}},
		{"not what stands for a value", "en", "name", []task.Word{{Text: "name"}}},
		{"of a summary", "de", "prüfen", []task.Word{{Text: "prüfen", Tasks: check}}},
		{"also of a task that fails to say its title", "en", "things", []task.Word{{Text: "things", Tasks: all}}},
		{"each word for itself", "en", " silent\u2028check ", []task.Word{{Text: "silent", Tasks: []string{"test.stop"}}, {Text: "check", Tasks: check}}},
		{"a word of a state", "en", "failed", []task.Word{{Text: "failed", States: []task.State{task.Failed}}}},
		{"the whole of it", "en", "fail", []task.Word{{Text: "fail"}}},
		{"of a state in the reader's language", "de", "fehlgeschlagen", []task.Word{{Text: "fehlgeschlagen", States: []task.State{task.Failed}}}},
		{"a word of what is said of a failure", "en", "oven", []task.Word{{Text: "oven", Failures: []fault.Code{"test.burnt", "test.cold"}}}},
		{"of one that is counted, in the reader's language", "de", "ÖFEN", []task.Word{{Text: "ÖFEN", Failures: []fault.Code{"test.burnt"}}}},
		{"not of what to do about it", "en", "chimney", []task.Word{{Text: "chimney"}}},
		{"spaces alone are looked for as they are", "en", "  ", []task.Word{{Text: "  "}}},
		{"marks around a value are not", "en", "\u2068Mathe\u2069", []task.Word{{Text: "Mathe"}}},
		{"a word of nothing but marks is said of nothing", "en", "\u0301", []task.Word{{Text: "\u0301"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := speaker(t, c.language).Words(c.search)
			for i := range got { // the program has failures of its own, of which much is said
				got[i].Failures = lo.Filter(got[i].Failures, func(code fault.Code, _ int) bool { return strings.HasPrefix(string(code), "test.") })
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a full disk is found by both its sentences, of the program itself", func(t *testing.T) {
		t.Parallel()
		for _, search := range []string{"voll", "nicht genug Platz"} {
			for _, word := range speaker(t, "de").Words(search) {
				if !slices.Contains(word.Failures, fault.DiskFull) {
					t.Errorf("%q of %q is said of %v", word.Text, search, word.Failures)
				}
			}
		}
	})
	t.Run("what follows many words is one with the last", func(t *testing.T) {
		t.Parallel()
		words := speaker(t, "en").Words(strings.Repeat("check ", 3000))
		if len(words) != 8 || words[0].Text != "check" || words[7].Text != strings.TrimSpace(strings.Repeat("check ", 2993)) {
			t.Errorf("%d words, the last of %d bytes", len(words), len(words[len(words)-1].Text))
		}
	})
}
