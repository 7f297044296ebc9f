package cli

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"nectar/backend/fault"
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
}

// command is a parsed command. It answers the exit status, or why it was
// refused. With an error the status 0 stands for 2; another one is kept.
type command interface {
	run(ctx context.Context, f *face) (status int, err error)
}

// with opens the data folder, does something, and closes the folder.
func (f *face) with(ctx context.Context, mode Mode, do func(*Session) error) error {
	s, err := f.open(ctx, mode)
	if err != nil {
		return err
	}
	// What the services promised is durable already, so a failure to close
	// takes nothing back.
	defer func() { _ = s.Runner.Close(context.WithoutCancel(ctx)) }()
	return do(s)
}

// open opens the data folder as the person of --as. The caller closes it.
func (f *face) open(ctx context.Context, mode Mode) (*Session, error) {
	s, err := f.env.Open(f.globals.Data)(ctx, mode)
	var owned *OwnedError
	if errors.As(err, &owned) && mode == ToWork && f.stand == nil {
		_ = owned.Owner.Close() // it runs what is due already
		return nil, owned.Fault
	}
	if err != nil {
		return nil, err
	}
	f.maker = s.Maker
	if as := f.globals.As; as != "" && as != s.Person.ID && !strings.EqualFold(as, s.Person.Name) {
		_ = s.Runner.Close(context.WithoutCancel(ctx))
		return nil, fault.New(fault.NotFound, "what", "person", "id", as)
	}
	return s, nil
}
