// Package doctor looks at a data folder and the machine that it is on, and
// says what there is and what is missing. It only looks: it makes nothing,
// takes no lock, and works where nothing else does.
package doctor

import (
	"context"
	"time"

	"nectar/backend/datadir"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// State says how good or bad a finding is.
type State string

// The states.
const (
	Good    State = "good"
	Warning State = "warning" // works, but not for long or not for everything
	Bad     State = "bad"     // does not work
)

// Finding is one thing that was looked at. Its sentence is the text
// "doctor.<Text>", filled with Params and Times, and what to do, if anything,
// "doctor.<Text>.advice".
type Finding struct {
	Check  string // what was looked at, for scripts
	State  State
	Text   string
	Params fault.Params
	Times  map[string]time.Time // values that are times
}

// Patient is what is looked at.
type Patient struct {
	Folder *datadir.Dir
	// Pending answers the fault of a damaged database that was set aside while
	// nobody has decided what takes its place.
	Pending func(ctx context.Context) error
	// Backups answers how many there are, and when the last one was made.
	Backups func() (count int, last time.Time, err error)
	// Window reports whether this program can open a window here; else it
	// names what is missing: "build", "parts" or "display".
	Window func(ctx context.Context) (missing string)
	// Drives lists the drives of this machine.
	Drives func(ctx context.Context) ([]drive.Drive, error)
	// Now tells the time.
	Now func() time.Time
}

// Examine looks at everything, in the order in which things need each other.
// It takes as long as the slowest drive, a few seconds at most.
func (p Patient) Examine(ctx context.Context) []Finding {
	var findings []Finding
	for _, look := range []func(context.Context) Finding{
		p.system, p.clock, p.folder, p.fileSystem, p.space, p.owner, p.database, p.backups, p.window, p.drives,
	} {
		findings = append(findings, look(ctx))
	}
	return findings
}

// found makes a finding. The values come in pairs of a name and a value.
func found(check string, state State, text string, pairs ...any) Finding {
	return Finding{Check: check, State: state, Text: check + "." + text, Params: fault.New("", pairs...).Params}
}

// naming answers the finding with a time among its values.
func (f Finding) naming(name string, at time.Time) Finding {
	f.Times = map[string]time.Time{name: at}
	return f
}
