package windowstate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/windowstate"
)

func TestAWindowIsAsItWasLeft(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "window.json")
	left := windowstate.State{Width: 900, Height: 700, Place: &windowstate.Place{X: 20, Y: 40}, Maximised: true, Dark: true}
	if err := left.Write(path); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(left, windowstate.Read(path)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeUsedIsAsAtFirst(t *testing.T) {
	t.Parallel()
	first := windowstate.Read(filepath.Join(t.TempDir(), "none"))
	if first.Width < windowstate.MinWidth || first.Height < windowstate.MinHeight || first.Place != nil {
		t.Fatalf("a first window is %+v", first)
	}
	for name, text := range map[string]string{
		"an empty file":      "",
		"half a file":        `{"width": 900, "hei`,
		"another kind":       `{"width": "wide"}`,
		"one without an end": `{"width": 900, "height": 700` + strings.Repeat(" ", 1<<20) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "window.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, windowstate.Read(path)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a size that no screen has", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "window.json")
		if err := os.WriteFile(path, []byte(`{"width": -5, "height": 99999999}`), 0o600); err != nil {
			t.Fatal(err)
		}
		got := windowstate.Read(path)
		if got.Width != windowstate.MinWidth || got.Height < 1000 || got.Height > 20_000 {
			t.Errorf("it is %+v", got)
		}
	})
}

func TestAWindowComesToTheScreenThatIsThere(t *testing.T) {
	t.Parallel()
	at := func(x, y int) *windowstate.Place { return &windowstate.Place{X: x, Y: y} }
	for name, c := range map[string]struct {
		left, want windowstate.State
	}{
		"one that fits is where it was": {
			windowstate.State{Width: 900, Height: 600, Place: at(100, 50)},
			windowstate.State{Width: 900, Height: 600, Place: at(100, 50)},
		},
		"one of a larger screen becomes smaller": {
			windowstate.State{Width: 1900, Height: 1000, Place: at(0, 0)},
			windowstate.State{Width: 1024, Height: 600, Place: at(0, 0)},
		},
		"one of a screen that is gone comes to this one": {
			windowstate.State{Width: 900, Height: 600, Place: at(2000, 50)},
			windowstate.State{Width: 900, Height: 600},
		},
		"one whose bar was above the screen too": {
			windowstate.State{Width: 900, Height: 600, Place: at(10, -700)},
			windowstate.State{Width: 900, Height: 600},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.left.On(1024, 600)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
