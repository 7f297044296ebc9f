package drive

import (
	"syscall"

	"golang.org/x/sys/windows"
)

var goneNumbers = []syscall.Errno{
	windows.ERROR_NOT_READY, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_DEVICE_NOT_CONNECTED,
	windows.ERROR_NO_SUCH_DEVICE, windows.ERROR_IO_DEVICE, windows.ERROR_DEVICE_REMOVED,
	windows.ERROR_NO_MEDIA_IN_DRIVE, windows.ERROR_BAD_NETPATH, windows.ERROR_NETNAME_DELETED,
	windows.ERROR_CRC, windows.ERROR_GEN_FAILURE,
}
