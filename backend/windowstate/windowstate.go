// Package windowstate remembers how the window was left: its size, its place on
// the screen, and whether it was dark. The window is made before the data
// folder is open, so that this has a small file of its own.
package windowstate

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"github.com/samber/lo"

	"nectar/backend/atomicfile"
)

// The size of a first window, and the largest that is believed, in pixels of the
// desktop.
const (
	firstWidth, firstHeight = 1200, 760
	maxSide                 = 16_384
)

// MinWidth is the least width of a window, in pixels of the desktop.
const MinWidth = 640

// MinHeight is its least height.
const MinHeight = 480

// maxBytes bounds how much of the file is read: a state has some hundred bytes.
const maxBytes = 4096

// State is how a window was left.
type State struct {
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Place     *Place `json:"place,omitempty"` // nil: wherever the system puts it
	Maximised bool   `json:"maximised,omitempty"`
	Dark      bool   `json:"dark,omitempty"` // its surfaces, whoever chose them
}

// Place is the upper left corner of a window on its screen, in pixels of the
// desktop.
type Place struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Read answers what the file says, as far as it can be used. A window that was
// never left, or whose file is damaged, is as a first one.
func Read(path string) State {
	first := State{Width: firstWidth, Height: firstHeight}
	file, err := os.Open(path)
	if err != nil {
		return first
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxBytes))
	state := first
	if err != nil || json.Unmarshal(text, &state) != nil {
		return first
	}
	state.Width = lo.Clamp(state.Width, MinWidth, maxSide)
	state.Height = lo.Clamp(state.Height, MinHeight, maxSide)
	return state
}

// On answers the state for a screen of that size: a window is no larger than
// it, and one whose upper left corner would not be on it, since another screen
// was there, goes wherever the system puts it.
func (s State) On(width, height int) State {
	s.Width, s.Height = min(s.Width, max(width, MinWidth)), min(s.Height, max(height, MinHeight))
	if p := s.Place; p != nil && (p.X < 0 || p.Y < 0 || p.X > width-MinWidth/2 || p.Y > height-MinHeight/2) {
		s.Place = nil
	}
	return s
}

// Write keeps the state in the file, whose folder must exist.
func (s State) Write(path string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, bytes.NewReader(append(text, '\n')), 0o600)
}
