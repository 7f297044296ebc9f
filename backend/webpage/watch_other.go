//go:build !linux || !(desktop || dev) || bindings

package webpage

// Watch calls a function when the process of the page of a window of this
// program has ended. It never does here: there is no window, or the system's own
// page says so itself.
func Watch(func() (again bool)) {}
