package content

import (
	"sync"

	"nectar/backend/channel"
)

// leaving are the files that a deletion has forgotten and not removed yet. A check that
// reads one of them meanwhile finds a file that nobody remembers, which is else what
// somebody copied there by hand: it leaves it to the deletion. Its methods may be called
// concurrently.
type leaving struct {
	mu    sync.RWMutex
	files map[channel.Checksum]int // how many deletions remove it; guarded by mu
}

// forget has the files forgotten, which leave from then on.
func (l *leaving) forget(files []channel.Checksum, drop func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = map[channel.Checksum]int{}
	}
	for _, f := range files {
		l.files[f]++
	}
	return drop()
}

// end says that the files are gone, or remembered again.
func (l *leaving) end(files []channel.Checksum) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range files {
		if l.files[f]--; l.files[f] == 0 {
			delete(l.files, f)
		}
	}
}

// meanwhile does what stores something of files, while none begins to leave.
func (l *leaving) meanwhile(do func(leaves func(channel.Checksum) bool) error) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return do(func(f channel.Checksum) bool { return l.files[f] > 0 })
}
