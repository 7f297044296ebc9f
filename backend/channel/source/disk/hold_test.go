package disk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

func TestHold(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	path, sticks := filepath.Join(top, "SANDISK"), &drivetest.Sticks{}
	if err := os.Mkdir(path, 0o750); err != nil {
		t.Fatal(err)
	}
	sticks.Plug("1234", "SANDISK", path)
	m, on := disk.On(sticks), source.On{Drive: "1234", Name: "SANDISK", Inside: ".", Comes: true}

	t.Run("a place that is held is written like any other, and says the path that people know", func(t *testing.T) {
		place, err := m.Hold(t.Context(), on, path)
		if err != nil {
			t.Fatal(err)
		}
		defer place.Release()
		if err := os.MkdirAll(place.Content(), 0o750); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(place.Seen()); err != nil {
			t.Errorf("what was written is not at the path: %v", err)
		}
		if said := place.Says("no room at " + place.Content()); said != "no room at "+place.Seen() {
			t.Errorf("it says %q", said)
		}
	})

	t.Run("so is a folder on it that is yet to be made", func(t *testing.T) {
		inside := on
		inside.Inside = "new"
		place, err := m.Hold(t.Context(), inside, filepath.Join(path, "new"))
		if err != nil {
			t.Fatal(err)
		}
		defer place.Release()
		if err := os.MkdirAll(place.Content(), 0o750); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(path, "new", "KOLIBRI_DATA", "content")); err != nil {
			t.Errorf("what was written is not at the path: %v", err)
		}
	})

	t.Run("another drive in its place is not held", func(t *testing.T) {
		if _, err := sticks.Pull("1234"); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o750); err != nil {
			t.Fatal(err)
		}
		sticks.Plug("5678", "OTHER", path)
		if _, err := m.Hold(t.Context(), on, path); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("it says %v", err)
		}
	})

	t.Run("a folder on a drive that stays is what its path says", func(t *testing.T) {
		folder := t.TempDir()
		place, err := m.Hold(t.Context(), source.On{}, folder)
		if err != nil || place.Content() != place.Seen() || !strings.HasPrefix(place.Seen(), folder) {
			t.Errorf("it is %+v, %v", place, err)
		}
		place.Release()
	})
}
