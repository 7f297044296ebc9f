package clock

import (
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// systemBroadcasts are what the system tells all programs that have a window.
var systemBroadcasts broadcasts

// broadcasts rings those who listen when the clock of the system is set, and when its
// sleep ends. While there are any it has a window that nobody sees, of a thread of its own:
// Windows tells such things to windows alone, and not to those that are for messages only.
type broadcasts struct {
	create func() (window uintptr, err error) // nil: createWindow

	changing sync.Mutex // held while somebody joins or leaves, and the window comes or goes
	window   uintptr    // guarded by changing
	ended    chan struct{}

	mu     sync.Mutex     // held for moments, also by the thread of the window
	rings  map[int]func() // guarded by mu
	joined int            // guarded by mu: how many ever did
	ending bool           // guarded by mu: the window is to go
}

// join lets the function, which must not wait, be called from now on until leave is. It
// answers nil where no window can be made, as for a service.
func (b *broadcasts) join(ring func()) (leave func()) {
	b.changing.Lock()
	defer b.changing.Unlock()
	if b.window == 0 && !b.open() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rings == nil {
		b.rings = map[int]func(){}
	}
	b.joined++
	number := b.joined
	b.rings[number] = ring
	return func() { b.leave(number) }
}

// leave ends the window after the last, and waits until it has gone.
func (b *broadcasts) leave(number int) {
	b.changing.Lock()
	defer b.changing.Unlock()
	b.mu.Lock()
	delete(b.rings, number)
	b.ending = len(b.rings) == 0
	last := b.ending
	b.mu.Unlock()
	if last && b.window != 0 {
		_, _, _ = postMessage.Call(b.window, messageEnd, 0, 0)
		<-b.ended
		b.window = 0
	}
}

// open makes the window, and reports whether it is there. The caller holds changing.
func (b *broadcasts) open() bool {
	made := make(chan uintptr)
	b.ended = make(chan struct{})
	b.mu.Lock()
	b.ending = false
	b.mu.Unlock()
	create := b.create
	if create == nil {
		create = createWindow
	}
	go func() {
		defer close(b.ended)
		runtime.LockOSThread() // for ever: the thread ends with the window
		window, err := create()
		if err != nil {
			made <- 0
			return
		}
		made <- window
		dispatch()
	}()
	b.window = <-made
	if b.window == 0 {
		<-b.ended
	}
	return b.window != 0
}

// ring calls all who listen.
func (b *broadcasts) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ring := range b.rings {
		ring()
	}
}

func (b *broadcasts) mayEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ending
}

var (
	user32           = windows.NewLazySystemDLL("user32.dll")
	registerClass    = user32.NewProc("RegisterClassExW")
	createWindowEx   = user32.NewProc("CreateWindowExW")
	destroyWindow    = user32.NewProc("DestroyWindow")
	defaultProcedure = user32.NewProc("DefWindowProcW")
	getMessage       = user32.NewProc("GetMessageW")
	dispatchMessage  = user32.NewProc("DispatchMessageW")
	postMessage      = user32.NewProc("PostMessageW")
	postQuit         = user32.NewProc("PostQuitMessage")
)

// The messages of a window that are listened to, and what one of them is about.
const (
	messageDestroy    = 0x0002 // WM_DESTROY
	messageClose      = 0x0010 // WM_CLOSE
	messageTimeChange = 0x001E // WM_TIMECHANGE
	messagePower      = 0x0218 // WM_POWERBROADCAST
	messageEnd        = 0x8000 // WM_APP: of our own

	resumedCritically = 0x0006 // PBT_APMRESUMECRITICAL
	resumedByPerson   = 0x0007 // PBT_APMRESUMESUSPEND
	resumed           = 0x0012 // PBT_APMRESUMEAUTOMATIC
)

// windowClass is WNDCLASSEXW.
type windowClass struct {
	size                   uint32
	style                  uint32
	procedure              uintptr
	classExtra             int32
	windowExtra            int32
	instance, icon, cursor windows.Handle
	background             windows.Handle
	menu, name             *uint16
	smallIcon              windows.Handle
}

// message is MSG.
type message struct {
	window uintptr
	kind   uint32
	word   uintptr
	long   uintptr
	time   uint32
	x, y   int32
	_      uint32
}

const (
	popup      = 0x80000000 // WS_POPUP
	toolWindow = 0x00000080 // WS_EX_TOOLWINDOW: in no list of windows
	noActivate = 0x08000000 // WS_EX_NOACTIVATE
)

// class registers the class of the window, once: a callback is never given back.
var class = sync.OnceValues(func() (name *uint16, err error) {
	for _, procedure := range []*windows.LazyProc{
		registerClass, createWindowEx, destroyWindow, defaultProcedure, getMessage, dispatchMessage, postMessage, postQuit,
	} {
		if err := procedure.Find(); err != nil { // some servers have none of this
			return nil, err
		}
	}
	if name, err = windows.UTF16PtrFromString("nectar.clock"); err != nil {
		return nil, err
	}
	c := windowClass{procedure: windows.NewCallback(receive), name: name}
	c.size = uint32(unsafe.Sizeof(c))
	if atom, _, err := registerClass.Call(uintptr(unsafe.Pointer(&c))); atom == 0 {
		return nil, err
	}
	return name, nil
})

// createWindow makes a window that is never shown, of this thread.
func createWindow() (uintptr, error) {
	name, err := class()
	if err != nil {
		return 0, err
	}
	window, _, err := createWindowEx.Call(toolWindow|noActivate, uintptr(unsafe.Pointer(name)), 0, popup, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return 0, err
	}
	return window, nil
}

// dispatch hands the messages of this thread over, until its window has gone.
func dispatch() {
	var m message
	for {
		if more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(more) <= 0 {
			return
		}
		_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
	}
}

// receive takes the messages of the window. Whoever asks it to close, such as a manager of
// tasks, does not mean the clock.
func receive(window, kind, word, long uintptr) uintptr {
	switch kind {
	case messageTimeChange:
		systemBroadcasts.ring()
		return 0
	case messagePower:
		if word == resumed || word == resumedByPerson || word == resumedCritically {
			systemBroadcasts.ring()
		}
		return 1
	case messageClose:
		return 0
	case messageEnd:
		if systemBroadcasts.mayEnd() {
			_, _, _ = destroyWindow.Call(window)
		}
		return 0
	case messageDestroy:
		_, _, _ = postQuit.Call(0)
		return 0
	}
	answer, _, _ := defaultProcedure.Call(window, kind, word, long)
	return answer
}
