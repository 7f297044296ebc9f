package engine

import (
	"runtime"
	"sync"
	"time"
)

// ledger keeps what workers are ahead of the storage, in the order in which it
// was decided.
type ledger struct {
	mu      sync.Mutex
	waiting []*ahead   // guarded by mu
	closed  bool       // guarded by mu
	come    *sync.Cond // of mu: there is something to store, or never will be
	gone    *sync.Cond // of mu: something was taken or stored
}

func newLedger() *ledger {
	l := &ledger{}
	l.come, l.gone = sync.NewCond(&l.mu), sync.NewCond(&l.mu)
	return l
}

// add notes the start of an attempt, and the end of the one before unless that
// is nil.
func (l *ledger) add(stop, start *ahead) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if stop != nil {
		l.waiting = append(l.waiting, stop)
	}
	start.attempt.ahead = start
	l.waiting = append(l.waiting, start)
	l.come.Signal()
}

// end decides the end of an attempt whose start is not stored yet: both are
// stored at once, or the end next where the start is just being stored. It
// reports false, and has done nothing, for any other.
func (l *ledger) end(a *attempt, end ending, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := a.ahead
	if n == nil {
		return false
	}
	if !canFinish(a.job, end, now) {
		return false
	}
	if n.taken {
		n.follows = true
		n = &ahead{attempt: a, slot: n.slot, before: &a.job, began: &a.job}
		l.waiting = append(l.waiting, n)
	}
	n.ending, n.at, n.ended = end, now, true
	l.come.Signal()
	return true
}

// take waits for what is to be stored, and answers it; nil when the ledger is
// closed and nothing is left. A start without its end is left for later once.
func (l *ledger) take() []*ahead {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for len(l.waiting) == 0 && !l.closed {
			l.come.Wait()
		}
		if len(l.waiting) == 0 {
			return nil
		}
		batch, left := make([]*ahead, 0, len(l.waiting)), l.waiting[:0]
		for _, n := range l.waiting {
			if n.ended || n.waited {
				n.taken = true
				batch = append(batch, n)
			} else {
				n.waited = true
				left = append(left, n)
			}
		}
		clear(l.waiting[len(left):])
		l.waiting = left
		if len(batch) > 0 {
			l.gone.Broadcast()
			return batch
		}
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
	}
}

// stored notes that the starts among the entries are stored, or never will be. It
// answers the entries whose turns end.
func (l *ledger) stored(batch []*ahead) []*ahead {
	l.mu.Lock()
	defer l.mu.Unlock()
	over := batch[:0]
	for _, n := range batch {
		if n.starts {
			n.attempt.ahead = nil
		}
		if !n.follows {
			over = append(over, n)
		}
	}
	l.gone.Broadcast()
	return over
}

// await waits until the attempt's start is stored, if it is ahead.
func (l *ledger) await(a *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for a.ahead != nil {
		l.gone.Wait()
	}
}

// waitForRoom waits while too many are ahead.
func (l *ledger) waitForRoom() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting) >= aheadMost {
		l.gone.Wait()
	}
}

// close says that nobody will add anything.
func (l *ledger) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.come.Broadcast()
}
