package bridge_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/bridge"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/i18n"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// window is a bridge over a data folder.
type window struct {
	*bridge.Bridge

	services *service.Services
	person   auth.Person
}

func open(t *testing.T) *window {
	t.Helper()
	folder := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := task.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	w := &window{Bridge: bridge.New(slog.New(slog.DiscardHandler))}
	w.services = service.New(service.Config{
		Store: s, Registry: registry, Engine: engine.New(engine.Config{Store: s, Registry: registry}),
		WrongPINs: filepath.Join(folder, "wrong-pins.json"),
	})
	if err := w.services.People.Prepare(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if w.person, err = w.services.People.SignedIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Attach(t.Context(), w.services, wire.NewMaker(i18n.New(), registry, "en"), "en"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.Detach()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// lock gives the coordinator a PIN without anybody at the window.
func (w *window) lock(t *testing.T) {
	t.Helper()
	if _, err := w.services.People.SetPIN(t.Context(), w.person, w.person.ID, "2580", ""); err != nil {
		t.Fatal(err)
	}
}

// forAnybody are the methods that need nobody signed in.
var forAnybody = []string{"People.Session", "People.Names", "People.SignIn", "People.Recover"}

// bound calls every method that is bound to the window, with zero values, and
// answers the error of each by its name.
func (w *window) bound() map[string]error {
	errs := map[string]error{}
	all := reflect.ValueOf(w.Bridge).Elem()
	for i := range all.NumField() {
		field := all.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		for m := range all.Field(i).NumMethod() {
			method := all.Field(i).Method(m)
			in := make([]reflect.Value, method.Type().NumIn())
			for k := range in {
				in[k] = reflect.Zero(method.Type().In(k))
			}
			out := method.Call(in)
			err, _ := reflect.TypeAssert[error](out[len(out)-1])
			errs[field.Name+"."+all.Field(i).Type().Method(m).Name] = err
		}
	}
	return errs
}

func TestWithoutSomebodyEveryMethodRefuses(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.lock(t)
	errs := w.bound()
	if len(errs) < 30 {
		t.Errorf("only %d methods are bound", len(errs))
	}
	for name, err := range errs {
		if refused := fault.CodeOf(err) == fault.NotSignedIn; refused == slices.Contains(forAnybody, name) {
			t.Errorf("%s answers %v", name, err)
		}
	}
	if err := w.Admit(); fault.CodeOf(err) != fault.NotSignedIn {
		t.Errorf("admitted: %v", err)
	}
}

func TestADetachedBridgeRefuses(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Detach()
	for name, err := range w.bound() {
		if fault.CodeOf(err) != fault.Internal {
			t.Errorf("%s answers %v", name, err)
		}
	}
}

func TestSigningInAtTheWindow(t *testing.T) {
	t.Parallel()
	w := open(t)
	session, err := w.People.Session()
	if err != nil || session.Person == nil || session.Person.Role != "coordinator" || session.PINs || session.SetUp {
		t.Fatalf("at first: %+v, %v", session, err)
	}
	set, err := w.People.SetUp("Amal", "1234")
	if err != nil || set.Person.Name != "Amal" || !set.Person.HasPIN || set.RecoveryCode == nil || !set.ObviousPIN {
		t.Fatalf("set up: %+v, %v", set, err)
	}
	if _, err := w.Jobs.List(bridge.JobQuery{}); err != nil {
		t.Errorf("whoever set the first PIN is signed out: %v", err)
	}
	ben, err := w.People.Add(bridge.NewPerson{Name: "Ben", Role: "teacher"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.People.SignOut(); err != nil {
		t.Fatal(err)
	}
	names, err := w.People.Names()
	if err != nil || len(names) != 2 || names[1] != (wire.PersonName{ID: ben.Person.ID, Name: "Ben"}) {
		t.Errorf("names: %+v, %v", names, err)
	}
	if session, err = w.People.Session(); err != nil || session.Person != nil || !session.PINs {
		t.Errorf("signed out: %+v, %v", session, err)
	}
	if _, err := w.People.SignIn("coordinator", "1111"); fault.CodeOf(err) != fault.WrongPIN {
		t.Errorf("wrong PIN: %v", err)
	}
	if session, err = w.People.SignIn(ben.Person.ID, ""); err != nil || session.Person == nil || session.Person.Name != "Ben" {
		t.Errorf("signed in: %+v, %v", session, err)
	}
	if _, err := w.People.List(); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a teacher lists people: %v", err)
	}
	if _, err := w.Settings.Set("workers_high", 1); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a teacher changes a setting: %v", err)
	}
	if _, err := w.People.SignIn("coordinator", "1234"); err != nil {
		t.Fatal(err)
	}
	if setting, err := w.Settings.Set("workers_high", float64(1)); err != nil || setting.Value != 1 {
		t.Errorf("a coordinator changes a setting: %+v, %v", setting, err)
	}
}

func TestTheWindowFollowsTheLanguageSetting(t *testing.T) {
	t.Parallel()
	w := open(t)
	set := func(language string) {
		t.Helper()
		text, _ := json.Marshal(language)
		if _, err := w.services.Settings.Set(t.Context(), w.person, "language", text); err != nil {
			t.Fatal(err)
		}
	}
	w.SetLanguage("ar")
	if set("system"); w.Language() != "ar" {
		t.Errorf("a setting that did not change overrides the window: %s", w.Language())
	}
	if set("de"); w.Language() != "de" {
		t.Errorf("the window speaks %s", w.Language())
	}
	if set("system"); w.Language() != "en" {
		t.Errorf("the window speaks %s", w.Language())
	}
}

func TestTheWindowIsToldOfItsSession(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx, stop := context.WithCancel(t.Context())
	events := make(chan bridge.SessionEvent, 10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Events(ctx, func(name string, data any) {
			if session, ok := data.(bridge.SessionEvent); ok && name == "session" {
				events <- session
			}
		})
	}()
	w.lock(t)
	for session := range events {
		if session.Session.Person == nil {
			break
		}
	}
	if _, err := w.People.SignIn("coordinator", "2580"); err != nil {
		t.Fatal(err)
	}
	for session := range events {
		if session.Session.Person != nil {
			break
		}
	}
	stop()
	<-ended
}
