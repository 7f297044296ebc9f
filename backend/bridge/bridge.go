// Package bridge is what the window may call: one small struct for each
// screen's worth of verbs. A method checks nothing itself: it asks the service
// as the person who is signed in, and turns values into JSON.
package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/wire"
)

// Bridge is the window's side of an open data folder.
type Bridge struct {
	Jobs    *Jobs
	Library *Library
	Sources *Sources

	log *slog.Logger

	mu       sync.RWMutex
	services *service.Services // guarded by mu
	maker    *wire.Maker       // guarded by mu
	person   auth.Person       // guarded by mu
	context  context.Context   //nolint:containedctx // guarded by mu; the window's life, since Wails calls methods without one
}

// New makes a bridge. It refuses every call until Attach.
func New(log *slog.Logger) *Bridge {
	b := &Bridge{log: log}
	b.Jobs, b.Library, b.Sources = &Jobs{b}, &Library{b}, &Sources{b}
	return b
}

// Attach opens the bridge for the person who is signed in.
func (b *Bridge) Attach(ctx context.Context, services *service.Services, maker *wire.Maker, person auth.Person) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.context, b.services, b.maker, b.person = ctx, services, maker, person
}

// SetLanguage makes all further sentences in another language.
func (b *Bridge) SetLanguage(tag string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.maker != nil {
		b.maker = b.maker.In(tag)
	}
}

// Error makes the JSON of an error in the language of the window.
func (b *Bridge) Error(err error) *wire.Error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.maker == nil {
		return &wire.Error{Code: string(fault.CodeOf(err)), Message: err.Error(), Fields: []wire.Field{}}
	}
	return b.maker.Error(err)
}

// call is one call of the window.
type call struct {
	ctx      context.Context //nolint:containedctx // lives as long as the call
	services *service.Services
	maker    *wire.Maker
	person   auth.Person
}

// ask runs a call and turns a panic into an error: Wails would never settle
// the promise of a method that panicked.
func ask[T any](b *Bridge, do func(call) (T, error)) (answer T, err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("panic: %v\n\n%s", p, debug.Stack())
			b.log.Error("a call of the window panicked", "error", cause)
			err = fault.New(fault.Internal).Because(cause)
		}
	}()
	b.mu.RLock()
	c := call{b.context, b.services, b.maker, b.person}
	b.mu.RUnlock()
	if c.services == nil {
		return answer, fault.New(fault.Internal).Because(fmt.Errorf("the data folder is not open"))
	}
	return do(c)
}
