package main

import (
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"nectar/build/torture/oplog"
)

// machine decides what fails, and keeps the log. Changes happen one at a time,
// so that the log has them in the order in which they took place.
type machine struct {
	mu    sync.Mutex
	errno syscall.Errno // guarded by mu; 0: nothing fails
	kinds []string      // guarded by mu: of what fails
	after int           // guarded by mu: how many more succeed
	slow  time.Duration // guarded by mu
	log   *oplog.Writer // guarded by mu; nil while nothing is logged
	count int           // guarded by mu: changes so far
}

// fails answers why an operation fails, or 0. The caller holds mu.
func (m *machine) fails(kind string) syscall.Errno {
	if m.errno == 0 || !slices.Contains(m.kinds, kind) {
		return 0
	}
	if m.after > 0 {
		m.after--
		return 0
	}
	return m.errno
}

// change does a change that may fail, and logs it if it was done.
func (m *machine) change(kind string, do func() (oplog.Op, syscall.Errno)) syscall.Errno {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.slow > 0 && (kind == "write" || kind == "sync") {
		time.Sleep(m.slow) //nolint:forbidigo // a disk that is slow is so
	}
	if errno := m.fails(kind); errno != 0 {
		return errno
	}
	op, errno := do()
	// What a process shares with itself in memory means nothing after it.
	if errno != 0 || strings.HasSuffix(op.Path, "-shm") && op.Kind != oplog.Create && op.Kind != oplog.Unlink {
		return errno
	}
	m.count++
	if m.log != nil && m.log.Add(op) != nil {
		return syscall.EIO
	}
	return 0
}

// read answers why a read fails, or 0.
func (m *machine) read() syscall.Errno {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fails("read")
}

func (m *machine) position() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

func (m *machine) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.log == nil {
		return nil
	}
	return m.log.Close()
}
