package gentle_test

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"nectar/backend/gentle"
)

func TestDo(t *testing.T) {
	t.Parallel()
	const thisThread, idle = 1, 3
	class := func() uintptr {
		priority, _, errno := unix.Syscall(unix.SYS_IOPRIO_GET, thisThread, 0, 0)
		if errno != 0 {
			t.Skipf("this system tells no priorities: %v", errno)
		}
		return priority >> 13
	}
	odd := errors.New("odd")
	var during uintptr
	if err := gentle.Do(func() error {
		during = class()
		return odd
	}); !errors.Is(err, odd) {
		t.Errorf("answered %v", err)
	}
	if during != idle {
		t.Errorf("the class is %d, want %d", during, idle)
	}
	if after := class(); after == idle {
		t.Error("the priority stays after the work")
	}
}
