package wire

// Session is who is signed in at a window.
type Session struct {
	Person *SignedIn `json:"person"` // null when signing in is needed
	Locked bool      `json:"locked"` // somebody left it without use for too long
	PINs   bool      `json:"pins"`   // people have PINs, so that one can sign out
	SetUp  bool      `json:"set_up"` // somebody has set the laptop up
}

// SignedIn is the person who is signed in.
type SignedIn struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Role          string `json:"role"` // coordinator or teacher
	ManageContent bool   `json:"manage_content"`
}

// PersonName is what somebody who is not signed in may know of a person.
type PersonName struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	HasPIN bool   `json:"has_pin"`
}

// Person is somebody who uses this laptop.
type Person struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Role          string `json:"role"` // coordinator or teacher
	ManageContent bool   `json:"manage_content"`
	HasPIN        bool   `json:"has_pin"`
}

// PersonChanged is a person after a change, with what whoever made the change
// should be told.
type PersonChanged struct {
	Person       Person   `json:"person"`
	RecoveryCode *string  `json:"recovery_code"` // shown this once; null when none was made
	ObviousPIN   bool     `json:"obvious_pin"`   // anybody would try it first
	Unprotected  []string `json:"unprotected"`   // coordinators without a PIN while others have one
}

// Setting is a setting with its value.
type Setting struct {
	Name      string   `json:"name"`
	Summary   string   `json:"summary"`
	Type      string   `json:"type"` // integer or choice
	Unit      *string  `json:"unit"`
	Value     any      `json:"value"`
	Default   any      `json:"default"`
	Min       *int     `json:"min"` // of an integer
	Max       *int     `json:"max"`
	Choices   []string `json:"choices"`    // of a choice, else empty
	MayChange bool     `json:"may_change"` // the person who asked
}
