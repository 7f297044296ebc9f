//go:build unix

package sqlitedb_test

import "syscall"

// What the system says of a disk without room, and of a user without any left.
const (
	noRoom  = syscall.ENOSPC
	noShare = syscall.EDQUOT
)
