// Package rounds lets callers do their work together: those who come while one
// round runs go together in the next.
package rounds

import (
	"runtime"
	"sync"
	"time"
)

// Rounds is work that is cheaper for many at once. One round runs at a time, by
// the goroutine of one of those who take part. The zero value is ready.
type Rounds[T any] struct {
	mu      sync.Mutex
	waiting []*place[T]   // guarded by mu: the next round
	running bool          // guarded by mu
	crowd   int           // guarded by mu: how many come at about the same time
	short   int           // guarded by mu: how many rounds in a row had fewer
	took    time.Duration // guarded by mu: the last round
	closed  bool          // guarded by mu
	ended   *sync.Cond    // guarded by mu: nobody waits and nothing runs; nil until somebody closes

	places sync.Pool // of *place[T]
}

// place is one caller's.
type place[T any] struct {
	item T
	news chan word // of one
}

// word is what a caller who waits is told.
type word int

const (
	done word = iota // the round that the caller took part in is over
	lead             // run the next one
)

// Do lets the item take part in the next round, and answers when that is over.
// It reports false, and does nothing, after Close. The function is called with
// all items of the round, by one of those who called Do: it is the same for
// all, must not call Do, and must not panic.
func (r *Rounds[T]) Do(item T, run func(items []T)) bool {
	p := r.place(item)
	defer r.places.Put(p)
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return false
	}
	r.waiting = append(r.waiting, p)
	if r.running {
		r.mu.Unlock()
		if <-p.news == done {
			return true
		}
		r.mu.Lock()
	}
	r.running = true
	r.gather()
	round := r.waiting
	r.waiting = nil
	r.mu.Unlock()
	items := make([]T, len(round))
	for i := range round {
		items[i] = round[i].item
	}
	began := time.Now()
	run(items)
	took := time.Since(began)
	for _, other := range round {
		if other != p {
			other.news <- done
		}
	}
	r.next(len(round), took)
	return true
}

func (r *Rounds[T]) place(item T) *place[T] {
	p, ok := r.places.Get().(*place[T])
	if !ok {
		p = &place[T]{news: make(chan word, 1)}
	}
	p.item = item
	return p
}

// How long a round that is about to begin gives way to others: at most a part of
// what the last one took, so long, and so often.
const (
	patiencePart = 4
	patience     = 100 * time.Microsecond
	patienceMost = 1000
)

// gather lets those come who came of late and have something to do again: one
// round for all of them is cheaper than two for a few each. It gives way so that
// they can, and sleeps for nobody. It is called with mu held.
func (r *Rounds[T]) gather() {
	if len(r.waiting) >= r.crowd {
		return
	}
	began, limit := time.Now(), min(r.took/patiencePart, patience)
	for range patienceMost {
		if len(r.waiting) >= r.crowd || time.Since(began) > limit {
			return
		}
		r.mu.Unlock()
		runtime.Gosched()
		r.mu.Lock()
	}
}

// slow is how many rounds in a row have to have fewer than the crowd before that
// counts as one less.
const slow = 8

// count learns how many come at about the same time: so many as took part in a
// round or came during it. It needs mu.
func (r *Rounds[T]) count(n int) {
	if r.short++; n >= r.crowd {
		r.crowd, r.short = n, 0
	} else if r.short >= slow {
		r.crowd, r.short = r.crowd-1, 0
	}
}

// next lets the first of those who came meanwhile run the next round, so that
// nobody is kept longer than for two. The one that is over had so many and took
// so long.
func (r *Rounds[T]) next(size int, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = took
	r.count(size + len(r.waiting))
	if len(r.waiting) > 0 {
		r.waiting[0].news <- lead
		return
	}
	r.running = false
	if r.ended != nil {
		r.ended.Broadcast()
	}
}

// Close lets nobody come any more, and answers when those who came are done.
// It reports false when somebody else has closed already.
func (r *Rounds[T]) Close() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.closed
	r.closed = true
	if r.ended == nil {
		r.ended = sync.NewCond(&r.mu)
	}
	for r.running {
		r.ended.Wait()
	}
	return first
}
