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

// turn bounds how much a worker takes at a time, in bytes.
const turn = 8 << 20

// next answers what to see to: a file, or of small ones those of a folder, for
// two workers in one folder wait for each other with each file. What was put off
// before comes when nothing else is left to do, and it is time to wait for it.
func (q *queue) next() (works []work, late bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.work) == 0 {
		n := min(1, len(q.late))
		works, q.late = q.late[:n], q.late[n:]
		return works, true
	}
	n := 1
	for bytes := q.work[0].bytes; n < len(q.work) && bytes < turn && q.work[n].Checksum[0] == q.work[0].Checksum[0]; n++ {
		bytes += q.work[n].bytes
	}
	works, q.work = q.work[:n], q.work[n:]
	return works, false
}

// putOff brings a file back to the end of the queue.
func (q *queue) putOff(w work) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.late = append(q.late, w)
}
