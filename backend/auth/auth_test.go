package auth_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"nectar/backend/auth"
	"nectar/backend/fault"
)

func TestPIN(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		want    auth.PIN
		obvious bool
	}{
		{"2580", "2580", false},
		{" 2580 ", "2580", false},
		{"٢٥٨٠", "2580", false},
		{"۲۵۸۰", "2580", false},
		{"२५८०", "2580", false},
		{"000000000000", "000000000000", true},
		{"1234", "1234", true},
		{"7890", "7890", true},
		{"4321", "4321", true},
		{"1212", "1212", false},
	} {
		pin, err := auth.ParsePIN(c.text)
		if err != nil || pin != c.want || pin.Obvious() != c.obvious {
			t.Errorf("%q is the PIN %q (obvious: %v), %v", c.text, pin, pin.Obvious(), err)
		}
	}
	for _, text := range []string{"", "123", "1234567890123", "12a4", "12 34", "-1234", "1²34", "ⅳⅳⅳⅳ"} {
		if pin, err := auth.ParsePIN(text); fault.CodeOf(err) != fault.InvalidRequest {
			t.Errorf("%q is the PIN %q, %v", text, pin, err)
		}
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	hash, err := auth.HashOf("2580")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(hash), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %s", hash)
	}
	again, err := auth.HashOf("2580")
	if err != nil || again == hash {
		t.Error("two hashes of one PIN are equal")
	}
	older, err := argon2id.CreateHash("2580", &argon2id.Params{Memory: 8 * 1024, Iterations: 1, Parallelism: 2, SaltLength: 8, KeyLength: 16})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []auth.Hash{hash, again, auth.Hash(older)} {
		if ok, err := h.Matches("2580"); !ok || err != nil {
			t.Errorf("%s does not match: %v", h, err)
		}
		if ok, err := h.Matches("2581"); ok || err != nil {
			t.Errorf("%s matches another PIN: %v", h, err)
		}
	}
	if ok, err := auth.Hash("").Matches(""); ok || err != nil {
		t.Errorf("no secret matches nothing: %v", err)
	}
}

func TestRecoveryCode(t *testing.T) {
	t.Parallel()
	code := auth.RecoveryCode()
	if len(code) != 19 || strings.Count(code, "-") != 3 || code == auth.RecoveryCode() {
		t.Errorf("the code is %s", code)
	}
	want := auth.ReadCode(code)
	if len(want) != 16 {
		t.Errorf("%s is read as %s", code, want)
	}
	typed := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(code))
	if got := auth.ReadCode(" " + typed + " "); got != want {
		t.Errorf("%q is read as %s, want %s", typed, got, want)
	}
}

// laptop is a process of a laptop whose clock nobody can set.
type laptop struct {
	*auth.Guard

	t    *testing.T
	path string
	ran  time.Duration
}

func (l *laptop) restart() {
	l.Guard = auth.NewGuard(l.path, func() time.Duration { return l.ran })
}

func newLaptop(t *testing.T) *laptop {
	l := &laptop{t: t, path: filepath.Join(t.TempDir(), "wrong.json")}
	l.restart()
	return l
}

// try tries a secret, and answers the code of the fault.
func (l *laptop) try(key string, right bool) fault.Code {
	l.t.Helper()
	looked := false
	err := l.Try(key, fault.New(fault.WrongPIN), func() (bool, error) {
		looked = true
		return right, nil
	})
	if code := fault.CodeOf(err); looked == (code == fault.TooManyTries) {
		l.t.Errorf("looked: %v, %v", looked, err)
	}
	return fault.CodeOf(err)
}

func (l *laptop) want(code, got fault.Code) {
	l.t.Helper()
	if got != code {
		l.t.Fatalf("the try answers %q, want %q", got, code)
	}
}

// wrongTries tries wrong ones as fast as it is allowed, and answers how long
// each wait was.
func (l *laptop) wrongTries(n int) []time.Duration {
	l.t.Helper()
	var waits []time.Duration
	for range n {
		before := l.ran
		for l.try("amal", false) == fault.TooManyTries {
			l.ran += time.Second
		}
		waits = append(waits, l.ran-before)
	}
	return waits
}

