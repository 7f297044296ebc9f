package transfer

import "sync"

// queue hands out the work of a run. Files that another run is copying are
// put off to the end, so that two runs which share files help each other
// instead of waiting.
type queue struct {
	mu   sync.Mutex
	work []work // guarded by mu
	late []work // guarded by mu
}

// next answers a file to see to. When it was put off before, nothing else is
// left to do and it is time to wait for it.
func (q *queue) next() (w work, late, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.work) > 0:
		w, q.work = q.work[0], q.work[1:]
		return w, false, true
	case len(q.late) > 0:
		w, q.late = q.late[0], q.late[1:]
		return w, true, true
	default:
		return work{}, false, false
	}
}

// putOff brings a file back to the end of the queue.
func (q *queue) putOff(w work) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.late = append(q.late, w)
}
