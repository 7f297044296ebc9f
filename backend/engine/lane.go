package engine

import (
	"container/heap"
	"slices"

	"nectar/backend/task"
)

// lane holds the entries of one priority that come first. Those after upTo
// are in the storage alone, until there is room for them. Those that were
// placed first are apart: the oldest of the others, which may count as of a
// higher priority, must not be hidden behind them.
type lane struct {
	placed  entries
	usual   entries
	partly  bool            // there may be more in the storage
	upTo    *task.Place     // if partly: what is at or before it is in memory; nil for nothing
	starved bool            // at the last look none could start
	reading bool            // a page is being read: what comes meanwhile is kept, whatever its place
	skipped map[string]bool // keys for which jobs were left in the storage though others after them are here
	resets  int             // a page that was read before a reset counts no more
}

func (l *lane) len() int { return len(l.placed) + len(l.usual) }

// heaps answers both, in their order.
func (l *lane) heaps() [2]*entries { return [2]*entries{&l.placed, &l.usual} }

// heapOf answers the one that the entry belongs to.
func (l *lane) heapOf(e *ticket) *entries {
	if e.rank < 0 {
		return &l.placed
	}
	return &l.usual
}

// drop takes out the entries of which gone is true.
func (l *lane) drop(gone func(*ticket) bool) {
	for _, h := range l.heaps() {
		*h = slices.DeleteFunc(*h, gone)
		heap.Init(h)
	}
}

// covers reports whether an entry of that place is to be held in memory.
func (l *lane) covers(e *entry) bool {
	if !l.partly || l.reading {
		return true
	}
	return l.upTo != nil && !after(e.place(), *l.upTo)
}

// hungry reports whether it is time to read more from the storage.
func (l *lane) hungry() bool {
	return l.partly && !l.reading && (l.starved || l.len() < laneBounds.low)
}

func (r *ready) hungry() bool {
	return r.lanes[0].hungry() || r.lanes[1].hungry() || r.lanes[2].hungry()
}

// after reports whether a stands behind b in the order of the storage.
func after(a, b task.Place) bool {
	switch {
	case a.Rank != b.Rank:
		return a.Rank > b.Rank
	case !a.Due.Equal(b.Due):
		return a.Due.After(b.Due)
	}
	return a.Number > b.Number
}

// forget drops everything: the storage knows it.
func (r *ready) forget() {
	for i := range r.lanes {
		r.reset(&r.lanes[i])
	}
	r.live, r.keyed = map[int64]*ticket{}, keyCounts{}
}

func (r *ready) reset(l *lane) {
	for _, h := range l.heaps() {
		for _, e := range *h {
			if r.live[e.number] == e {
				r.remove(e.number)
			}
		}
	}
	*l = lane{partly: true, starved: true, reading: l.reading, resets: l.resets + 1}
}

// released looks again for jobs that a key has kept waiting in the storage.
func (r *ready) released(keys [2]string) {
	for _, key := range keys {
		if key == "" {
			continue
		}
		for i := range r.lanes {
			if l := &r.lanes[i]; l.skipped[key] && (l.starved || r.keyed[key] == 0) {
				r.reset(l)
			}
		}
	}
}

// read takes in, and keeps, a page that follows upTo; last says that the storage
// has no more, fit which of its jobs may start, and free which keys nobody holds.
func (r *ready) read(l *lane, page []task.Job, last bool, fit func(*task.Job) (entry, bool), free func(*entry) bool) {
	tickets := make([]ticket, 0, len(page))
	for i := range page {
		job := &page[i]
		if _, newer := r.touched[job.Number]; newer {
			continue // it has its place already
		}
		e, fits := fit(job)
		if !fits || r.live[e.number] != nil {
			continue
		}
		tickets = append(tickets, ticket{e, job})
		t := &tickets[len(tickets)-1]
		if !free(&t.entry) && r.skip(l, &t.entry) {
			tickets = tickets[:len(tickets)-1]
			continue
		}
		r.insert(l, t)
	}
	l.pass(page)
	l.starved = false
	if l.partly = !last; l.partly {
		l.drop(func(e *ticket) bool {
			gone := l.upTo == nil || after(e.place(), *l.upTo)
			if gone && r.live[e.number] == e {
				r.remove(e.number)
			}
			return gone
		})
	}
}

// pass puts upTo at the end of a page that follows it.
func (l *lane) pass(page []task.Job) {
	if len(page) == 0 {
		return
	}
	last := &page[len(page)-1]
	place := task.Place{Rank: last.Rank, Due: last.Due, Number: last.Number}
	if l.upTo != nil {
		place.Turn = l.upTo.Turn
	}
	for i := range page {
		if page[i].InTurn {
			place.Turn = page[i].Number
		}
	}
	l.upTo = &place
}

// skip leaves an entry in the storage when enough others already wait for one
// of its keys.
func (r *ready) skip(l *lane, e *entry) bool {
	for _, key := range e.keys {
		if key != "" && r.keyed[key] >= laneBounds.key {
			if l.skipped == nil {
				l.skipped = map[string]bool{}
			}
			l.skipped[key] = true
			return true
		}
	}
	return false
}

// entries is a heap.
type entries []*ticket

func (h entries) Len() int           { return len(h) }
func (h entries) Less(i, j int) bool { return h[i].compare(&h[j].entry) < 0 }
func (h entries) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is called by package heap.
func (h *entries) Push(x any) {
	if e, ok := x.(*ticket); ok {
		*h = append(*h, e)
	}
}

// Pop is called by package heap.
func (h *entries) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}
