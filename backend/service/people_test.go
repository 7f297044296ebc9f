package service_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/clock"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
)

// home is a laptop with its people, with clocks of the test.
type home struct {
	*service.Services

	t      *testing.T
	folder string
	store  *store.Store
	clock  homeClock
}

// homeClock is the clock of a home, which open sessions look at too whenever
// they please. Its alarms are never needed here.
type homeClock struct {
	mu   sync.Mutex
	wall time.Time
	ran  time.Duration
}

func (c *homeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall
}

func (c *homeClock) Elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ran
}

func (c *homeClock) NewAlarm() clock.Alarm { return clock.Plain().NewAlarm() }

// turn moves the clock on the wall alone.
func (c *homeClock) turn(to func(time.Time) time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall = to(c.wall)
}

// pass moves both clocks.
func (c *homeClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.ran = c.wall.Add(d), c.ran+d
}

// run moves the clock that nobody can set alone.
func (c *homeClock) run(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran += d
}

// restart is the start of another program on the same laptop.
func (c *homeClock) restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran = 0
}

// newHome opens a new laptop; its person is the coordinator.
func newHome(t *testing.T) *home {
	t.Helper()
	h := &home{t: t, folder: t.TempDir()}
	h.clock.wall = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	h.open()
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *home) open() {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), filepath.Join(h.folder, "app.sqlite3"), store.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	registry, err := task.NewRegistry()
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = s
	h.Services = service.New(service.Config{
		Store: s, Registry: registry, WrongPINs: filepath.Join(h.folder, "wrong-pins.json"),
		Clock: &h.clock,
	})
	if err := h.People.Prepare(h.t.Context(), ""); err != nil {
		h.t.Fatal(err)
	}
}

// restart ends the program and starts it again.
func (h *home) restart() {
	h.t.Helper()
	if err := h.store.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.clock.restart()
	h.open()
}

// pass lets time go by.
func (h *home) pass(d time.Duration) { h.clock.pass(d) }

// coordinator is the first person of the laptop.
func (h *home) coordinator() auth.Person {
	h.t.Helper()
	p, err := h.People.Known(h.t.Context(), "coordinator")
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// add adds a person, as the coordinator.
func (h *home) add(name string, role auth.Role, pin string) auth.Person {
	h.t.Helper()
	changed, err := h.People.Add(h.t.Context(), h.coordinator(), service.NewPerson{Name: name, Role: role, PIN: pin})
	if err != nil {
		h.t.Fatal(err)
	}
	return changed.Person.Person
}

// pin gives a person a PIN, as the coordinator, and answers what is told.
func (h *home) pin(who, pin, current string) service.Changed {
	h.t.Helper()
	changed, err := h.People.SetPIN(h.t.Context(), h.coordinator(), who, pin, current)
	if err != nil {
		h.t.Fatal(err)
	}
	return changed
}

// signIn answers who signed in, or the code of the fault.
func (h *home) signIn(who, pin string) string {
	h.t.Helper()
	p, err := h.People.SignIn(h.t.Context(), who, pin)
	if err != nil {
		return string(fault.CodeOf(err))
	}
	return p.Name
}

func wants(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func refused(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func TestTheFirstRun(t *testing.T) {
	t.Parallel()

	t.Run("the person at a new laptop is its coordinator, and sets it up once", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		p, err := h.People.SignedIn(t.Context())
		if err != nil || p.Role != auth.Coordinator || !p.FirstRun || !task.NotSetUp.MayRun(p, nil) {
			t.Fatalf("signed in: %+v, %v", p, err)
		}
		changed, err := h.People.SetUp(t.Context(), p, "Amal", "2580")
		if err != nil || changed.Person.Name != "Amal" || changed.RecoveryCode == "" || changed.ObviousPIN {
			t.Fatalf("set up: %+v, %v", changed, err)
		}
		p = h.coordinator()
		if p.FirstRun || p.Name != "Amal" || task.NotSetUp.MayRun(p, nil) {
			t.Errorf("after that: %+v", p)
		}
		_, err = h.People.SetUp(t.Context(), p, "Mallory", "1111")
		refused(t, "set up again", err, fault.Forbidden)
		p.FirstRun = true
		_, err = h.People.SetUp(t.Context(), p, "Mallory", "1111")
		refused(t, "set up again by somebody who read it before", err, fault.Forbidden)
		wants(t, "sign in", h.signIn("Amal", "2580"), "Amal")
	})

	t.Run("a PIN need not be set", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		changed, err := h.People.SetUp(t.Context(), h.coordinator(), "Amal", "")
		if err != nil || changed.RecoveryCode != "" || changed.Person.HasPIN() {
			t.Errorf("set up: %+v, %v", changed, err)
		}
		p, err := h.People.SignedIn(t.Context())
		if err != nil || p.Name != "Amal" || p.FirstRun {
			t.Errorf("signed in: %+v, %v", p, err)
		}
	})

	t.Run("a laptop whose people were changed is set up", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "")
		if p := h.coordinator(); p.FirstRun {
			t.Errorf("still on the first run: %+v", p)
		}
	})

	t.Run("a bad name or PIN stores nothing", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		for _, c := range [][2]string{{"", "2580"}, {"Amal", "12"}} {
			_, err := h.People.SetUp(t.Context(), h.coordinator(), c[0], c[1])
			refused(t, fmt.Sprint(c), err, fault.InvalidRequest)
		}
		if p := h.coordinator(); !p.FirstRun || p.Name != "Coordinator" {
			t.Errorf("after that: %+v", p)
		}
	})
}

