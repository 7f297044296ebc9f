package task

import (
	"errors"
	"fmt"
	"strings"
)

// Need is a thing of the world that a job cannot do without: a drive, a
// server, the charger. What it means and whether it is met is known to
// whoever watches the world, not to the engine.
type Need struct {
	// Code names the kind of thing. Its words are the text "waiting.<code>".
	Code string
	// Item says which one to people, such as a drive's label.
	Item string
	// Key says which one to the program.
	Key string
}

// The kinds of things that the program watches.
const (
	NeedDrive  = "drive"  // Key: the place of a source on it
	NeedFolder = "folder" // Key: its path
	NeedServer = "server" // Key: ServerKey
	// NeedPower is enough power for a job that takes long: the charger, or a
	// battery that holds more than people decided. NeedCalm is a time outside
	// the hours that people want quiet.
	NeedPower = "power"
	NeedCalm  = "quiet"
	// NeedContent is the content folder when nobody else uses it, and
	// NeedContentMoved when it is not being put elsewhere.
	NeedContent      = "content"
	NeedContentMoved = "content_moves"
	// NeedDecision is somebody who decides whether a job is still to be done that
	// waited in a backup which was brought back. The job is PAUSED.
	NeedDecision = "restored"
)

// ServerKey names a server by its address, and by the id that it says of itself;
// "" where that is not known.
func ServerKey(address, id string) string {
	if id == "" {
		return address
	}
	return address + "#" + id
}

// ServerOf answers what ServerKey was made of.
func ServerOf(key string) (address, id string) {
	address, id, _ = strings.Cut(key, "#")
	return address, id
}

// waiting is the error by which a function asks to wait.
type waiting struct{ need Need }

func (w *waiting) Error() string { return fmt.Sprintf("waits for %s %s", w.need.Code, w.need.Item) }

// WaitFor answers the error to return when a thing of the world went away
// during the work. The attempt then ends without having failed: the job waits
// in the queue, holds no worker, and runs again when the thing is back. What
// the function has kept and stored stays.
func (r *Run) WaitFor(need Need) error { return &waiting{need} }

// Awaited answers what the error asks to wait for. It reports whether the
// error is one of WaitFor.
func Awaited(err error) (Need, bool) {
	if err == nil { // most often, and errors.As asks for memory first
		return Need{}, false
	}
	var w *waiting
	if errors.As(err, &w) {
		return w.need, true
	}
	return Need{}, false
}
