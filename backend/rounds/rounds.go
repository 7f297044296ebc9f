// Package rounds lets callers do their work together: those who come while one
// round runs go together in the next.
package rounds

import (
	"runtime"
	"sync"
)

// Rounds is work that is cheaper for many at once. One round runs at a time, by
// the goroutine of one of those who take part. The zero value is ready.
type Rounds[T any] struct {
	mu      sync.Mutex
	waiting []*place[T] // guarded by mu: the next round
	running bool        // guarded by mu
	crowd   int         // guarded by mu: how many come at about the same time
	closed  bool        // guarded by mu
	ended   *sync.Cond  // guarded by mu: nobody waits and nothing runs; nil until somebody closes

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
	r.crowd = max(len(round), r.crowd-1)
	r.mu.Unlock()
	items := make([]T, len(round))
	for i := range round {
		items[i] = round[i].item
	}
	run(items)
	for _, other := range round {
		if other != p {
			other.news <- done
		}
	}
	r.next()
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

// patience is how often a round that is about to begin gives way to others.
const patience = 50

// gather lets those come who were in the last round and have something to do
// again: one round for all of them is cheaper than two for a few each. It gives
// way so that they can, and waits for nobody. It is called with mu held.
func (r *Rounds[T]) gather() {
	for range patience {
		if len(r.waiting) >= r.crowd {
			return
		}
		r.mu.Unlock()
		runtime.Gosched()
		r.mu.Lock()
	}
}

// next lets the first of those who came meanwhile run the next round, so that
// nobody is kept longer than for two.
func (r *Rounds[T]) next() {
	r.mu.Lock()
	defer r.mu.Unlock()
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
