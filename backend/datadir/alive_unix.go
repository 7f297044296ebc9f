//go:build unix

package datadir

import (
	"errors"
	"syscall"
)

// alive reports whether there is a process of that number, also one of
// somebody else's.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
