package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/store"
)

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("what was stored is there after opening again", func(t *testing.T) {
		t.Parallel()
		s, path := fresh(t)
		want := *insert(t, s, queued())[0].Job
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := store.Open(t.Context(), path, store.Options{BeforeMigration: func(string, int) error {
			t.Error("a database of this version is migrated")
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = again.Close() }()
		if diff := cmp.Diff(want, read(t, again, "1")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("who opens to read follows the owner", func(t *testing.T) {
		t.Parallel()
		s, path := fresh(t)
		reader, err := store.OpenToRead(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reader.Close() }()
		insert(t, s, queued())
		read(t, reader, "1")
		if _, err := reader.Insert(t.Context(), nil); err == nil {
			t.Error("a reader may insert")
		}
	})

	t.Run("a job that was never stored is not found", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		if _, err := s.Job(t.Context(), "library.scan"); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("got %v", err)
		}
	})
}

func TestPeopleAndSettings(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ada := auth.Member{Person: auth.Person{ID: "a", Name: "Ada", Role: auth.Coordinator}}
	ben := auth.Member{Person: auth.Person{ID: "b", Name: "Ben", Role: auth.Teacher, ManageContent: true}, PIN: "hash"}
	add := func(m auth.Member) error {
		_, err := s.ChangeRoll(t.Context(), func(r *auth.Roll) error {
			r.Members = append(r.Members, m)
			return nil
		})
		return err
	}
	for _, m := range []auth.Member{ben, ada} {
		if err := add(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(auth.Member{Person: auth.Program()}); err == nil {
		t.Error("the program is no person")
	}
	roll, err := s.Roll(t.Context())
	if diff := cmp.Diff(auth.Roll{Members: []auth.Member{ben, ada}}, roll); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}

	errUndecided := errors.New("undecided")
	changed, err := s.ChangeRoll(t.Context(), func(r *auth.Roll) error {
		r.Members = slices.Delete(r.Members, 0, 1)
		return errUndecided
	})
	if again, _ := s.Roll(t.Context()); !errors.Is(err, errUndecided) || len(again.Members) != 2 {
		t.Errorf("a change that was refused is stored: %v, %v", changed, err)
	}
	changed, err = s.ChangeRoll(t.Context(), func(r *auth.Roll) error {
		r.Members = slices.Delete(r.Members, 0, 1)
		r.Members[0].PIN, r.Members[0].Name, r.SetUp, r.Recovery = "pin", "Adele", true, "code"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ada.PIN, ada.Name = "pin", "Adele"
	want := auth.Roll{Members: []auth.Member{ada}, SetUp: true, Recovery: "code"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("the change answers (-want +got):\n%s", diff)
	}
	roll, err = s.Roll(t.Context())
	if diff := cmp.Diff(want, roll); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}

	for _, v := range []any{4, 6, []string{"a"}} {
		if err := s.SetSetting(t.Context(), "workers", v); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetSetting(t.Context(), "odd", func() {}); err == nil {
		t.Error("a function is a setting")
	}
	settings, err := s.Settings(t.Context())
	if len(settings) != 1 || string(settings["workers"]) != `["a"]` || err != nil {
		t.Errorf("settings are %v, %v", settings, err)
	}
}
