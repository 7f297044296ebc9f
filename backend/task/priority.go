package task

// Priority orders due jobs; a lower number runs first. The numbers are
// stored, and are those of Kolibri.
type Priority int

// The priorities.
const (
	High    Priority = 5
	Regular Priority = 10
	Low     Priority = 15
)

// String answers the name that scripts use.
func (p Priority) String() string {
	switch p {
	case High:
		return "high"
	case Low:
		return "low"
	case Regular:
		return "regular"
	}
	return "unknown"
}

// ParsePriority reads a priority's name.
func ParsePriority(name string) (Priority, bool) {
	for _, p := range []Priority{High, Regular, Low} {
		if p.String() == name {
			return p, true
		}
	}
	return 0, false
}

// Valid reports whether this is one of the three priorities.
func (p Priority) Valid() bool { return p == High || p == Regular || p == Low }

// Raised answers the priority one step higher; High stays High.
func (p Priority) Raised() Priority {
	if p == Low {
		return Regular
	}
	return High
}
