package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

func TestWhatHasBegunIsNotedUntilItIsForgotten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	s := openAt(t, path)
	is := func(want ...task.Begun) {
		t.Helper()
		got, err := s.Begun()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("what has begun (-want +got):\n%s%v", diff, err)
		}
	}
	note := func(place int, b task.Begun) {
		t.Helper()
		if err := s.NoteBegun(place, b); err != nil {
			t.Fatal(err)
		}
	}
	is()
	note(2, task.Begun{Number: 1 << 40, Attempts: 3})
	note(0, task.Begun{Number: 7})
	note(1, task.Begun{Number: 8})
	note(1, task.Begun{})
	is(task.Begun{Number: 7}, task.Begun{Number: 1 << 40, Attempts: 3})
	note(0, task.Begun{Number: 9})
	is(task.Begun{Number: 9}, task.Begun{Number: 1 << 40, Attempts: 3})

	if err := s.Close(); err != nil { // as a process that died leaves it
		t.Fatal(err)
	}
	s = openAt(t, path)
	is(task.Begun{Number: 9}, task.Begun{Number: 1 << 40, Attempts: 3})

	for range 2 {
		if err := s.ForgetBegun(); err != nil {
			t.Fatal(err)
		}
		is()
	}
	note(1, task.Begun{Number: 5})
	is(task.Begun{Number: 5})
	if err := s.ForgetBegun(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(path + "-begun"); err != nil || len(left) != 0 {
		t.Errorf("there is still %v, %v", left, err)
	}
}

// What was cut short is no note.
func TestHalfANoteOfWhatHasBegunIsNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	s := openAt(t, path)
	if err := os.WriteFile(path+"-begun", []byte("\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := s.Begun()
	if diff := cmp.Diff([]task.Begun{{Number: 7}}, got); diff != "" || err != nil {
		t.Errorf("what has begun (-want +got):\n%s%v", diff, err)
	}
}

func openAt(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
