// Package webpage looks after the process in which the page of the window lives.
// The system can end it, say for want of memory, and leaves an empty window.
package webpage

import (
	"sync"
	"time"
)

// soon is within what time a page that ends again is one that always will.
const soon = 20 * time.Second

// Page is the page of a window. Its methods may be called concurrently.
type Page struct {
	// Now answers the time.
	Now func() time.Time

	mu   sync.Mutex
	last time.Time // guarded by mu; when it ended last
	told bool      // guarded by mu; that it ended was told, or it never did
}

// Ended notes that the page's process ended. It reports whether to load the page
// again: not when it ended a moment before.
func (p *Page) Ended() (again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Now()
	again = p.last.IsZero() || now.Sub(p.last) > soon
	p.last, p.told = now, false
	return again
}

// WasOpenedAgain reports whether the page that asks took the place of one whose
// process ended. It says so once for each.
func (p *Page) WasOpenedAgain() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := !p.last.IsZero() && !p.told
	p.told = true
	return was
}
