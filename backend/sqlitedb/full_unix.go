//go:build unix

package sqlitedb

import "syscall"

// full reports whether the disk has no more room, or the user no more share of
// it. SQLite itself knows only the first, and not at every step.
func full(errno syscall.Errno) bool { return errno == syscall.ENOSPC || errno == syscall.EDQUOT }
