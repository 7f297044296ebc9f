package plugins_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// shapes are arguments and facts of jobs for which their titles differ.
var shapes = []struct{ args, metadata string }{
	{`{}`, `{}`},
	{`{"channel_id":"c0ffee","path":"/media/STICK","channel_ids":["c0ffee"],"source":"/media/STICK"}`, `{"channel_name":"Mathe","target_name":"STICK","channel_version":7}`},
	{`{"channel_ids":["c0ffee","beef"]}`, `{"channel_version":7,"nothing_new":true}`},
}

// TestAJobIsFoundByTheWordsOfItsTitle holds that in every language each word of a title
// and of a state is one by which the job is found: it is said of its task, or stored.
func TestAJobIsFoundByTheWordsOfItsTitle(t *testing.T) {
	t.Parallel()
	texts := i18n.New()
	for _, p := range installed() {
		registry, err := task.NewRegistry(p.Tasks...)
		if err != nil {
			t.Fatal(err)
		}
		if p.Texts != nil {
			if err := texts.Add(p.Texts); err != nil {
				t.Fatal(err)
			}
		}
		for _, language := range i18n.Languages() {
			m := wire.NewMaker(texts, registry, language)
			for _, d := range registry.All() {
				for _, state := range task.States() {
					for _, shape := range shapes {
						job := task.Job{Task: d.Name, State: state, Args: json.RawMessage(shape.args), Metadata: json.RawMessage(shape.metadata)}
						title := m.Job(engine.Live{Job: job}).StatusTitle
						for word := range strings.FieldsSeq(title) {
							found := m.Words(word)
							value := strings.Trim(word, "\u2068\u2069:")
							stored := strings.Contains(shape.args+shape.metadata, value) || !strings.ContainsFunc(value, unicode.IsLetter)
							if len(found) != 1 || !slices.Contains(found[0].Tasks, d.Name) && !stored {
								t.Errorf("%s: a job of %s that is %v is called %q, and not found by %q", language, d.Name, state, title, word)
							}
						}
					}
				}
			}
		}
	}
}

// TestAJobIsFoundByTheWordsOfItsFailure holds that in every language each word that is
// always in the sentence of a failure is one that is said of it.
func TestAJobIsFoundByTheWordsOfItsFailure(t *testing.T) {
	t.Parallel()
	texts := i18n.New()
	for _, p := range installed() {
		if p.Texts != nil {
			if err := texts.Add(p.Texts); err != nil {
				t.Fatal(err)
			}
		}
	}
	registry, err := task.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	codes := texts.Between("fault.", ".message")
	if len(codes) < 90 {
		t.Fatalf("only %d failures have sentences", len(codes))
	}
	for _, language := range i18n.Languages() {
		m := wire.NewMaker(texts, registry, language)
		for _, name := range codes {
			code := fault.Code(name)
			if code == fault.Usage { // of a command line, never of a job
				continue
			}
			said := m.Job(engine.Live{Job: task.Job{State: task.Failed, Failure: &task.Failure{Code: code}}})
			for word := range strings.FieldsSeq(*said.Error) {
				if strings.Contains(word, "?") { // beside a value, which is not known here
					continue
				}
				if found := m.Words(word); len(found) != 1 || !slices.Contains(found[0].Failures, code) {
					t.Errorf("%s: of %s it is said %q, and it is not found by %q", language, code, *said.Error, word)
				}
			}
		}
	}
}
