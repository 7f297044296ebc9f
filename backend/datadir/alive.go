package datadir

// Alive reports whether there is a process of that number, also one of somebody
// else's.
func Alive(pid int) bool { return alive(pid) }
