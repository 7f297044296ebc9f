package datadir

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// born answers when the process began, "" where the system does not tell.
func born(pid int) string {
	process, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil || process == nil {
		return ""
	}
	start := process.Proc.P_starttime
	return strconv.FormatInt(start.Sec, 10) + "." + strconv.Itoa(int(start.Usec))
}
