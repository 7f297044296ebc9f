package datadir

import (
	"strconv"

	"golang.org/x/sys/windows"
)

// stillActive is the exit code of a process that has not ended.
const stillActive = 259

// alive reports whether there is a process of that number.
func alive(pid int) bool {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid)) //nolint:gosec // a process number is small
	if err != nil {
		return false
	}
	defer func() { _ = windows.CloseHandle(process) }()
	var code uint32
	return windows.GetExitCodeProcess(process, &code) == nil && code == stillActive
}

// born answers when the process began, "" where the system does not tell.
func born(pid int) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid)) //nolint:gosec // a process number is small
	if err != nil {
		return ""
	}
	defer func() { _ = windows.CloseHandle(process) }()
	var began, ended, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(process, &began, &ended, &kernel, &user); err != nil {
		return ""
	}
	return strconv.FormatInt(began.Nanoseconds(), 10)
}
