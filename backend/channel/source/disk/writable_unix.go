//go:build unix

package disk

import "golang.org/x/sys/unix"

// writable asks whether files could be made in the folder, and makes none.
func writable(folder string) bool { return unix.Access(folder, unix.W_OK) == nil }
