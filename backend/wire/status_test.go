package wire_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type bakeArgs struct {
	Bread string `json:"bread"`
}

// TestStatus proves that a task has words for each state, in the reader's
// language, and that the program has words where the task has none.
func TestStatus(t *testing.T) {
	t.Parallel()
	bake := task.Define(task.Spec[bakeArgs]{
		Name: "bakery.bake", Summary: "Bake", Permission: task.SignedIn,
		Status: func(d task.Described[bakeArgs]) task.Status {
			status := task.Status{Title: "bakery.title", Params: fault.Params{"bread": d.Args.Bread, "state": d.Job.State.String()}}
			if d.Job.State == task.Running {
				status.Text = "bakery.baking"
			}
			return status
		},
		Run: func(context.Context, *task.Run, bakeArgs) (any, error) { return nil, nil },
	})
	quiet := task.Define(task.Spec[bakeArgs]{
		Name: "bakery.clean", Summary: "Clean up", Permission: task.SignedIn,
		Run: func(context.Context, *task.Run, bakeArgs) (any, error) { return nil, nil },
	})
	cool := task.Define(task.Spec[bakeArgs]{
		Name: "bakery.cool", Summary: "Cool", Permission: task.SignedIn, OnInterruption: task.FailInterrupted,
		Run: func(context.Context, *task.Run, bakeArgs) (any, error) { return nil, nil },
	})
	registry, err := task.NewRegistry(bake, quiet, cool)
	if err != nil {
		t.Fatal(err)
	}
	texts := i18n.New()
	if err := texts.Add(fstest.MapFS{
		"texts/en.json": {Data: []byte(`{"bakery.title": "{bread} ({state})", "bakery.baking": "In the oven"}`)},
		"texts/de.json": {Data: []byte(`{"bakery.title": "{bread}, {state}", "bakery.baking": "Im Ofen", "task.bakery.clean.summary": "Aufräumen"}`)},
	}); err != nil {
		t.Fatal(err)
	}
	say := func(language, name string, state task.State) (title, text string) {
		job := task.Job{ID: "1", Task: name, State: state, Args: json.RawMessage(`{"bread": "Rye"}`)}
		said := wire.NewMaker(texts, registry, language).Job(engine.Live{Job: job})
		return said.StatusTitle, said.StatusText
	}

	for _, state := range task.States() {
		for language, want := range map[string]string{"en": "Rye (" + state.String() + ")", "de": "Rye, " + state.String()} {
			title, text := say(language, "bakery.bake", state)
			if title != want {
				t.Errorf("in %s the %v job is called %q, want %q", language, state, title, want)
			}
			if text == "" || strings.Contains(text, "state.") {
				t.Errorf("in %s nothing is said of a job that is %v: %q", language, state, text)
			}
		}
	}
	for language, want := range map[string]string{"en": "In the oven", "de": "Im Ofen"} {
		if _, text := say(language, "bakery.bake", task.Running); text != want {
			t.Errorf("in %s the task's own sentence is %q, want %q", language, text, want)
		}
	}
	for language, want := range map[string]string{"en": "Clean up", "de": "Aufräumen", "ar": "Clean up"} {
		if title, _ := say(language, "bakery.clean", task.Queued); title != want {
			t.Errorf("in %s a task without words of its own is called %q, want %q", language, title, want)
		}
	}
	// Where no process runs jobs, what is stored as running is not.
	for name, want := range map[string]map[task.State]string{
		"bakery.bake": {task.Running: "goes on when", task.Selected: "goes on when", task.Canceling: "will be cancelled", task.Queued: "Waiting"},
		"bakery.cool": {task.Running: "does not go on by itself", task.Selected: "goes on when", task.Canceling: "will be cancelled"},
	} {
		for state, part := range want {
			said := wire.NewMaker(texts, registry, "en").Unattended().Job(engine.Live{Job: task.Job{ID: "1", Task: name, State: state, Args: json.RawMessage(`{}`)}})
			if said.Status != state.String() || said.Interrupted != state.Active() || !strings.Contains(said.StatusText, part) {
				t.Errorf("of %s, %v and run by nobody, it is said %q (interrupted %v, %s)", name, state, said.StatusText, said.Interrupted, said.Status)
			}
		}
	}
	if title, text := say("en", "bakery.gone", task.Queued); title != "bakery.gone" || text == "" {
		t.Errorf("a job of a task that is gone is called %q: %q", title, text)
	}
}

// TestATitleCountsOtherThingsThanItsText: one number chooses the form of each.
func TestATitleCountsOtherThingsThanItsText(t *testing.T) {
	t.Parallel()
	registry, err := task.NewRegistry(task.Define(task.Spec[bakeArgs]{
		Name: "bakery.bake", Summary: "Bake", Permission: task.SignedIn,
		Status: func(task.Described[bakeArgs]) task.Status {
			return task.Status{
				Title: "bakery.ovens", TitleParams: fault.Params{"count": 1},
				Text: "bakery.loaves", Params: fault.Params{"count": 30},
			}
		},
		Run: func(context.Context, *task.Run, bakeArgs) (any, error) { return nil, nil },
	}))
	if err != nil {
		t.Fatal(err)
	}
	texts := i18n.New()
	if err := texts.Add(fstest.MapFS{"texts/en.json": {Data: []byte(`{
		"bakery.ovens.one": "{count} oven", "bakery.ovens.other": "{count} ovens",
		"bakery.loaves.one": "{count} loaf", "bakery.loaves.other": "{count} loaves"
	}`)}}); err != nil {
		t.Fatal(err)
	}
	job := task.Job{ID: "1", Task: "bakery.bake", State: task.Running, Args: json.RawMessage(`{"bread": "Rye"}`)}
	said := wire.NewMaker(texts, registry, "en").Job(engine.Live{Job: job})
	if said.StatusTitle != "1 oven" || said.StatusText != "30 loaves" {
		t.Errorf("it says %q and %q", said.StatusTitle, said.StatusText)
	}
}
