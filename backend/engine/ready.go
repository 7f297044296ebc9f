package engine

import (
	"cmp"
	"container/heap"
	"slices"
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
	inTurn   bool      // the storage finds it by its number
}

func entryOf(j *task.Job) entry {
	return entry{id: j.ID, number: j.Number, priority: j.Priority, rank: j.Rank, due: j.Due, keys: keysOf(j), inTurn: j.InTurn}
}

func keysOf(j *task.Job) (keys [2]string) {
	if j.ExclusiveKey != "" {
		keys[0] = "exclusive:" + j.ExclusiveKey
	}
	if j.Resource != "" {
		keys[1] = "resource:" + j.Resource
	}
	return keys
}

// compare orders entries of equal priority: those placed first, the latest of
// them first, then by due time, then by creation.
func (e *entry) compare(other *entry) int {
	if e.rank < 0 && e.rank == other.rank { // placed within one tick of the clock
		return cmp.Compare(other.number, e.number)
	}
	return cmp.Or(
		cmp.Compare(e.rank, other.rank),
		e.due.Compare(other.due),
		cmp.Compare(e.number, other.number),
	)
}

// ticket is an entry with its job as it was stored last.
type ticket struct {
	entry

	job *task.Job
}

// place answers where the entry stands in the order of the storage.
func (e *entry) place() task.Place {
	return task.Place{Rank: e.rank, Due: e.due, Number: e.number}
}

// bounds are those of what is held in memory of one priority; the rest waits
// in the storage.
type bounds struct {
	most int // when a lane has grown to this, the half that comes last is left to the storage
	page int // so many are read at once
	low  int // with fewer there is time to read more
	key  int // of those that a held key keeps waiting, so many of one key
}

// laneBounds are the same for every engine.
var laneBounds = bounds{most: 4096, page: 1024, low: 512, key: 256}

// ready holds the queued jobs that come first, a lane for each priority. An
// entry whose job was changed meanwhile is found out when it is started; live
// tells which entry of a job counts.
type ready struct {
	lanes [3]lane // by laneOf
	live  map[int64]*ticket
	keyed keyCounts // that live entries want

	touched map[int64]struct{} // the jobs of which something was learned while a page is read; nil while none is
}

// touch notes that what is known of the job is newer than a page that is being
// read.
func (r *ready) touch(number int64) {
	if r.touched != nil {
		r.touched[number] = struct{}{}
	}
}

func laneOf(p task.Priority) int {
	switch p {
	case task.High:
		return 0
	case task.Low:
		return 2
	case task.Regular:
	}
	return 1
}

var priorities = [3]task.Priority{task.High, task.Regular, task.Low}

// leaves reports whether an entry of that place and all after it are left to the storage,
// and nothing has to be known of their jobs.
func (r *ready) leaves(e *entry) bool {
	return r.touched == nil && !r.lanes[laneOf(e.priority)].covers(e)
}

// push holds the job, if its place is among those that are held in memory. It
// reports whether it is.
func (r *ready) push(e entry, job *task.Job) bool {
	if r.live == nil {
		r.live, r.keyed = map[int64]*ticket{}, keyCounts{}
	}
	if old := r.live[e.number]; old != nil && old.entry == e {
		*old.job = *job
		return true
	}
	r.remove(e.number)
	l := &r.lanes[laneOf(e.priority)]
	if !l.covers(&e) {
		return false
	}
	own := *job
	r.insert(l, &ticket{entry: e, job: &own})
	if l.len() > laneBounds.most && !l.reading {
		r.shrink(l)
	}
	return true
}

func (r *ready) insert(l *lane, e *ticket) {
	r.live[e.number] = e
	r.keyed.add(e.keys)
	heap.Push(l.heapOf(e), e)
}

// remove forgets the job; its entry in the heap is dropped when it comes up.
func (r *ready) remove(number int64) {
	e := r.live[number]
	if e == nil {
		return
	}
	delete(r.live, number)
	r.keyed.remove(e.keys)
}

// shrink leaves the half of the lane that comes last to the storage.
func (r *ready) shrink(l *lane) {
	l.drop(func(e *ticket) bool { return r.live[e.number] != e })
	if l.len() <= laneBounds.most {
		return
	}
	all := slices.Concat(l.placed, l.usual)
	slices.SortFunc(all, func(a, b *ticket) int { return a.compare(&b.entry) })
	r.cut(l, all, laneBounds.most/2)
}

