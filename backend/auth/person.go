// Package auth says who a person is, and how they prove it: by a PIN that is
// kept as a hash, with a guard that slows down whoever tries PINs. What a
// person may do is decided by the permissions of package task.
//
// PINs keep pupils and slips out. Who can read the disk can read the data: a
// PIN of a few digits is soon found by somebody who holds its hash.
package auth

// Role is what a person is on this laptop.
type Role string

// The roles.
const (
	// Coordinator may do everything.
	Coordinator Role = "coordinator"
	// Teacher sees the library, opens content and manages their own jobs.
	Teacher Role = "teacher"
	// System is the program itself, for jobs that nobody asked for.
	System Role = "system"
)

// Person is somebody signed in. The zero Person is nobody and may do nothing.
type Person struct {
	ID            string
	Name          string
	Role          Role
	ManageContent bool // a teacher who was given "may manage content"
	// FirstRun says that this person sits at a laptop that nobody has set up
	// yet.
	FirstRun bool
}

// SignedIn reports whether this is somebody at all.
func (p Person) SignedIn() bool { return p.ID != "" && p.Role != "" }

// Program is the person in whose name the program starts its own jobs.
func Program() Person { return Person{ID: "system", Name: "Nectar", Role: System} }
