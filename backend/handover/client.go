package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"nectar/backend/fault"
)

// Client is the way to the owner of a data folder. It serves for one request.
type Client struct {
	conn  conn
	to    *sender
	owner hello
	state json.RawMessage // the last one that the owner told
}

// ErrLost is an owner that ended before it said what became of the request.
var ErrLost = errors.New("the owner of the data folder ended without an answer")

// Dial connects to the owner of the folder. When there is nobody to ask,
// IsNobody is true of the error. An owner that speaks another version of the
// protocol is fault.OtherVersion.
func Dial(ctx context.Context, folder string) (*Client, error) {
	conn, err := dial(ctx, folder)
	if err != nil {
		return nil, err
	}
	c := &Client{conn: conn, to: &sender{conn: conn}}
	if err := c.greet(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *Client) greet() error {
	if err := c.conn.SetReadDeadline(time.Now().Add(handshakeLimit)); err != nil {
		return err
	}
	err := receive(c.conn, maxHello, kindHello, &c.owner)
	switch {
	case errors.Is(err, errMalformed):
		return fault.New(fault.OtherVersion).Because(err)
	case err != nil:
		return errNobody // it ends
	case c.owner.Protocol != protocol:
		return fault.New(fault.OtherVersion)
	}
	if c.to.sendJSON(kindHello, hello{Protocol: protocol}) != nil {
		return errNobody
	}
	return c.conn.SetReadDeadline(time.Time{})
}

// Owner says what kind of process the owner is.
func (c *Client) Owner() Role { return c.owner.Role }

// PID is the owner's process.
func (c *Client) PID() int { return c.owner.PID }

// Close ends the conversation. An owner that carries out a command goes on
// with it, but nobody watches.
func (c *Client) Close() error { return c.conn.Close() }

// Console is what a command that is handed over reads and writes.
type Console struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Ask asks the person for something secret.
	Ask func(ctx context.Context, question string) (string, error)
}

// Run hands a command over and answers what became of it. The end of the
// context tells the owner that nobody watches any more, and Run goes on until
// it has said how things stand; the conversation has ended then. When IsNobody is true of the error, nothing
// was done. With ErrLost, State of the outcome is where the command stood as
// far as is known, nil when that is nothing.
func (c *Client) Run(ctx context.Context, command Command, console Console) (Outcome, error) {
	defer func() { _ = c.conn.Close() }()
	c.state = command.State
	if err := c.ask(request{Verb: verbRun, Command: command}); err != nil {
		return Outcome{}, err
	}
	var answering sync.WaitGroup
	defer answering.Wait()
	defer context.AfterFunc(ctx, func() { _ = c.to.send(kindInterrupt, nil) })()
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		f, err := readFrame(c.conn, maxRequest)
		if err != nil {
			return Outcome{State: c.state}, ErrLost
		}
		switch f.kind {
		case kindStdout:
			err = writeAll(console.Stdout, f.payload)
		case kindStderr:
			err = writeAll(console.Stderr, f.payload)
		case kindState:
			c.state = f.payload
		case kindWantStdin:
			// Nobody can end a read from a terminal: the command may end, and
			// with it this process, while it lasts.
			go c.sendInput(console.Stdin)
		case kindAsk:
			answering.Go(func() {
				if answer, err := console.Ask(asking, string(f.payload)); err == nil {
					_ = c.to.send(kindAnswer, []byte(answer))
				} else {
					_ = c.to.send(kindInterrupt, nil)
				}
			})
		case kindOutcome:
			var outcome Outcome
			if f.into(kindOutcome, &outcome) != nil {
				return Outcome{State: c.state}, ErrLost
			}
			return outcome, nil
		case kindRefused:
			return Outcome{}, refused(f)
		default:
			return Outcome{State: c.state}, ErrLost
		}
		if err != nil {
			return Outcome{}, fmt.Errorf("write answer: %w", err)
		}
	}
}

// ask sends the request and waits until it is being carried out.
func (c *Client) ask(r request) error {
	if err := c.to.sendJSON(kindRequest, r); err != nil {
		return errNobody
	}
	f, err := readFrame(c.conn, maxRequest)
	switch {
	case err != nil:
		return errNobody
	case f.kind == kindRefused:
		return refused(f)
	case f.kind != kindAccepted:
		return fault.New(fault.OtherVersion)
	}
	return nil
}

func refused(f frame) error {
	var r refusal
	if err := f.into(kindRefused, &r); err != nil {
		return fault.New(fault.OtherVersion).Because(err)
	}
	return r.fault()
}

func writeAll(to io.Writer, p []byte) error {
	_, err := to.Write(p)
	return err
}

func (c *Client) sendInput(from io.Reader) {
	_, _ = io.Copy(writer{c.to, kindStdin, func() {}}, io.LimitReader(from, maxInput))
	_ = c.to.send(kindStdinEnd, nil)
}

// Show asks the owner to show its window, and to import from a folder there;
// "" for none.
func (c *Client) Show(ctx context.Context, folder string) error {
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	if err := c.to.sendJSON(kindRequest, request{Verb: verbShow, Folder: folder}); err != nil {
		return errNobody
	}
	if err := c.conn.SetReadDeadline(time.Now().Add(handshakeLimit)); err != nil {
		return err
	}
	f, err := readFrame(c.conn, maxRequest)
	switch {
	case err != nil:
		return errNobody
	case f.kind == kindRefused:
		return refused(f)
	}
	return nil
}

// Take asks the owner to hand the folder over, and answers when it has given
// it up. It is reserved for this process until Close, which comes after the
// folder was taken and is served.
func (c *Client) Take(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	if err := c.ask(request{Verb: verbTake}); err != nil {
		return err
	}
	f, err := readFrame(c.conn, maxHello)
	if err != nil || f.kind != kindYours {
		return errors.Join(errNobody, ctx.Err())
	}
	return nil
}

// Stop asks the owner to stop its jobs safely and to end, and answers when it
// has given the folder up.
func (c *Client) Stop(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	if err := c.ask(request{Verb: verbStop}); err != nil {
		return err
	}
	_, _ = readFrame(c.conn, maxHello) // it says no more
	return ctx.Err()
}
