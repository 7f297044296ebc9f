package main

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"nectar/backend"
	"nectar/backend/bridge"
	"nectar/backend/fault"
)

// window is a window over a new data folder, in which a job waits that only
// the coordinator may read.
type window struct {
	*bridge.Bridge

	t       *testing.T
	job     string
	teacher string
}

const pin = "2580"

func openWindow(t *testing.T) *window {
	t.Helper()
	b, err := backend.Open(t.Context(), backend.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &window{Bridge: bridge.New(slog.New(slog.DiscardHandler)), t: t}
	t.Cleanup(func() {
		w.Detach()
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := w.Attach(t.Context(), b.Services, b.Maker, "en"); err != nil {
		t.Fatal(err)
	}
	jobs, err := w.Jobs.Enqueue([]map[string]any{{"type": "device.backup", "enqueue_args": map[string]any{"enqueue_in": "PT1H"}}})
	if err != nil {
		t.Fatal(err)
	}
	added, err := w.People.Add(bridge.NewPerson{Name: "Tara", Role: "teacher", PIN: pin})
	if err != nil {
		t.Fatal(err)
	}
	w.job, w.teacher = jobs[0].ID, added.Person.ID
	return w
}

// asTeacher calls the method as the teacher, on the coordinator's job, and
// answers the code that it is refused with, "" for none.
func (w *window) asTeacher(object, method string) fault.Code {
	w.t.Helper()
	if _, err := w.People.SignIn(w.teacher, pin); err != nil {
		w.t.Fatal(err)
	}
	call := reflect.ValueOf(w.Bridge).Elem().FieldByName(object).MethodByName(method)
	in := make([]reflect.Value, call.Type().NumIn())
	for i := range in {
		in[i] = reflect.Zero(call.Type().In(i))
		switch {
		case object == "Settings" && in[i].Kind() == reflect.String:
			in[i] = reflect.ValueOf("language")
		case object != "Jobs" && object != "Home":
		case in[i].Type() == reflect.TypeFor[[]string]():
			in[i] = reflect.ValueOf([]string{w.job})
		case in[i].Kind() == reflect.String:
			in[i] = reflect.ValueOf(w.job)
		}
	}
	out := call.Call(in)
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return fault.CodeOf(err)
}

// permissionKind is a kind of permission, and how a teacher is refused.
type permissionKind struct {
	says    string // how the line begins
	refusal []fault.Code
}

// TestThePermissionsOfThePageAreTrue calls every method as a teacher who may
// do nothing more, and compares with what its comment says of it.
func TestThePermissionsOfThePageAreTrue(t *testing.T) {
	t.Parallel()
	a, err := readAPI(root)
	if err != nil {
		t.Fatal(err)
	}
	w := openWindow(t)
	kinds := []permissionKind{
		{"anyone", nil},
		{"signed in", nil},
		{"coordinator", []fault.Code{fault.Forbidden}},
		{"may manage content", []fault.Code{fault.Forbidden}},
		{"device not set up yet", []fault.Code{fault.Forbidden}},
		{"may read the job", []fault.Code{fault.NotFound}},
		{"may run each of the jobs", []fault.Code{fault.NotFound, fault.Forbidden}},
		{"may run the task", nil}, // of no request, nothing is refused
	}
	for _, o := range a.objects {
		if o.name == "App" {
			continue // the window itself
		}
		for _, m := range o.methods {
			at := o.name + "." + m.name
			k := slices.IndexFunc(kinds, func(kind permissionKind) bool { return strings.HasPrefix(m.permission, kind.says) })
			if k < 0 {
				t.Errorf("%s is for %q, which this test does not know", at, m.permission)
				continue
			}
			got, want := w.asTeacher(o.name, m.name), kinds[k].refusal
			if want == nil && got == fault.Forbidden || want != nil && !slices.Contains(want, got) {
				t.Errorf("%s is for %q, and a teacher is answered %q", at, m.permission, got)
			}
			if want != nil && got != fault.NotFound && !slices.Contains(m.errors, string(got)) {
				t.Errorf("%s is refused with %q, which its comment does not say", at, got)
			}
		}
	}
}