func TestGuard(t *testing.T) {
	t.Parallel()

	t.Run("each wrong try after the third waits twice as long, up to a limit", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		want := []time.Duration{0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300}
		for i, wait := range l.wrongTries(len(want)) {
			if wait != want[i]*time.Second {
				t.Errorf("try %d waits %v, want %v seconds", i+1, wait, int(want[i]))
			}
		}
	})

	t.Run("a right one comes too soon as well, and takes the wrong ones back in time", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.wrongTries(4)
		l.want(fault.TooManyTries, l.try("amal", true))
		l.want("", l.try("ben", true))
		l.ran += 10 * time.Second
		l.want("", l.try("amal", true))
		for i, wait := range l.wrongTries(3) {
			if wait != 0 {
				t.Errorf("try %d waits %v", i+1, wait)
			}
		}
	})

	t.Run("starting the program anew begins the wait anew", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		l.wrongTries(5)
		l.ran = 0
		l.restart()
		l.want(fault.TooManyTries, l.try("amal", true))
		l.ran += 19 * time.Second
		l.want(fault.TooManyTries, l.try("amal", true))
		l.restart()
		l.ran += 19 * time.Second
		l.want(fault.TooManyTries, l.try("amal", true))
		l.ran += time.Second
		l.want("", l.try("amal", true))
	})

	t.Run("a try that the program does not survive counts as wrong", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		for range 3 {
			func() {
				defer func() { _ = recover() }()
				_ = l.Try("amal", fault.New(fault.WrongPIN), func() (bool, error) { panic("killed") })
			}()
			l.restart()
		}
		l.want(fault.TooManyTries, l.try("amal", true))
	})

	t.Run("two processes share the tries", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		other := &laptop{t: t, path: l.path}
		other.restart()
		l.wrongTries(4)
		other.want(fault.TooManyTries, other.try("amal", true))
		other.ran += 10 * time.Second
		other.want(fault.WrongPIN, other.try("amal", false))
		l.ran += 10 * time.Second
		l.want(fault.TooManyTries, l.try("amal", true))
		l.ran += 20 * time.Second
		l.want("", l.try("amal", true))
	})

	t.Run("a secret that was replaced has no wrong tries", func(t *testing.T) {
		t.Parallel()
		l := newLaptop(t)
		if err := l.Forget("amal"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(l.path + ".lock"); err == nil {
			t.Error("forgetting nothing makes a file")
		}
		l.wrongTries(6)
		if err := l.Forget("amal"); err != nil {
			t.Fatal(err)
		}
		l.want("", l.try("amal", true))
	})

	for name, damage := range map[string]string{
		"nothing":                   "",
		"half of it":                `{"amal": 1`,
		"another form":              `["amal"]`,
		"null":                      "null",
		"a count that is a text":    `{"amal": "4"}`,
		"a count below zero":        `{"amal": -9223372036854775808}`,
		"a count that cannot go on": `{"amal": 9223372036854775807}`,
		"a count beyond all":        `{"amal": 1e300}`,
		"zeros, as a power cut":     "\x00\x00\x00\x00",
	} {
		t.Run("a record that was damaged is begun anew, and counts: "+name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			if err := os.WriteFile(l.path, []byte(damage), 0o600); err != nil {
				t.Fatal(err)
			}
			l.restart()
			l.want("", l.try("amal", true))
			if err := os.WriteFile(l.path, []byte(damage), 0o600); err != nil {
				t.Fatal(err)
			}
			l.restart()
			for i, wait := range l.wrongTries(5) {
				if want := []time.Duration{0, 0, 0, 5, 10}[i] * time.Second; wait != want {
					t.Errorf("try %d waits %v, want %v", i+1, wait, want)
				}
			}
		})
	}

	t.Run("a place that cannot be written lets nobody try", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"", filepath.Join(t.TempDir(), "missing", "wrong.json")} {
			g := auth.NewGuard(path, func() time.Duration { return 0 })
			err := g.Try("amal", fault.New(fault.WrongPIN), func() (bool, error) {
				t.Error("looked")
				return true, nil
			})
			if err == nil {
				t.Errorf("%q can be tried", path)
			}
		}
	})
}

