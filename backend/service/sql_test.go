package service_test

import (
	"encoding/json"
	"testing"

	"nectar/backend/service"
	"nectar/backend/task"
)

// evil are texts that would be more than text to a database that read them as
// its own words, and names that look alike, turn around, or are kept by Windows.
var evil = []string{
	`'; DROP TABLE jobs; --`, `" OR ""="`, `\'; DELETE FROM people; --`, `%' OR '1'='1`, `a_b%`, `x'41'`, `1); ATTACH '/tmp/x' AS y; --`,
	"Jos\u00e9", "Jose\u0301", "\u202egnp.exe", "\u2066a\u2069", "CON", "nul.txt", "a. ", `..\..\x`, `<script>1</script>`,
}

// Whatever is written into a text is kept and looked for as text.
func TestATextIsNeverSQL(t *testing.T) {
	t.Parallel()
	note := define("maths.note", task.SignedIn)
	d := newDesk(t, note, define("maths.add", task.SignedIn))
	kept := d.create(coordinator, request("maths.add"))
	for _, text := range evil {
		for name, filter := range map[string]task.Filter{
			"task": {Task: text}, "queue": {Queue: text}, "group": {Group: text}, "search": {Search: []task.Word{{Text: text}}},
		} {
			if found, _, err := d.List(t.Context(), coordinator, filter, task.Page{}); err != nil || len(found) != 0 {
				t.Errorf("jobs whose %s is %q: %d, %v", name, text, len(found), err)
			}
		}
		_, _, _ = d.List(t.Context(), coordinator, task.Filter{}, task.Page{Sort: text, After: text})
		if _, err := d.Create(t.Context(), coordinator, []service.Request{request(text)}); err == nil {
			t.Errorf("a job of the task %q was stored", text)
		}
		if _, err := d.PauseQueue(t.Context(), coordinator, text); err == nil {
			t.Errorf("the queue %q was paused", text)
		}
		if _, err := d.Show(t.Context(), coordinator, task.ID(text)); err == nil {
			t.Errorf("the job %q was shown", text)
		}
	}
	before := d.count()
	for n, text := range evil {
		asked := d.create(coordinator, request("maths.note", "request_id", text))
		if again := d.create(coordinator, request("maths.note", "request_id", text)); again.ID != asked.ID || asked.RequestID != text {
			t.Errorf("%q is kept as %q, and asked for again it is job %s after %s", text, asked.RequestID, again.ID, asked.ID)
		}
		if got := d.count(); got != before+int64(n)+1 {
			t.Errorf("after %q there are %d jobs, want %d", text, got, before+int64(n)+1)
		}
	}
	if got := d.create(coordinator, request("maths.add")); got.Number <= kept.Number {
		t.Errorf("then it is job %d after %d", got.Number, kept.Number)
	}
}

// A name is a name, in people and in settings.
func TestANameIsNeverSQL(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, text := range evil {
		_, _ = h.People.Add(t.Context(), coordinator, service.NewPerson{Name: text}) // a name may be refused
		value, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Settings.Set(t.Context(), coordinator, text, value); err == nil {
			t.Errorf("a setting %q was taken", text)
		}
		if _, err := h.Settings.Set(t.Context(), coordinator, "language", value); err == nil {
			t.Errorf("the language %q was taken", text)
		}
	}
	if _, err := h.People.Names(t.Context()); err != nil {
		t.Errorf("then the people are %v", err)
	}
}
