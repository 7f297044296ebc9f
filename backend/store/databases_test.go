package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/store"
)

func TestServerDatabases(t *testing.T) {
	t.Parallel()
	const id = channel.ID("95a52b386f2c485cb97dd60901674a98")

	t.Run("what was fetched last of a server is remembered", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		last := channel.DatabaseState{Version: 4, Tag: `"b"`, Size: 8192}
		for _, state := range []channel.DatabaseState{{Version: 3, Tag: `"a"`, Size: 4096}, last} {
			if err := s.RememberServerDatabase(t.Context(), "room 3", id, state); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.ServerDatabase(t.Context(), "room 3", id); err != nil || got != last {
			t.Errorf("remembered is %+v, %v", got, err)
		}
		if got, err := s.ServerDatabase(t.Context(), "room 4", id); err != nil || got != (channel.DatabaseState{}) {
			t.Errorf("of another server %+v is remembered, %v", got, err)
		}
	})

	t.Run("those that were fetched longest ago are forgotten", func(t *testing.T) {
		t.Parallel()
		now := noon
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "app.sqlite3"), store.Options{Now: func() time.Time {
			now = now.Add(time.Second)
			return now
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		const fetched, kept = 2005, 2000
		for i := range fetched {
			if err := s.RememberServerDatabase(t.Context(), fmt.Sprint(i), id, channel.DatabaseState{Version: 1, Tag: "x", Size: 1}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range fetched {
			got, err := s.ServerDatabase(t.Context(), fmt.Sprint(i), id)
			if err != nil || (got.Version == 1) != (i >= fetched-kept) {
				t.Errorf("of the server %d of %d %+v is remembered, %v", i, fetched, got, err)
			}
		}
	})
}