func TestSigningIn(t *testing.T) {
	t.Parallel()

	t.Run("is needed as soon as somebody has a PIN, and not after the last one is gone", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "")
		wants(t, "without PINs", h.signIn("Ben", ""), "Ben")
		changed := h.pin("Ben", "2580", "")
		wants(t, "who is told of", changed.Unprotected, []string{"Coordinator"})
		_, err := h.People.SignedIn(t.Context())
		refused(t, "nobody", err, fault.NotSignedIn)
		wants(t, "right", h.signIn("ben", " ٢٥٨٠"), "Ben")
		wants(t, "wrong", h.signIn("Ben", "2581"), "wrong_pin")
		wants(t, "no PIN", h.signIn("Ben", ""), "wrong_pin")
		wants(t, "the hash", h.signIn("Ben", string(changed.Person.PIN)), "wrong_pin")
		wants(t, "nobody", h.signIn("Mallory", ""), "not_found")
		if _, err := h.People.RemovePIN(t.Context(), h.coordinator(), "Ben", ""); err != nil {
			t.Fatal(err)
		}
		if p, err := h.People.SignedIn(t.Context()); err != nil || p.ID != "coordinator" {
			t.Errorf("signed in: %+v, %v", p, err)
		}
	})

	t.Run("shows names, and who has a PIN, to anybody", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		ben := h.add("Ben", auth.Teacher, "2580")
		names, err := h.People.Names(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wants(t, "names", names, []service.Name{{ID: "coordinator", Name: "Coordinator"}, {ID: ben.ID, Name: "Ben", HasPIN: true}})
	})

	t.Run("keeps no PIN and no code in a form that can be read", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		code := h.pin("coordinator", "25802580", "").RecoveryCode
		roll, err := h.store.Roll(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, hash := range []auth.Hash{roll.Members[0].PIN, roll.Recovery} {
			if !strings.HasPrefix(string(hash), "$argon2id$") || strings.Contains(string(hash), "25802580") || strings.Contains(string(hash), code) {
				t.Errorf("kept: %s", hash)
			}
		}
	})

	t.Run("slows down wrong PINs over a restart, whatever the clock says", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "2580")
		for range 3 {
			wants(t, "wrong", h.signIn("Ben", "0000"), "wrong_pin")
		}
		wants(t, "right at once", h.signIn("Ben", "2580"), "too_many_tries")
		h.restart()
		wants(t, "after a restart", h.signIn("Ben", "2580"), "too_many_tries")
		h.clock.turn(func(t time.Time) time.Time { return t.AddDate(1, 0, 0) })
		wants(t, "a year later by the clock", h.signIn("Ben", "2580"), "too_many_tries")
		h.clock.turn(func(time.Time) time.Time { return time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC) })
		wants(t, "in 1970", h.signIn("Ben", "2580"), "too_many_tries")
		h.clock.run(5 * time.Second)
		wants(t, "after the wait", h.signIn("Ben", "2580"), "Ben")
	})

	t.Run("is free again for whom a coordinator gave a new PIN", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.add("Ben", auth.Teacher, "2580")
		for range 4 {
			h.signIn("Ben", "0000")
		}
		h.pin("Ben", "1379", "")
		wants(t, "the new PIN", h.signIn("Ben", "1379"), "Ben")
	})
}

