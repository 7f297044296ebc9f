// Package bridge is what the window may call: one small struct for each
// screen's worth of verbs. A method checks nothing itself: it asks the service
// as the person who is signed in, and turns values into JSON. While nobody is,
// every method but those for signing in answers fault.NotSignedIn.
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
	Jobs     *Jobs
	Library  *Library
	Sources  *Sources
	People   *People
	Settings *Settings
	Device   *Device
	Home     *Home

	log *slog.Logger

	mu       sync.RWMutex
	services *service.Services // guarded by mu
	maker    *wire.Maker       // guarded by mu
	session  *service.Session  // guarded by mu
	context  context.Context   //nolint:containedctx // guarded by mu; the window's life, since Wails calls methods without one
}

// New makes a bridge. It refuses every call until Attach.
func New(log *slog.Logger) *Bridge {
	b := &Bridge{log: log}
	b.Jobs, b.Library, b.Sources = &Jobs{b}, &Library{b}, &Sources{b}
	b.People, b.Settings = &People{b}, &Settings{b}
	b.Device, b.Home = &Device{b}, &Home{b}
	return b
}

// Attach opens the bridge over an open data folder, on a system of the given
// language. Detach it.
func (b *Bridge) Attach(ctx context.Context, services *service.Services, maker *wire.Maker, system string) error {
	session, err := services.People.OpenSession(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	b.context, b.services, b.maker, b.session = ctx, services, maker, session
	b.mu.Unlock()
	return b.obeyLanguage(ctx, services, system)
}

// obeyLanguage follows the setting of the language. A choice of the window
// stands until the setting changes.
func (b *Bridge) obeyLanguage(ctx context.Context, services *service.Services, system string) error {
	known := ""
	_, err := services.Settings.Watch(ctx, func(v service.Values) {
		language := v.Language
		if language == service.SystemLanguage {
			language = system
		}
		if known != "" && language != known {
			b.SetLanguage(language)
		}
		known = language
	})
	return err
}

// Detach closes the bridge: from then on it refuses every call.
func (b *Bridge) Detach() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.session != nil {
		b.session.Close()
	}
	b.services, b.session = nil, nil
}

// Language answers the language of the sentences; "" before Attach.
func (b *Bridge) Language() string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.maker == nil {
		return ""
	}
	return b.maker.Language()
}

// Admit answers nil while somebody is signed in, else fault.NotSignedIn.
func (b *Bridge) Admit() error {
	_, err := ask(b, func(call) (struct{}, error) { return struct{}{}, nil })
	return err
}

// AdmitRestore answers nil while somebody is signed in who may bring a backup
// back.
func (b *Bridge) AdmitRestore() error {
	_, err := ask(b, func(c call) (struct{}, error) { return struct{}{}, c.services.Device.MayRestore(c.person) })
	return err
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
	session  *service.Session
	person   auth.Person // nobody in a call of askAnybody
}

// ask runs a call as the person who is signed in, or answers
// fault.NotSignedIn.
func ask[T any](b *Bridge, do func(call) (T, error)) (T, error) {
	return askAnybody(b, func(c call) (answer T, err error) {
		if c.person, err = c.session.Person(c.ctx); err != nil {
			return answer, err
		}
		return do(c)
	})
}

// askAnybody runs a call that also somebody who is not signed in may make. It
// turns a panic into an error: Wails would never settle the promise of a method
// that panicked.
func askAnybody[T any](b *Bridge, do func(call) (T, error)) (answer T, err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("panic: %v\n\n%s", p, debug.Stack())
			b.log.Error("a call of the window panicked", "error", cause)
			err = fault.New(fault.Internal).Because(cause)
		}
	}()
	b.mu.RLock()
	c := call{ctx: b.context, services: b.services, maker: b.maker, session: b.session}
	b.mu.RUnlock()
	if c.services == nil {
		return answer, fault.New(fault.Internal).Because(fmt.Errorf("the data folder is not open"))
	}
	return do(c)
}
