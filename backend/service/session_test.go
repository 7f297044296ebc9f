package service_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"nectar/backend/auth"
	"nectar/backend/clock/clocktest"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/store"
)

// session opens a session of the laptop.
func (h *home) session() *service.Session {
	h.t.Helper()
	s, err := h.People.OpenSession(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(s.Close)
	return s
}

// who answers who is signed in, or the code of the fault.
func (h *home) who(s *service.Session) string {
	h.t.Helper()
	p, err := s.Person(h.t.Context())
	if err != nil {
		return string(fault.CodeOf(err))
	}
	return p.Name
}

func (h *home) enter(s *service.Session, who, pin string) {
	h.t.Helper()
	if _, err := s.SignIn(h.t.Context(), who, pin); err != nil {
		h.t.Fatal(err)
	}
}

func (h *home) set(name, value string) {
	h.t.Helper()
	if _, err := h.Settings.Set(h.t.Context(), h.coordinator(), name, json.RawMessage(value)); err != nil {
		h.t.Fatal(err)
	}
}

// told reports whether the session has signalled a change.
func told(s *service.Session) bool {
	select {
	case <-s.Changes():
		return true
	default:
		return false
	}
}

func TestSession(t *testing.T) {
	t.Parallel()

	t.Run("without PINs it is open as the coordinator", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "")
		s := h.session()
		wants(t, "at first", h.who(s), "Coordinator")
		h.enter(s, "Ben", "")
		wants(t, "signed in", h.who(s), "Ben")
		h.pass(1000 * time.Hour)
		wants(t, "without PINs nothing locks", h.who(s), "Ben")
		s.SignOut()
		wants(t, "signed out", h.who(s), "Coordinator")
	})

	t.Run("the first PIN asks everybody to sign in but whoever set it", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		here, elsewhere := h.session(), h.session()
		here.Keep(h.coordinator())
		told(here)
		h.pin("coordinator", "2580", "")
		wants(t, "where it was set", h.who(here), "Coordinator")
		wants(t, "elsewhere", h.who(elsewhere), "not_signed_in")
		if !told(elsewhere) {
			t.Error("the other session was not told")
		}
	})

	t.Run("a wrong PIN signs nobody in", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.pin("coordinator", "2580", "")
		s := h.session()
		_, err := s.SignIn(t.Context(), "coordinator", "1111")
		refused(t, "wrong", err, fault.WrongPIN)
		wants(t, "nobody", h.who(s), "not_signed_in")
		h.enter(s, "coordinator", "2580")
		if wants(t, "right", h.who(s), "Coordinator"); !told(s) {
			t.Error("nobody was told")
		}
		s.SignOut()
		wants(t, "signed out", h.who(s), "not_signed_in")
		state, err := s.State(t.Context())
		if err != nil || state.Locked || !state.PINs || !state.SetUp {
			t.Errorf("state: %+v, %v", state, err)
		}
	})

	t.Run("the person is as they are now, not as they signed in", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.pin("coordinator", "2580", "")
		ben := h.add("Ben", auth.Teacher, "1379")
		s := h.session()
		h.enter(s, "Ben", "1379")
		may := true
		if _, err := h.People.Grant(t.Context(), h.coordinator(), "Ben", service.Grant{ManageContent: &may}); err != nil {
			t.Fatal(err)
		}
		if p, err := s.Person(t.Context()); err != nil || !p.ManageContent {
			t.Errorf("after a grant: %+v, %v", p, err)
		}
		told(s)
		if _, err := h.People.Remove(t.Context(), h.coordinator(), ben.ID); err != nil {
			t.Fatal(err)
		}
		wants(t, "removed", h.who(s), "not_signed_in")
		if !told(s) {
			t.Error("nobody was told")
		}
	})

	t.Run("a closed one lets nobody in", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		s := h.session()
		s.Close()
		wants(t, "closed", h.who(s), "not_signed_in")
		_, err := s.SignIn(t.Context(), "coordinator", "")
		refused(t, "sign in", err, fault.NotSignedIn)
	})
}

func TestTheSessionLocks(t *testing.T) {
	t.Parallel()
	// open is a laptop where Ben has signed in, to be locked after ten minutes.
	open := func(t *testing.T) (*home, *service.Session) {
		t.Helper()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "1379")
		s := h.session()
		h.enter(s, "Ben", "1379")
		told(s)
		return h, s
	}
	const almost = 10*time.Minute - time.Second

	t.Run("after a while without use", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		h.pass(almost)
		wants(t, "in time", h.who(s), "Ben")
		h.pass(time.Second)
		wants(t, "too late", h.who(s), "not_signed_in")
		if state, err := s.State(t.Context()); err != nil || !state.Locked || !told(s) {
			t.Errorf("state: %+v, %v", state, err)
		}
		h.enter(s, "Ben", "1379")
		wants(t, "signed in again", h.who(s), "Ben")
	})

	t.Run("use puts it off, and comes too late once it has happened", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		for range 3 {
			h.pass(almost)
			s.Touch()
		}
		wants(t, "used", h.who(s), "Ben")
		h.pass(time.Hour)
		s.Touch()
		wants(t, "touched too late", h.who(s), "not_signed_in")
	})

	t.Run("calls that a window makes by itself are no use", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		for range 10 {
			h.pass(time.Minute)
			h.who(s)
		}
		wants(t, "only looked at", h.who(s), "not_signed_in")
	})

	t.Run("over a sleep of the laptop, which only its clock counts", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		h.clock.turn(func(t time.Time) time.Time { return t.Add(8 * time.Hour) })
		wants(t, "after the night", h.who(s), "not_signed_in")
	})

	t.Run("also when the clock was set back", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		h.clock.turn(func(t time.Time) time.Time { return t.AddDate(-1, 0, 0) })
		wants(t, "set back", h.who(s), "Ben")
		h.pass(10 * time.Minute)
		wants(t, "unused", h.who(s), "not_signed_in")
	})

	t.Run("the setting changes it at once, and 0 is never", func(t *testing.T) {
		t.Parallel()
		h, s := open(t)
		h.set("lock_after_minutes", "0")
		h.pass(100 * time.Hour)
		wants(t, "never", h.who(s), "Ben")
		s.Touch()
		h.set("lock_after_minutes", "1")
		h.pass(time.Minute)
		wants(t, "after a minute", h.who(s), "not_signed_in")
	})
}

func TestALockedWindowIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		laptop := &clocktest.Clock{}
		services := service.New(service.Config{Store: s, WrongPINs: filepath.Join(folder, "wrong-pins.json"), Clock: laptop})
		if err := services.People.Prepare(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		person, err := services.People.SignedIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		session, err := services.People.OpenSession(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		session.Keep(person)
		if _, err := services.People.SetPIN(t.Context(), person, person.ID, "2580", ""); err != nil {
			t.Fatal(err)
		}
		for told(session) {
			continue
		}
		began := time.Now()
		time.AfterFunc(4*time.Minute, session.Touch)
		<-session.Changes()
		if waited := time.Since(began); waited != 14*time.Minute {
			t.Errorf("locked after %v", waited)
		}
		state, err := session.State(t.Context())
		if err != nil || !state.Locked || state.Person.SignedIn() {
			t.Errorf("state: %+v, %v", state, err)
		}

		if _, err := session.SignIn(t.Context(), person.ID, "2580"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for told(session) {
			continue
		}
		laptop.Sleep(time.Hour)
		began = time.Now()
		<-session.Changes()
		if waited := time.Since(began); waited != 0 {
			t.Errorf("locked %v after the laptop woke up", waited)
		}
	})
}
