package power

import (
	"errors"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32       = windows.NewLazySystemDLL("kernel32.dll")
	getPowerStatus = kernel32.NewProc("GetSystemPowerStatus")
	setThreadState = kernel32.NewProc("SetThreadExecutionState")
)

// powerStatus is SYSTEM_POWER_STATUS.
type powerStatus struct {
	line     byte // 0: on battery; 1: on mains; 255: unknown
	flags    byte
	percent  byte // 255: unknown
	saving   byte
	left     uint32
	fullTime uint32
}

const (
	noBattery = 128
	unknown   = 255
)

func read() (State, error) {
	var status powerStatus
	if ok, _, err := getPowerStatus.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return State{}, err
	}
	return stateOf(status), nil
}

func stateOf(s powerStatus) State {
	if s.flags == unknown || s.flags&noBattery != 0 {
		return mains
	}
	state := State{Battery: true, Mains: s.line != 0, Percent: 100}
	if s.percent <= 100 {
		state.Percent = int(s.percent)
	}
	return state
}

// The flags of SetThreadExecutionState: the state lasts until it is changed,
// and the system does not fall asleep.
const (
	continuous     = 0x80000000
	systemRequired = 0x00000001
)

// stayAwake holds a thread that says so: the state is that of the thread.
func stayAwake(string) (func(), error) {
	done, began := make(chan struct{}), make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		before, _, _ := setThreadState.Call(continuous | systemRequired)
		began <- before != 0
		<-done
		_, _, _ = setThreadState.Call(continuous)
	}()
	release := sync.OnceFunc(func() { close(done) })
	if !<-began {
		release()
		return nil, errors.New("the system did not take the request to stay awake")
	}
	return release, nil
}