func TestPINs(t *testing.T) {
	t.Parallel()

	t.Run("obvious ones are allowed, and said so", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		if changed := h.pin("coordinator", "1234", ""); !changed.ObviousPIN {
			t.Errorf("told: %+v", changed)
		}
		if changed := h.pin("coordinator", "2580", "1234"); changed.ObviousPIN {
			t.Errorf("told: %+v", changed)
		}
	})

	t.Run("one's own is changed with the present one, and slowed down like signing in", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.pin("coordinator", "2580", "")
		for _, do := range []func(current string) error{
			func(current string) error {
				_, err := h.People.SetPIN(t.Context(), h.coordinator(), "coordinator", "1379", current)
				return err
			},
			func(current string) error {
				_, err := h.People.RemovePIN(t.Context(), h.coordinator(), "coordinator", current)
				return err
			},
		} {
			refused(t, "without", do(""), fault.WrongPIN)
		}
		wants(t, "a further wrong one", h.signIn("coordinator", "0000"), "wrong_pin")
		wants(t, "right at once", h.signIn("coordinator", "2580"), "too_many_tries")
	})

	t.Run("a teacher changes their own, once there are PINs", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		ben := h.add("Ben", auth.Teacher, "")
		_, err := h.People.SetPIN(t.Context(), ben, "Ben", "1379", "")
		refused(t, "the first PIN of the laptop", err, fault.Forbidden)
		h.pin("coordinator", "2580", "")
		changed, err := h.People.SetPIN(t.Context(), ben, "Ben", "1379", "")
		if err != nil || changed.RecoveryCode != "" {
			t.Errorf("own: %+v, %v", changed, err)
		}
		for _, who := range []string{"coordinator", "Mallory"} {
			_, err = h.People.SetPIN(t.Context(), ben, who, "1379", "2580")
			refused(t, who, err, fault.Forbidden)
		}
	})
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.add("Ben", auth.Teacher, "")
	code := h.pin("coordinator", "2580", "").RecoveryCode
	if code == "" {
		t.Fatal("the first PIN brings no recovery code")
	}
	if h.pin("Ben", "1379", "").RecoveryCode != "" {
		t.Error("the second PIN brings one")
	}
	_, err := h.People.Recover(t.Context(), "Ben", code, "4680")
	refused(t, "for a teacher", err, fault.Forbidden)
	_, err = h.People.Recover(t.Context(), "coordinator", code, "46")
	refused(t, "with a bad PIN", err, fault.InvalidRequest)

	changed, err := h.People.Recover(t.Context(), "coordinator", strings.ToLower(strings.ReplaceAll(code, "-", " ")), "4680")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "the old PIN", h.signIn("coordinator", "2580"), "wrong_pin")
	wants(t, "the new PIN", h.signIn("coordinator", "4680"), "Coordinator")
	next := changed.RecoveryCode
	if next == "" || next == code {
		t.Errorf("the next code is %q", next)
	}

	_, err = h.People.Recover(t.Context(), "coordinator", code, "1111")
	refused(t, "a used code", err, fault.WrongCode)
	for range 2 {
		_, err = h.People.Recover(t.Context(), "coordinator", "", "1111")
		refused(t, "no code", err, fault.WrongCode)
	}
	h.restart()
	_, err = h.People.Recover(t.Context(), "coordinator", next, "1111")
	refused(t, "too soon", err, fault.TooManyTries)
	h.clock.run(5 * time.Second)
	if _, err = h.People.Recover(t.Context(), "coordinator", next, "1111"); err != nil {
		t.Errorf("after the wait: %v", err)
	}

	renewed, err := h.People.NewRecoveryCode(t.Context(), h.coordinator())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = h.People.Recover(t.Context(), "coordinator", renewed, "2222"); err != nil {
		t.Errorf("with a code that was asked for: %v", err)
	}
	if _, err := h.People.RemovePIN(t.Context(), h.coordinator(), "Ben", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.People.RemovePIN(t.Context(), h.coordinator(), "coordinator", "2222"); err != nil {
		t.Fatal(err)
	}
	_, err = h.People.NewRecoveryCode(t.Context(), h.coordinator())
	refused(t, "a code without PINs", err, fault.NoPINs)
	if h.pin("Ben", "1379", "").RecoveryCode == "" {
		t.Error("a first PIN brings no recovery code the second time")
	}
}

