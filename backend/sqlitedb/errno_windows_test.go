package sqlitedb_test

import "golang.org/x/sys/windows"

// What the system says of a disk without room, and of a user without any left.
const (
	noRoom  = windows.ERROR_DISK_FULL
	noShare = windows.ERROR_DISK_QUOTA_EXCEEDED
)
