// Package power tells where the laptop's current comes from, and keeps the
// laptop from falling asleep.
package power

// State is where the current comes from.
type State struct {
	Battery bool // there is one
	Mains   bool // the charger is plugged in, or there is no battery
	Percent int  // what the battery holds, 0 to 100; 100 without one
}

// mains is a machine without a battery, and one that does not tell.
var mains = State{Mains: true, Percent: 100}

// Machine is this machine. Its methods may be called concurrently.
type Machine struct{}

// Read answers where the current comes from. A machine that does not tell
// counts as one without a battery, since nothing is to be held back there.
func (Machine) Read() State {
	state, err := read()
	if err != nil || !state.Battery {
		return mains
	}
	return state
}

// StayAwake keeps the laptop from falling asleep by itself until release is
// called, which may be more than once. The reason is shown to people who ask
// the system.
func (Machine) StayAwake(why string) (release func(), err error) { return stayAwake(why) }