func TestPeopleAreForCoordinators(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	ben := h.add("Ben", auth.Teacher, "")
	manager := ben
	manager.ManageContent = true
	role := auth.Coordinator
	for _, person := range []auth.Person{{}, ben, manager} {
		for what, do := range map[string]func() error{
			"list": func() error {
				_, err := h.People.List(t.Context(), person)
				return err
			},
			"add": func() error {
				_, err := h.People.Add(t.Context(), person, service.NewPerson{Name: "Eve", Role: role})
				return err
			},
			"rename": func() error {
				_, err := h.People.Rename(t.Context(), person, "Ben", "Benjamin")
				return err
			},
			"grant": func() error {
				_, err := h.People.Grant(t.Context(), person, "Ben", service.Grant{Role: &role})
				return err
			},
			"remove": func() error {
				_, err := h.People.Remove(t.Context(), person, "Ben")
				return err
			},
			"remove a PIN": func() error {
				_, err := h.People.RemovePIN(t.Context(), person, "Ben", "")
				return err
			},
			"make a recovery code": func() error {
				_, err := h.People.NewRecoveryCode(t.Context(), person)
				return err
			},
			"set up": func() error {
				_, err := h.People.SetUp(t.Context(), person, "Eve", "")
				return err
			},
		} {
			refused(t, fmt.Sprintf("%s by %q", what, person.Name), do(), fault.Forbidden)
		}
	}
	members, err := h.People.List(t.Context(), h.coordinator())
	if err != nil || len(members) != 2 || members[1].Name != "Ben" || members[1].Role != auth.Teacher {
		t.Errorf("people are %+v, %v", members, err)
	}
}

func TestTheLastCoordinatorStays(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.add("Ben", auth.Teacher, "")
	toTeacher := auth.Teacher
	_, err := h.People.Remove(t.Context(), h.coordinator(), "coordinator")
	refused(t, "remove", err, fault.LastCoordinator)
	_, err = h.People.Grant(t.Context(), h.coordinator(), "coordinator", service.Grant{Role: &toTeacher})
	refused(t, "demote", err, fault.LastCoordinator)
	h.add("Dina", auth.Coordinator, "")
	if _, err := h.People.Remove(t.Context(), h.coordinator(), "coordinator"); err != nil {
		t.Errorf("remove one of two: %v", err)
	}
	if p, err := h.People.SignedIn(t.Context()); err != nil || p.Name != "Dina" {
		t.Errorf("at the laptop: %+v, %v", p, err)
	}
}
