package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"nectar/backend/datadir"
)

// vitals are how a process and its data folder are at one moment. Sizes are in
// bytes.
type vitals struct {
	memory     int64 // of the process, resident
	heap       int64 // of Go, alive or not yet swept
	goroutines int64
	files      int64 // open, with sockets
	database   int64
	written    int64 // to the log of the database, and not yet carried over
	backups    int64
	logs       int64
}

// keptOpen is how many connections to a server the program may keep for the next
// request. How many there are is a matter of how its requests met.
const keptOpen = 16

// measures are what of vitals is looked at, by name.
var measures = []struct {
	name  string
	of    func(vitals) int64
	bytes bool
	// room is by how much it may grow without being a leak: what a garbage
	// collector or a page of a database leaves.
	room int64
}{
	{"memory", func(v vitals) int64 { return v.memory }, true, 24 << 20},
	{"Go's heap", func(v vitals) int64 { return v.heap }, true, 16 << 20},
	{"goroutines", func(v vitals) int64 { return v.goroutines }, false, 6 + 2*keptOpen}, // one reads a connection, one writes it
	{"open files", func(v vitals) int64 { return v.files }, false, 6 + keptOpen},
	{"database", func(v vitals) int64 { return v.database }, true, 4 << 20},
	// It is carried over and begun anew at 64 MB; see sqlitedb.
	{"its log", func(v vitals) int64 { return v.written }, true, 66 << 20},
	{"backups", func(v vitals) int64 { return v.backups }, true, 16 << 20},
	{"log", func(v vitals) int64 { return v.logs }, true, 2 << 20},
}

// vitals looks at a process that says how it is in the file pulse.
func (l *laptop) vitals(ctx context.Context, p *process, pulse string) (v vitals, err error) {
	pid := p.cmd.Process.Pid
	var said struct {
		PID        int   `json:"pid"`
		Goroutines int64 `json:"goroutines"`
		Heap       int64 `json:"heap"`
	}
	_ = os.Remove(pulse)
	err = await(ctx, patience, func() bool {
		text, err := os.ReadFile(pulse)
		return p.dead() || err == nil && json.Unmarshal(text, &said) == nil && said.PID == pid
	})
	if err == nil && p.dead() {
		err = fmt.Errorf("%w: %w", errEnded, p.failed())
	}
	if err != nil {
		return v, err
	}
	v.goroutines, v.heap = said.Goroutines, said.Heap
	if v.memory, err = resident(pid); err != nil {
		return v, err
	}
	open, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(pid), "fd"))
	if err != nil {
		return v, err
	}
	v.files = int64(len(open))
	folder := datadir.Peek(l.folder)
	v.database, v.written = sizeOf(folder.Database()), sizeOf(folder.Database()+"-wal")
	v.backups, v.logs = sizeBelow(folder.Backups()), sizeBelow(folder.Logs())
	return v, nil
}

// resident answers how much memory a process has.
func resident(pid int) (int64, error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "statm"))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(status))
	if len(fields) < 2 {
		return 0, errors.New("the system does not say how much memory a process has")
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(syscall.Getpagesize()), err
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func sizeBelow(folder string) (sum int64) {
	_ = walk(folder, func(path string, _ fs.DirEntry) error {
		sum += sizeOf(path)
		return nil
	})
	return sum
}

// inWords writes a value of a measure.
func inWords(value int64, bytes bool) string {
	if bytes {
		return fmt.Sprintf("%.1f MB", float64(value)/1e6)
	}
	return strconv.FormatInt(value, 10)
}
