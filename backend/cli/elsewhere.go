package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"time"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/handover"
	"nectar/backend/service"
	"nectar/backend/task"
)

// OwnedError is a data folder whose owner carries out commands for others.
type OwnedError struct {
	Owner *handover.Client // closed by whoever gets the error
	Fault error            // of the code fault.InUse
}

// Error implements error.
func (e *OwnedError) Error() string { return e.Fault.Error() }

// Unwrap makes it a fault.
func (e *OwnedError) Unwrap() error { return e.Fault }

// movedError ends a command that goes on elsewhere, because this process does
// not own the data folder any more.
type movedError struct{ state json.RawMessage }

func (e *movedError) Error() string { return "the command goes on where the data folder is now" }

// Guest is what is special about a command of another process, which is
// carried out in the one that owns the data folder.
type Guest struct {
	// Mark is that of the command's requests.
	Mark string
	// State is where the command stands, when it began elsewhere; else nil.
	State json.RawMessage
	// Note is told where the command stands.
	Note func(state json.RawMessage)
}

// Serve carries out a command of another process: env.Guest is set, and
// env.Open answers sessions of the folder that this process owns. It ends when
// the command has, or when it has to move.
func Serve(ctx context.Context, args []string, env Env) handover.Outcome {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	go func() {
		select {
		case <-env.Signals:
			interrupt()
		case <-ctx.Done():
		}
	}()
	return execute(ctx, args, env)
}

// nobodyWait is the pause before another try when an owner ended while it was
// asked.
const nobodyWait = 50 * time.Millisecond

// carryOut runs the command, here or in the process that owns the data
// folder, until it has ended, wherever the folder goes meanwhile.
func (f *face) carryOut(ctx context.Context, c command) (int, error) {
	for {
		status, err := c.run(ctx, f)
		f.rewound()
		var owned *OwnedError
		var moved *movedError
		switch {
		case errors.As(err, &moved):
			if f.env.Guest != nil {
				return status, err
			}
			f.stand = moved.state
			if err := f.print(f.say.text("moved")); err != nil {
				return statusFailed, err
			}
		case errors.As(err, &owned):
			if status, ended, err := f.handOver(ctx, owned.Owner); ended {
				return status, err
			}
		default:
			return status, err
		}
		f.rewound()
	}
}

// rewound lets the command read its standard input from the beginning.
func (f *face) rewound() {
	f.stdin.rewind()
	f.lines = nil
}

// marked are the requests of a command that is carried out elsewhere than where
// it was called: each has an id, by which its job is found when whoever made it
// ended before that was said.
func (f *face) marked(requests []service.Request) []service.Request {
	if f.mark == "" {
		return requests
	}
	marked := make([]service.Request, len(requests))
	for i, request := range requests {
		if request["request_id"] == nil {
			request = maps.Clone(request)
			request["request_id"] = fmt.Sprintf("%s-%d", f.mark, i)
		}
		marked[i] = request
	}
	return marked
}

// handOver lets the owner of the data folder carry out the command. It
// reports whether the command has ended with that.
func (f *face) handOver(ctx context.Context, owner *handover.Client) (status int, ended bool, err error) {
	defer func() { _ = owner.Close() }()
	dir, err := f.dir()
	if err != nil {
		return statusRefused, true, err
	}
	var document bytes.Buffer // whole or not at all
	stdout := io.Writer(&document)
	if !f.json {
		stdout = f.env.Stdout
	}
	if f.again && f.mark == "" {
		f.mark = rand.Text()
	}
	outcome, err := owner.Run(ctx, handover.Command{
		Mark: f.mark, Args: f.args, Dir: dir, Language: f.say.language,
		Terminal: f.env.Terminal, Width: f.env.Width, State: f.stand,
		PIN: f.proof(), Asks: f.env.Ask != nil,
	}, handover.Console{Stdin: f.stdin, Stdout: stdout, Stderr: f.env.Stderr, Ask: f.retell()})
	switch {
	case handover.IsNobody(err):
		select {
		case <-ctx.Done():
			return statusInterrupted, true, nil
		case <-time.After(nobodyWait):
			return statusDone, false, nil
		}
	case errors.Is(err, handover.ErrLost) && outcome.State == nil && f.mark != "":
		if !f.json {
			err = write(f.env.Stderr, f.say.text("lost_asking")+"\n")
			return statusFailed, err != nil, err
		}
		return statusDone, false, nil
	case errors.Is(err, handover.ErrLost) && outcome.State == nil:
		return statusFailed, true, fault.New(fault.OwnerLost)
	case errors.Is(err, handover.ErrLost):
		f.stand = outcome.State
		if !f.json {
			err = write(f.env.Stderr, f.say.text("lost")+"\n")
			return statusFailed, err != nil, err
		}
		return statusDone, false, nil
	case err != nil:
		return statusRefused, true, err
	case outcome.Moved:
		f.stand = outcome.State
		err := f.print(f.say.text("moved"))
		return statusFailed, err != nil, err
	}
	_, err = document.WriteTo(f.env.Stdout)
	return outcome.Status, true, err
}

// note remembers where the command stands.
func (f *face) note(state any) error {
	encoded, err := json.Marshal(state)
	if err != nil {
		return err
	}
	f.stand = encoded
	if f.env.Guest != nil {
		f.env.Guest.Note(encoded)
	}
	return nil
}

// dir is the folder that relative paths begin at.
func (f *face) dir() (string, error) {
	if f.env.Dir != "" {
		return f.env.Dir, nil
	}
	return os.Getwd()
}

// standing is where a command stands that made jobs.
type standing struct {
	Jobs []standingJob `json:"jobs"`
}

type standingJob struct {
	ID   task.ID `json:"id"`
	Run  int64   `json:"run"`  // the attempt that is awaited, at least
	Told bool    `json:"told"` // its end was said
}

// standing answers where the command stands that began elsewhere, or nil.
func (f *face) standing() (*standing, error) {
	if f.stand == nil {
		return nil, nil
	}
	var s standing
	if err := json.Unmarshal(f.stand, &s); err != nil {
		return nil, fault.New(fault.Garbled).Because(err)
	}
	return &s, nil
}

// read answers the jobs as they are now.
func (s *standing) read(ctx context.Context, session *Session) ([]engine.Live, error) {
	ids := make([]task.ID, len(s.Jobs))
	for i, j := range s.Jobs {
		ids[i] = j.ID
	}
	details, err := session.Services.Jobs.Show(ctx, session.Person, ids...)
	if err != nil {
		return nil, err
	}
	jobs := make([]engine.Live, len(details))
	for i := range details {
		jobs[i] = details[i].Live
	}
	return jobs, nil
}

// rewinder is a standard input that can be read again from its beginning, by
// a command that begins anew in another process.
type rewinder struct {
	from io.Reader
	read bytes.Buffer // all that was read
	at   int
}

// Read implements io.Reader.
func (r *rewinder) Read(p []byte) (int, error) {
	if r.at < r.read.Len() {
		n := copy(p, r.read.Bytes()[r.at:])
		r.at += n
		return n, nil
	}
	n, err := r.from.Read(p)
	r.read.Write(p[:n])
	r.at += n
	return n, err
}

func (r *rewinder) rewind() { r.at = 0 }
