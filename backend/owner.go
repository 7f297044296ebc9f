package backend

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"nectar/backend/cli"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/fault"
	"nectar/backend/handover"
	"nectar/backend/task"
)

// drainLimit is how long the commands of other processes may take to end when
// this one gives the folder up. Those that wait for a job move at once.
const drainLimit = 10 * time.Second

// Owner is an open data folder in which this process carries out commands for
// the others of the user.
type Owner struct {
	*Backend

	focused bool
	server  *handover.Server // nil where there is no safe place to listen
}

// Own is Open for a process that keeps the folder for a while. It serves the
// others from then on; show, which may be nil, is called when a second window
// was started.
func Own(ctx context.Context, config Config, role handover.Role, show func(given string)) (*Owner, error) {
	b, err := Open(ctx, config)
	if err != nil {
		return nil, err
	}
	o := &Owner{Backend: b, focused: config.Focused}
	log := cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	if o.server, err = handover.Listen(config.Folder, role, log); err != nil {
		// Others are told that the folder is in use, which is no reason not to
		// use it.
		log.Warn("other processes cannot be served", "error", err)
		o.server = nil
		return o, nil
	}
	o.server.Serve(host{o, show})
	return o, nil
}

// Moving is closed when this process will give the folder up.
func (o *Owner) Moving() <-chan struct{} {
	if o.server == nil {
		return nil
	}
	return o.server.Moving()
}

// Stopping is closed when this process was asked to end.
func (o *Owner) Stopping() <-chan struct{} {
	if o.server == nil {
		return nil
	}
	return o.server.Stopping()
}

// Close is Backend.Close, and tells the processes that are served to go on
// elsewhere. When another process asked for the folder, it has it when Close
// answers.
func (o *Owner) Close(ctx context.Context) error {
	if o.server == nil {
		return o.Backend.Close(ctx)
	}
	draining, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	o.server.Drain(draining)
	err := o.Backend.Close(ctx)
	o.server.Release()
	return err
}

// host carries out the commands of other processes.
type host struct {
	owner *Owner
	show  func(given string)
}

// Show implements handover.Handler.
func (h host) Show(given string) {
	if h.show != nil {
		h.show(cli.KnownFolder(given))
	}
}

// Run implements handover.Handler.
func (h host) Run(ctx context.Context, call *handover.Call) handover.Outcome {
	env := cli.Env{
		Stdin: call.Stdin, Stdout: call.Stdout, Stderr: call.Stderr,
		Terminal: call.Terminal, Width: call.Width, Dir: call.Dir,
		Open:    func(string) cli.Open { return h.session(call) },
		Signals: call.Signals, Version: config.Version, Language: call.Language,
		Guest: &cli.Guest{Mark: call.Mark, State: call.State, Note: call.Note},
	}
	if call.PIN != nil {
		env.PIN = *call.PIN
	}
	if call.Asks {
		env.Ask = call.Ask
	}
	return cli.Serve(ctx, call.Args, env)
}

// session answers sessions over the open folder.
func (h host) session(call *handover.Call) cli.Open {
	return func(ctx context.Context, mode cli.Mode) (*cli.Session, error) {
		if mode == cli.ToWork && call.State == nil {
			return nil, fault.New(fault.InUse, "path", h.owner.folder.Path())
		}
		maker, err := h.owner.speaking(ctx, call.Language)
		if err != nil {
			return nil, err
		}
		s := session(h.owner.Backend, guestRunner{h.owner})
		s.Maker, s.Moving = maker, call.Moving
		return s, nil
	}
}

// guestRunner lets the owner run a guest's jobs.
type guestRunner struct{ owner *Owner }

// Start implements cli.Runner.
func (guestRunner) Start(context.Context) error { return nil }

// Close implements cli.Runner.
func (guestRunner) Close(context.Context) error { return nil }

// Owes implements cli.Runner.
func (g guestRunner) Owes(ctx context.Context) (bool, error) { return g.owner.Owes(ctx) }

