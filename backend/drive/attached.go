package drive

// Attached reports whether the device of the drive is still there. A drive
// that was pulled out may stay mounted for a while: what was read from it is
// remembered, and seems to be there.
func Attached(d Drive) bool { return attached(d) }
