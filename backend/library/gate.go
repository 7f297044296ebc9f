package library

import (
	"context"
	"errors"
	"sync"

	"nectar/backend/fault"
)

// Use is how the content folder is used by a job.
type Use int

// The uses.
const (
	Reading Use = iota
	Writing
	Alone // nobody else uses the folder meanwhile: it is put elsewhere
)

// ErrBusy says that the content folder cannot be used like that now, and later
// perhaps; see Library.Free and Library.WatchUse.
var ErrBusy = errors.New("the content folder is in use")

// gate counts who uses the content folder.
type gate struct {
	mu       sync.Mutex
	users    int            // guarded by mu
	alone    bool           // guarded by mu
	watchers map[int]func() // guarded by mu
	next     int            // guarded by mu
}

// Enter begins to use the content folder; leave ends it, and must be called
// once. Beside ErrBusy the errors are faults: ContentAway, and for those who
// write ContentReadOnly and KolibriRunning.
func (l *Library) Enter(use Use) (leave func(), err error) {
	if err := l.May(use); err != nil {
		return nil, err
	}
	return l.enter(use)
}

// Seize is Enter alone, whether the folder can be written and is there or not:
// for those who change that.
func (l *Library) Seize() (leave func(), err error) { return l.enter(Alone) }

func (l *Library) enter(use Use) (leave func(), err error) {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	if l.gate.alone || use == Alone && l.gate.users > 0 {
		return nil, ErrBusy
	}
	l.gate.users++
	l.gate.alone = use == Alone
	return l.leave, nil
}

func (l *Library) leave() {
	l.gate.mu.Lock()
	l.gate.users--
	l.gate.alone = false
	var tell []func()
	for _, changed := range l.gate.watchers {
		tell = append(tell, changed)
	}
	l.gate.mu.Unlock()
	for _, changed := range tell {
		changed()
	}
}

// May answers why the folder cannot be used like that, apart from others who
// use it now; nil when it can.
func (l *Library) May(use Use) error {
	place := l.Place()
	switch {
	case l.Away():
		return fault.New(fault.ContentAway, "path", place.Path)
	case use == Reading:
		return nil
	case place.ReadOnly:
		return fault.New(fault.ContentReadOnly, "path", place.Path)
	case place.Adopted:
		return KolibriOn(place.Path)
	}
	return nil
}

// Free reports whether nobody uses the folder in a way that excludes this use.
func (l *Library) Free(use Use) bool {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	return !l.gate.alone && (use != Alone || l.gate.users == 0)
}

// WatchUse calls changed whenever a use has ended, until the context ends.
func (l *Library) WatchUse(ctx context.Context, changed func()) {
	l.gate.mu.Lock()
	number := l.gate.next
	l.gate.next++
	if l.gate.watchers == nil {
		l.gate.watchers = map[int]func(){}
	}
	l.gate.watchers[number] = changed
	l.gate.mu.Unlock()
	changed() // what ended before is seen
	<-ctx.Done()
	l.gate.mu.Lock()
	delete(l.gate.watchers, number)
	l.gate.mu.Unlock()
}
