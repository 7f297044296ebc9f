package task

import "encoding/json"

// Notes is what a running attempt has to say since it was stored last.
type Notes struct {
	Job          int64 // number
	Attempt      int64
	Progress     int64
	Total        int64
	Cancellable  bool
	Metadata     json.RawMessage
	Checkpoint   json.RawMessage // nil: as it was
	Advanced     bool            // there is new progress or a checkpoint: an interruption from now on counts from one
	Problems     []Problem       // new ones
	ProblemCount int64           // all of this attempt
	Log          []LogLine       // new ones
}