// Focus implements cli.Runner: an owner that runs every due job needs no word.
func (g guestRunner) Focus(ctx context.Context, job task.Job) error {
	if !g.owner.focused {
		return nil
	}
	return g.owner.Focus(ctx, job)
}

// The pauses and limits of getting at a folder in use.
const (
	// ownerPatience is how long an owner that serves nobody is waited for: one
	// that stores a request and leaves, starts, or ends.
	ownerPatience = 20 * time.Second
	ownerPause    = 20 * time.Millisecond
	// takeLimit is how long an owner may take to stop its jobs safely.
	takeLimit = 30 * time.Second
)

// ErrShown is another window of the folder, which was shown.
var ErrShown = errors.New("the window is open already")

// OwnForWindow is Own for the window. A command that owns the folder stops its
// jobs safely and hands it over; when another window does, that one is shown
// and the error is ErrShown. The folder that this one was given to import from is
// for the other one then; "" for none.
func OwnForWindow(ctx context.Context, config Config, given string, show func(given string)) (*Owner, error) {
	var owner *Owner
	err := untilFree(ctx, config.Folder, func() (err error) {
		owner, err = Own(ctx, config, handover.Window, show)
		return err
	}, func(client *handover.Client, _ error) error {
		defer func() { _ = client.Close() }()
		if client.Owner() == handover.Window {
			if err := client.Show(ctx, given); err != nil {
				return err
			}
			return ErrShown
		}
		taking, cancel := context.WithTimeout(ctx, takeLimit)
		defer cancel()
		if err := client.Take(taking); err != nil {
			return err
		}
		var err error
		if owner, err = Own(ctx, config, handover.Window, show); fault.CodeOf(err) == fault.InUse {
			return errAgain // somebody was quicker
		}
		return err
	})
	return owner, err
}

// ShowWindow shows the window that owns the folder, if there is one, and hands
// it the folder given to import from; "" for none.
func ShowWindow(ctx context.Context, folder, given string) bool {
	client, err := handover.Dial(ctx, folder)
	if err != nil {
		return false
	}
	defer func() { _ = client.Close() }()
	return client.Owner() == handover.Window && client.Show(ctx, given) == nil
}

// Stop asks whoever owns the folder to stop its jobs safely and to end, so that
// nothing of the program is in use, and answers when nobody owns it. It says
// which kind of process did, "" for none; of several one after the other, the
// first.
func Stop(ctx context.Context, folder string) (handover.Role, error) {
	if !datadir.Exists(folder) {
		return "", nil
	}
	var role handover.Role
	free := func() error {
		lock, err := datadir.Peek(folder).Lock()
		if err != nil {
			return err
		}
		return lock.Unlock()
	}
	err := untilFree(ctx, folder, free, func(client *handover.Client, _ error) error {
		defer func() { _ = client.Close() }()
		role = cmp.Or(role, client.Owner())
		stopping, cancel := context.WithTimeout(ctx, takeLimit)
		defer cancel()
		if err := client.Stop(stopping); err != nil {
			return err
		}
		if err := free(); fault.CodeOf(err) != fault.InUse {
			return err
		}
		return errAgain // somebody else took it
	})
	return role, err
}

// errAgain is an answer to which the folder has to be opened again.
var errAgain = errors.New("try again")

// untilFree opens the folder. While it is in use it asks the owner, and
// answers what that came to; when there is nobody to ask, it tries both again
// for a while. Ask is told why the folder did not open, and closes the client.
func untilFree(ctx context.Context, folder string, open func() error, ask func(client *handover.Client, inUse error) error) error {
	until := time.Now().Add(ownerPatience)
	for {
		inUse := open()
		if fault.CodeOf(inUse) != fault.InUse {
			return inUse
		}
		client, err := handover.Dial(ctx, folder)
		if err == nil {
			err = ask(client, inUse)
		}
		if !handover.IsNobody(err) && !errors.Is(err, errAgain) {
			return err
		}
		if time.Now().After(until) {
			return inUse
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(ownerPause):
		}
	}
}
