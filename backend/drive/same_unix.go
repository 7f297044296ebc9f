//go:build unix

package drive

import (
	"golang.org/x/sys/unix"
)

// sameFileSystem compares the devices.
func sameFileSystem(a, b string) bool {
	var one, other unix.Stat_t
	return unix.Stat(a, &one) == nil && unix.Stat(b, &other) == nil && one.Dev == other.Dev
}