// cut leaves all but the first n of the lane's sorted entries to the storage.
func (r *ready) cut(l *lane, all entries, n int) {
	for n < len(all) && all[n].rank < 0 && all[n].rank == all[n-1].rank {
		n++ // of these the storage has another order
	}
	for _, e := range all[n:] {
		r.remove(e.number)
	}
	l.drop(func(e *ticket) bool { return r.live[e.number] != e })
	last := all[n-1].place()
	for _, e := range all[:n] {
		if e.inTurn {
			last.Turn = max(last.Turn, e.number)
		}
	}
	l.upTo, l.partly = &last, true
}

// empty reports whether no job waits, in memory or in the storage.
func (r *ready) empty() bool {
	for i := range r.lanes {
		if l := &r.lanes[i]; l.partly || len(l.skipped) > 0 {
			return false
		}
	}
	return len(r.live) == 0
}

// pop takes the most urgent entry that the functions allow: free says that
// nobody holds the entry's keys, admits that the pool takes one of that
// priority now. Entries that are passed over keep their places.
func (r *ready) pop(now time.Time, free func(*entry) bool, admits func(priority task.Priority, regularDue bool) bool) (*ticket, task.Priority) {
	var heads [len(priorities)]candidate
	var passed []*ticket
	regularDue := false
	for i := range r.lanes {
		heads[i] = r.head(&r.lanes[i], now, free, &passed)
		regularDue = regularDue || heads[i].priority == task.Regular
	}
	var best candidate
	for _, head := range heads {
		if head.ticket != nil && admits(head.priority, regularDue) && (best.ticket == nil || head.before(best)) {
			best = head
		}
	}
	if best.ticket != nil {
		heap.Pop(r.lanes[laneOf(best.ticket.priority)].heapOf(best.ticket))
		r.remove(best.number)
	}
	for _, e := range passed {
		heap.Push(r.lanes[laneOf(e.priority)].heapOf(e), e)
	}
	return best.ticket, best.priority
}

// candidate is what a lane would start next.
type candidate struct {
	*ticket

	priority task.Priority // that it counts as
	turn     *ticket       // whose turn it takes: its own, or that of the oldest that it was placed before
}

// before orders the candidates of several lanes.
func (c candidate) before(other candidate) bool {
	return cmp.Or(
		cmp.Compare(c.priority, other.priority),
		c.turn.due.Compare(other.turn.due),
		cmp.Compare(c.turn.number, other.turn.number),
	) < 0
}

// head answers the lane's first startable entry, which stays in it. One that
// was placed first takes the turn of the oldest of the others, if that comes
// sooner: it hides it from no worker.
func (r *ready) head(l *lane, now time.Time, free func(*entry) bool, passed *[]*ticket) candidate {
	placed, usual := candidateOf(r.first(&l.placed, free, passed), now), candidateOf(r.first(&l.usual, free, passed), now)
	l.starved = placed.ticket == nil && usual.ticket == nil
	switch {
	case placed.ticket == nil:
		return usual
	case usual.ticket != nil && usual.before(placed):
		usual.ticket = placed.ticket
		return usual
	}
	return placed
}

func candidateOf(t *ticket, now time.Time) candidate {
	if t == nil {
		return candidate{}
	}
	return candidate{ticket: t, priority: effective(t.priority, t.due, now), turn: t}
}

// first answers the first startable entry, which stays where it is, and takes
// out those before it that must wait.
func (r *ready) first(h *entries, free func(*entry) bool, passed *[]*ticket) *ticket {
	for len(*h) > 0 {
		e := (*h)[0]
		switch {
		case r.live[e.number] != e:
			heap.Pop(h)
		case free(&e.entry):
			return e
		default:
			heap.Pop(h)
			*passed = append(*passed, e)
		}
	}
	return nil
}

// ripenLook bounds how many entries of a lane ripens looks at. Those that are
// due first stand near its beginning.
const ripenLook = 1000

// ripens answers when the next entry will count as one priority higher; false
// when there is none.
func (r *ready) ripens(now time.Time) (time.Time, bool) {
	var first time.Time
	for i := range r.lanes {
		if priorities[i] == task.High {
			continue
		}
		for _, h := range r.lanes[i].heaps() {
			for _, e := range (*h)[:min(len(*h), ripenLook)] {
				if at := e.due.Add(patience); at.After(now) && (first.IsZero() || at.Before(first)) {
					first = at
				}
			}
		}
	}
	return first, !first.IsZero()
}
