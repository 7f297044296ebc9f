//go:build unix

package disk

import "syscall"

// noFollow refuses a link, and never waits for a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
