//go:build unix

package drive_test

import "syscall"

// What a drive answers that is pulled out while it is read, and afterwards.
const (
	broken    = syscall.EIO
	unplugged = syscall.ENODEV
)
