package engine

import (
	"cmp"
	"container/heap"
	"time"

	"nectar/backend/task"
)

// entry is what the dispatcher needs to know of a queued job.
type entry struct {
	id       task.ID
	number   int64
	priority task.Priority
	rank     int64
	due      time.Time
	keys     [2]string // exclusive key and resource; "" is none
	needs    bool      // its task has needs, to be looked at before it starts
}

func entryOf(j *task.Job) entry {
	e := entry{id: j.ID, number: j.Number, priority: j.Priority, rank: j.Rank, due: j.Due}
	if j.ExclusiveKey != "" {
		e.keys[0] = "exclusive:" + j.ExclusiveKey
	}
	if j.Resource != "" {
		e.keys[1] = "resource:" + j.Resource
	}
	return e
}

// before orders entries of equal priority: those placed first, the latest of
// them first, then by due time, then by creation.
func (e entry) before(other entry) bool {
	if e.rank < 0 && e.rank == other.rank { // placed within one tick of the clock
		return e.number > other.number
	}
	return cmp.Or(
		cmp.Compare(e.rank, other.rank),
		e.due.Compare(other.due),
		cmp.Compare(e.number, other.number),
	) < 0
}

// ready holds the queued jobs, a heap for each priority. An entry whose job
// was changed meanwhile is found out when it is started; live tells which
// entry of a job counts.
type ready struct {
	lanes map[task.Priority]*lane
	live  map[int64]entry
}

func (r *ready) push(e entry) {
	if r.lanes == nil {
		r.lanes, r.live = map[task.Priority]*lane{}, map[int64]entry{}
	}
	if r.live[e.number] == e {
		return
	}
	if r.lanes[e.priority] == nil {
		r.lanes[e.priority] = &lane{}
	}
	r.live[e.number] = e
	heap.Push(r.lanes[e.priority], e)
}

// remove forgets the job; its entry in the heap is dropped when it comes up.
func (r *ready) remove(number int64) { delete(r.live, number) }

// pop takes the most urgent entry that the functions allow: free says that
// nobody holds the entry's keys, admits that the pool takes one of that
// priority now. Entries that are passed over keep their places.
func (r *ready) pop(now time.Time, free func(entry) bool, admits func(priority task.Priority, regularDue bool) bool) (entry, task.Priority, bool) {
	heads := make([]entry, 0, len(r.lanes))
	var passed []entry
	regularDue := false
	for _, l := range r.lanes {
		if head, ok := r.first(l, free, &passed); ok {
			heads = append(heads, head)
			regularDue = regularDue || effective(head.priority, head.due, now) == task.Regular
		}
	}
	var best entry
	var priority task.Priority
	for _, head := range heads {
		p := effective(head.priority, head.due, now)
		if !admits(p, regularDue) {
			continue
		}
		if priority == 0 || p < priority || p == priority && head.before(best) {
			best, priority = head, p
		}
	}
	for _, head := range heads {
		if head.number != best.number || priority == 0 {
			passed = append(passed, head)
		}
	}
	for _, e := range passed {
		heap.Push(r.lanes[e.priority], e)
	}
	if priority == 0 {
		return entry{}, 0, false
	}
	r.remove(best.number)
	return best, priority, true
}

// ripenLook bounds how many entries of a lane ripens looks at. Those that are
// due first stand near its beginning.
const ripenLook = 1000

// ripens answers when the next entry will count as one priority higher; false
// when there is none.
func (r *ready) ripens(now time.Time) (time.Time, bool) {
	var first time.Time
	for priority, l := range r.lanes {
		if priority == task.High {
			continue
		}
		for _, e := range (*l)[:min(len(*l), ripenLook)] {
			if at := e.due.Add(patience); at.After(now) && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first, !first.IsZero()
}

// first takes the first startable entry of the lane, and collects those
// before it that must wait.
func (r *ready) first(l *lane, free func(entry) bool, passed *[]entry) (entry, bool) {
	for l.Len() > 0 {
		e, _ := heap.Pop(l).(entry)
		if r.live[e.number] != e {
			continue
		}
		if free(e) {
			return e, true
		}
		*passed = append(*passed, e)
	}
	return entry{}, false
}

// lane is a heap of entries of one priority.
type lane []entry

func (l lane) Len() int           { return len(l) }
func (l lane) Less(i, j int) bool { return l[i].before(l[j]) }
func (l lane) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push is called by package heap.
func (l *lane) Push(x any) {
	if e, ok := x.(entry); ok {
		*l = append(*l, e)
	}
}

// Pop is called by package heap.
func (l *lane) Pop() any {
	last := len(*l) - 1
	e := (*l)[last]
	*l = (*l)[:last]
	return e
}
