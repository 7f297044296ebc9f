package handover

import (
	"encoding/json"
	"math"

	"nectar/backend/fault"
)

// protocol is the version of what is said over the channel. Sides of different
// versions do not understand each other.
const protocol = 1

// Role says what kind of process owns a data folder.
type Role string

// The roles.
const (
	// Window is the window. It gives the folder up when it closes.
	Window Role = "window"
	// Work is "nectar work".
	Work Role = "work"
	// Waiting is a command that runs its own job.
	Waiting Role = "waiting"
)

// hello opens a conversation, from both sides.
type hello struct {
	Protocol int  `json:"nectar_handover"`
	Role     Role `json:"role,omitempty"` // of the owner
	PID      int  `json:"pid,omitempty"`  // of the owner
}

// verb is what a client asks for.
type verb string

const (
	verbRun  verb = "run"  // carry out a command
	verbShow verb = "show" // show the window
	verbTake verb = "take" // hand the folder over
	verbStop verb = "stop" // end
)

type request struct {
	Verb    verb    `json:"verb"`
	Folder  string  `json:"folder,omitempty"` // that the window is to import from; whatever another process says
	Command Command `json:"command,omitzero"`
}

// Command is a command line that is handed over.
type Command struct {
	Args []string `json:"args"`
	// Dir is the working directory, which relative paths begin at.
	Dir string `json:"dir"`
	// Language is the tag of the language of the answer.
	Language string `json:"language"`
	// Terminal says that standard output is one; Width is its columns, 0 when
	// unknown.
	Terminal bool `json:"terminal,omitempty"`
	Width    int  `json:"width,omitempty"`
	// PIN is the one from the environment, or one that was typed; nil when
	// there is none.
	PIN *string `json:"pin,omitempty"`
	// Asks says that somebody can be asked for something secret.
	Asks bool `json:"asks,omitempty"`
	// Mark tells the requests of this command from all others, so that nothing is
	// made twice when it is asked for again.
	Mark string `json:"mark,omitempty"`
	// State is where the command stands, when it began elsewhere.
	State json.RawMessage `json:"state,omitempty"`
}

// Outcome is what became of a command.
type Outcome struct {
	Status int `json:"status"` // the exit status, unless it was moved
	// Moved says that the owner gave the folder up before the command ended:
	// it goes on from State.
	Moved bool            `json:"moved,omitempty"`
	State json.RawMessage `json:"state,omitempty"`
}

// refusal is a fault on its way to another process.
type refusal struct {
	Code   fault.Code   `json:"code"`
	Params fault.Params `json:"params,omitempty"`
}

func refusalOf(err error) refusal {
	r := refusal{Code: fault.CodeOf(err)}
	if f := fault.Of(err); f != nil {
		r.Params = f.Params
	}
	return r
}

func (r refusal) fault() error {
	params := fault.Params{}
	for name, value := range r.Params {
		if n, ok := value.(float64); ok && n == math.Trunc(n) { // JSON knows no integers
			value = int64(n)
		}
		params[name] = value
	}
	return &fault.Fault{Code: r.Code, Params: params}
}
