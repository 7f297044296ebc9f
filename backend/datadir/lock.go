package datadir

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

// Lock is the ownership of a data folder. The system releases it when the
// process dies, however it dies.
type Lock struct {
	dir  *Dir
	file *flock.Flock
	once sync.Once
	err  error
}

// owner says in words who holds a lock. It is no lock itself: what it says may
// be about a process that died.
type owner struct {
	PID     int       `json:"pid"`
	Born    string    `json:"born"` // tells it from a later process of the same number; "" where that is not known
	Since   time.Time `json:"since"`
	Program string    `json:"program"`
}

// Lock makes this process the owner of the folder. When another process is,
// or a Lock of this one is held, it answers fault.InUse at once.
func (d *Dir) Lock() (*Lock, error) {
	file := flock.New(d.LockFile(), flock.SetPermissions(0o600))
	locked, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", d.root, err)
	}
	if !locked {
		return nil, d.inUse()
	}
	// Who holds it is no more than a sentence: a full disk does not keep a folder
	// from opening for want of that.
	if err := d.sign(); err != nil && fault.CodeOf(atomicfile.Unwritable(err, d.root)) != fault.DiskFull {
		_ = file.Unlock()
		return nil, atomicfile.Unwritable(err, d.root)
	}
	return &Lock{dir: d, file: file}, nil
}

// Unlock gives the folder up. It may be called more than once.
func (l *Lock) Unlock() error {
	l.once.Do(func() {
		// Before the lock itself, after which the file may be another's.
		_ = os.Remove(l.dir.ownerFile())
		if err := l.file.Unlock(); err != nil {
			l.err = fmt.Errorf("unlock %s: %w", l.dir.root, err)
		}
	})
	return l.err
}

func (d *Dir) sign() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	data, err := json.Marshal(owner{PID: os.Getpid(), Born: born(os.Getpid()), Since: time.Now().UTC(), Program: filepath.Base(program)})
	if err != nil {
		return err
	}
	return os.WriteFile(d.ownerFile(), data, 0o600)
}

func (d *Dir) inUse() error {
	var holder owner
	data, err := os.ReadFile(d.ownerFile())
	if err != nil || json.Unmarshal(data, &holder) != nil {
		return fault.New(fault.InUse, "path", d.root)
	}
	return fault.New(fault.InUse, "path", d.root, "pid", holder.PID)
}
