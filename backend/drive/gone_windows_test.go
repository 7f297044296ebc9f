package drive_test

import "golang.org/x/sys/windows"

// What a drive answers that is pulled out while it is read, and afterwards.
const (
	broken    = windows.ERROR_GEN_FAILURE
	unplugged = windows.ERROR_DEVICE_NOT_CONNECTED
)