func TestRoll(t *testing.T) {
	t.Parallel()
	teacher := func(name string) auth.Member {
		return auth.Member{Person: auth.Person{Name: name, Role: auth.Teacher}}
	}
	fresh := func(t *testing.T) *auth.Roll {
		t.Helper()
		r := &auth.Roll{}
		if _, err := r.Add(auth.Member{Person: auth.Person{Name: "Amal", Role: auth.Coordinator}}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Add(teacher(" Ben ")); err != nil {
			t.Fatal(err)
		}
		return r
	}

	t.Run("names are plain, one line, and one person's alone", func(t *testing.T) {
		t.Parallel()
		r := fresh(t)
		for _, name := range []string{"", "  ", "AMAL", "ben", "a\nb", "a\x00", "\xff", strings.Repeat("x", 61), r.Members[0].ID} {
			if m, err := r.Add(teacher(name)); fault.CodeOf(err) != fault.InvalidRequest {
				t.Errorf("%q was added as %+v, %v", name, m, err)
			}
			if _, err := r.Rename("Ben", name); fault.CodeOf(err) != fault.InvalidRequest && name != "ben" {
				t.Errorf("Ben was renamed to %q, %v", name, err)
			}
		}
		if m, err := r.Rename("ben", "BEN"); err != nil || m.Name != "BEN" || len(r.Members) != 2 {
			t.Errorf("renamed: %+v, %v", m, err)
		}
	})

	t.Run("a name and a role are refused at once", func(t *testing.T) {
		t.Parallel()
		_, err := fresh(t).Add(auth.Member{Person: auth.Person{Role: auth.System}})
		if f := fault.Of(err); f == nil || len(f.Fields) != 2 {
			t.Errorf("got %v", err)
		}
	})

	t.Run("the last coordinator stays one", func(t *testing.T) {
		t.Parallel()
		r := fresh(t)
		toTeacher, toCoordinator := auth.Teacher, auth.Coordinator
		if _, err := r.Remove("Amal"); fault.CodeOf(err) != fault.LastCoordinator {
			t.Errorf("removed: %v", err)
		}
		if _, err := r.Grant("Amal", &toTeacher, nil); fault.CodeOf(err) != fault.LastCoordinator {
			t.Errorf("demoted: %v", err)
		}
		if _, err := r.Grant("Ben", &toCoordinator, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Grant("Amal", &toTeacher, nil); err != nil {
			t.Errorf("one of two is not demoted: %v", err)
		}
		if _, err := r.Remove("Ben"); fault.CodeOf(err) != fault.LastCoordinator {
			t.Errorf("removed: %v", err)
		}
		if _, err := r.Remove("Amal"); err != nil || len(r.Members) != 1 {
			t.Errorf("a teacher is not removed: %v", err)
		}
	})

	t.Run("the recovery code goes with the last PIN", func(t *testing.T) {
		t.Parallel()
		r := fresh(t)
		for _, who := range []string{"Amal", "Ben"} {
			if _, err := r.SetPIN(who, "hash"); err != nil {
				t.Fatal(err)
			}
		}
		r.Recovery = "code"
		if _, err := r.SetPIN("Amal", ""); err != nil || r.Recovery == "" || !r.AnyPIN() {
			t.Errorf("with one PIN left: %+v, %v", r, err)
		}
		if _, err := r.Remove("Ben"); err != nil || r.Recovery != "" || r.AnyPIN() {
			t.Errorf("with none left: %+v, %v", r, err)
		}
	})

	t.Run("nobody is found under no name", func(t *testing.T) {
		t.Parallel()
		for _, who := range []string{"", "Nobody"} {
			if m, err := fresh(t).Find(who); fault.CodeOf(err) != fault.NotFound {
				t.Errorf("%q is %+v, %v", who, m, err)
			}
		}
	})
}
