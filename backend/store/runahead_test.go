package store_test

import (
	"slices"
	"testing"

	"nectar/backend/store"
)

// Which tasks run ahead of the storage is known to the next process, and not told of a
// backup as a difference.
func TestWhichTasksRunAheadIsRemembered(t *testing.T) {
	t.Parallel()
	s, path := fresh(t)
	expect := func(s *store.Store, want ...string) {
		t.Helper()
		tasks, err := s.RunsAhead(t.Context())
		if slices.Sort(tasks); err != nil || !slices.Equal(tasks, want) {
			t.Errorf("ahead run %v, %v; want %v", tasks, err, want)
		}
	}
	expect(s)
	backup := path + ".backup"
	if err := store.Copy(t.Context(), path, backup); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"maths.add", "maths.sub", "maths.add"} {
		if err := s.RunAhead(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if same, err := store.Same(t.Context(), backup, path); err != nil || !same {
		t.Errorf("what runs ahead counts as a difference: %v", err)
	}
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	expect(s, "maths.add", "maths.sub")
	if err := s.RanAhead(t.Context(), "maths.add", "maths.nothing"); err != nil {
		t.Fatal(err)
	}
	expect(s, "maths.sub")
}
