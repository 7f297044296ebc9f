package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/store"
)

func TestKnownSources(t *testing.T) {
	t.Parallel()

	t.Run("what was seen last at a path is remembered", func(t *testing.T) {
		t.Parallel()
		s, _ := fresh(t)
		old := store.KnownSource{Path: `E:\`, Kind: "drive", Name: "OLD", Drive: "1", Called: "OLD", Inside: ".", Comes: true}
		stick := store.KnownSource{
			Path: `E:\`, Kind: "folder", Name: "sub", Drive: "2", Called: "SANDISK", Inside: "sub", Comes: true,
			Channels: map[channel.ID]string{"95a52b386f2c485cb97dd60901674a98": "Blockly Games"},
		}
		for _, seen := range []store.KnownSource{old, stick} {
			if err := s.RememberSource(t.Context(), seen); err != nil {
				t.Fatal(err)
			}
		}
		got, found, err := s.SourceAt(t.Context(), `E:\`)
		if diff := cmp.Diff(stick, got); diff != "" || !found || err != nil {
			t.Errorf("found %v, %v (-want +got):\n%s", found, err, diff)
		}
		if got, found, err := s.SourceAt(t.Context(), `F:\`); found || err != nil {
			t.Errorf("of a path where nothing was seen it knows %+v, %v", got, err)
		}
	})

	t.Run("the sources that were seen longest ago are forgotten", func(t *testing.T) {
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
		const seen = 205
		for i := range seen {
			if err := s.RememberSource(t.Context(), store.KnownSource{Path: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range seen {
			if _, found, err := s.SourceAt(t.Context(), fmt.Sprint(i)); err != nil || found != (i >= 5) {
				t.Errorf("the source %d of %d is known: %v, %v", i, seen, found, err)
			}
		}
	})
}
