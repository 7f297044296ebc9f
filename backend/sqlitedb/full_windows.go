package sqlitedb

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// full reports whether the disk has no more room, or the user no more share of
// it. SQLite hands on what Windows has answered, which is not ENOSPC.
func full(errno syscall.Errno) bool {
	return errno == windows.ERROR_DISK_FULL || errno == windows.ERROR_HANDLE_DISK_FULL ||
		errno == windows.ERROR_DISK_QUOTA_EXCEEDED
}
