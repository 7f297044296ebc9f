package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// asStarter is the first argument of a process that only starts another and
// says what that one used. Linux counts the memory of whoever starts a program
// as the program's own until it has its own, and the bench itself holds a large
// channel.
const asStarter = "start-and-measure"

// usage is what a process took.
type usage struct {
	Processor time.Duration
	Memory    int64 // the largest resident set, in bytes
	Written   int64 // bytes that it gave to the disk
}

// start runs the program to its end, and prints its usage. What the program
// prints is thrown away, but what it says on standard error.
func start(args []string) error {
	runtime.LockOSThread()                        // the signal below is for the end of a thread
	command := exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // what the developer asked to measure; it ends with the bench
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("run %s: %w", args[0], err)
	}
	spent := usage{Processor: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	if counted, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		spent.Memory, spent.Written = counted.Maxrss*1024, counted.Oublock*512
	}
	return json.NewEncoder(os.Stdout).Encode(spent)
}
