package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"

	"nectar/backend/wire"
)

// face is one run of the command line.
type face struct {
	env     Env
	args    []string
	stdin   *rewinder
	globals Globals
	json    bool
	say     *words
	maker   *wire.Maker     // of the session, once one is open: it knows the plugins' words
	stand   json.RawMessage // where the command stands; nil when it begins
	mark    string          // of the requests of a command that is handed over
	again   bool            // what it asks for may be asked for again, under its mark
	who     *identity       // nil until it is known
	// interrupt stops the command safely, as a signal does.
	interrupt func()
	secrets   []string      // what somebody typed, to be told to another process
	lines     *bufio.Reader // standard input, as far as it is read for secrets
}

// command is a parsed command. It answers the exit status, or why it was
// refused. With an error the status 0 stands for 2; another one is kept.
type command interface {
	run(ctx context.Context, f *face) (status int, err error)
}

// with opens the data folder as whoever acts, does something, and closes the
// folder.
func (f *face) with(ctx context.Context, mode Mode, do func(*Session) error) error {
	s, err := f.open(ctx, mode)
	if err != nil {
		return err
	}
	return f.closing(ctx, s, do)
}

// withNobody is with for what asks for nobody.
func (f *face) withNobody(ctx context.Context, mode Mode, do func(*Session) error) error {
	s, err := f.openFolder(ctx, mode)
	if err != nil {
		return err
	}
	return f.closing(ctx, s, do)
}

func (f *face) closing(ctx context.Context, s *Session, do func(*Session) error) error {
	// What the services promised is durable already, so a failure to close
	// takes nothing back.
	defer func() { _ = s.Runner.Close(context.WithoutCancel(ctx)) }()
	return do(s)
}

// open opens the data folder as whoever acts. The caller closes it.
func (f *face) open(ctx context.Context, mode Mode) (*Session, error) {
	if err := f.identify(ctx); err != nil {
		return nil, err
	}
	s, err := f.openFolder(ctx, mode)
	if err != nil {
		return nil, err
	}
	if s.Person, err = f.person(ctx, s); err != nil {
		_ = s.Runner.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return s, nil
}

func (f *face) openFolder(ctx context.Context, mode Mode) (*Session, error) {
	s, err := f.env.Open(f.globals.Data)(ctx, mode)
	var owned *OwnedError
	if errors.As(err, &owned) && mode == ToWork && f.stand == nil {
		_ = owned.Owner.Close() // it runs what is due already
		return nil, owned.Fault
	}
	if err != nil {
		return nil, err
	}
	f.speak(s)
	if s.Stopping != nil {
		go f.heed(ctx, s.Stopping)
	}
	return s, nil
}

// heed interrupts the command when this process is asked to end.
func (f *face) heed(ctx context.Context, stopping <-chan struct{}) {
	select {
	case <-stopping:
		f.interrupt()
	case <-ctx.Done():
	}
}

// speak takes the words of a session.
func (f *face) speak(s *Session) {
	f.maker = s.Maker
	f.say = newWords(s.Maker.Language())
}
