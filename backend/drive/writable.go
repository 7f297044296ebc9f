package drive

// Writable reports whether this user may write into the folder, without
// trying. A drive that was mounted read-only is not writable.
func Writable(path string) bool { return writable(path) }
