package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/samber/lo"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

// How wrong tries are slowed down: the first few cost nothing but themselves;
// then each one doubles the wait, up to a limit at which four digits take more
// than a month.
const (
	freeTries = 3
	firstWait = 5 * time.Second
	maxWait   = 5 * time.Minute

	// mostTries are more than anybody can make: a count beyond them is not ours.
	mostTries = 1 << 30
)

// Guard counts wrong tries in a file of its own, because a process that only
// reads the data folder counts them too, and several may at once.
//
// The file holds counts and no times. A wait is measured from the moment at
// which this process learned of the last wrong try, by a clock that nobody can
// set: starting the program anew begins the wait anew, and the clock of the
// laptop has no say in it. A laptop that woke up in 1970 locks nobody out.
type Guard struct {
	path    string
	elapsed func() time.Duration

	mu   sync.Mutex
	seen map[string]wrongTries // guarded by mu
}

// wrongTries is what this process knows of the tries at one secret.
type wrongTries struct {
	count int
	since time.Duration // when this process learned of the count
}

// NewGuard makes a guard over a file, which need not exist. elapsed tells how
// long the process has lived.
func NewGuard(path string, elapsed func() time.Duration) *Guard {
	g := &Guard{path: path, elapsed: elapsed, seen: map[string]wrongTries{}}
	if counts, err := g.read(); err == nil {
		for key, count := range counts {
			g.seen[key] = wrongTries{count, elapsed()}
		}
	}
	return g
}

// Try lets somebody try a secret. The try counts as wrong before anything is
// compared, so that ending the program during it gains nothing; a right one
// takes all wrong ones back. A wrong one answers the fault wrong; one that
// comes too soon answers fault.TooManyTries and is not looked at.
func (g *Guard) Try(key string, wrong *fault.Fault, right func() (bool, error)) error {
	return g.locked(func(counts map[string]int) error {
		before := counts[key]
		if wait := g.wait(key, before); wait > 0 {
			return fault.New(fault.TooManyTries, "count", int(math.Ceil(wait.Seconds())))
		}
		counts[key] = before + 1
		if err := g.write(counts); err != nil {
			return err
		}
		ok, err := right()
		if err != nil {
			return err
		}
		if !ok {
			g.seen[key] = wrongTries{before + 1, g.elapsed()}
			return wrong
		}
		return g.forget(key, counts)
	})
}

// Forget takes the wrong tries at a secret back, because it was replaced.
func (g *Guard) Forget(key string) error {
	if _, err := os.Stat(g.path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return g.locked(func(counts map[string]int) error { return g.forget(key, counts) })
}

func (g *Guard) forget(key string, counts map[string]int) error {
	delete(g.seen, key)
	if _, counted := counts[key]; !counted {
		return nil
	}
	delete(counts, key)
	return g.write(counts)
}

// wait answers how long the next try has to wait.
func (g *Guard) wait(key string, count int) time.Duration {
	if count < freeTries {
		return 0
	}
	known := g.seen[key]
	if known.count != count { // another process saw them
		known = wrongTries{count, g.elapsed()}
		g.seen[key] = known
	}
	return waitAfter(count) - (g.elapsed() - known.since)
}

// waitAfter answers the wait after so many wrong tries, freeTries or more.
func waitAfter(wrong int) time.Duration {
	doublings := min(wrong-freeTries, 16)
	return min(firstWait<<doublings, maxWait)
}

// locked reads the counts while no other process and no other goroutine does.
func (g *Guard) locked(do func(counts map[string]int) error) error {
	if g.path == "" {
		return errors.New("there is no file to count wrong tries in")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	lock := flock.New(g.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fault.New(fault.NoWrite, "path", g.path).Because(err)
	}
	defer func() { _ = lock.Unlock() }()
	counts, err := g.read()
	if err != nil {
		return err
	}
	return do(counts)
}

// read answers the counts. A file that we cannot have written holds none.
func (g *Guard) read() (map[string]int, error) {
	counts := map[string]int{}
	data, err := os.ReadFile(g.path)
	if errors.Is(err, os.ErrNotExist) {
		return counts, nil
	}
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", g.path).Because(err)
	}
	err = json.Unmarshal(data, &counts)
	strange := func(count int) bool { return count < 0 || count > mostTries }
	if err != nil || counts == nil || lo.SomeBy(lo.Values(counts), strange) {
		return map[string]int{}, nil //nolint:nilerr // written whole or not at all, so this was not us
	}
	return counts, nil
}

func (g *Guard) write(counts map[string]int) error {
	data, err := json.Marshal(counts)
	if err != nil {
		return fmt.Errorf("encode wrong tries: %w", err)
	}
	return atomicfile.Write(g.path, bytes.NewReader(data), 0o600)
}
