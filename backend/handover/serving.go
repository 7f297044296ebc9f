package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"nectar/backend/fault"
)

// serving is the conversation with one client.
type serving struct {
	server *Server
	conn   conn
	to     *sender
	gone   chan struct{} // of one that wants the folder: closed when it has taken it, or went away
	begun  bool          // guarded by the server's mu: its request is being carried out
	call   *Call         // guarded by the server's mu: its command, while that is carried out
}

func (c *serving) serve(handler Handler) {
	wanted, err := c.handshake()
	if err != nil {
		c.refuse(err)
		return
	}
	switch wanted.Verb {
	case verbShow:
		c.show(handler, wanted.Folder)
	case verbTake:
		c.take()
	case verbStop:
		c.stop()
	case verbRun:
		c.run(handler, wanted.Command)
	default:
		c.refuse(fmt.Errorf("%w: verb %q", errMalformed, wanted.Verb))
	}
}

// handshake tells the client who this is and reads what it wants.
func (c *serving) handshake() (request, error) {
	if err := c.conn.SetReadDeadline(time.Now().Add(handshakeLimit)); err != nil {
		return request{}, err
	}
	if err := c.to.sendJSON(kindHello, hello{Protocol: protocol, Role: c.server.role, PID: os.Getpid()}); err != nil {
		return request{}, err
	}
	var theirs hello
	if err := receive(c.conn, maxHello, kindHello, &theirs); err != nil {
		return request{}, err
	}
	if theirs.Protocol != protocol {
		return request{}, fault.New(fault.OtherVersion)
	}
	var wanted request
	if err := receive(c.conn, maxRequest, kindRequest, &wanted); err != nil {
		return request{}, err
	}
	return wanted, c.conn.SetReadDeadline(time.Time{})
}

func receive(r io.Reader, limit int, want kind, value any) error {
	f, err := readFrame(r, limit)
	if err != nil {
		return err
	}
	return f.into(want, value)
}

// refuse tells the client why, if it still listens.
func (c *serving) refuse(err error) {
	if fault.CodeOf(err) == fault.Internal {
		if !errors.Is(err, errMalformed) {
			return // it went away, or said nothing in time
		}
		err = fault.New(fault.Garbled).Because(err)
	}
	c.server.log.Warn("a request of another process was refused", "error", err)
	_ = c.to.sendJSON(kindRefused, refusalOf(err))
}

func (c *serving) show(handler Handler, folder string) {
	if c.server.role != Window {
		c.refuse(fault.New(fault.Garbled).Because(errors.New("this process has no window")))
		return
	}
	if !c.server.begin(c) {
		return
	}
	defer c.server.commands.Done()
	handler.Show(folder)
	_ = c.to.sendJSON(kindOutcome, Outcome{})
}

// take hands the folder over, as soon as this process has given it up.
func (c *serving) take() {
	if c.server.role == Window {
		c.refuse(fault.New(fault.Garbled).Because(errors.New("a window keeps its folder")))
		return
	}
	c.gone = make(chan struct{})
	defer close(c.gone)
	if c.to.send(kindAccepted, nil) != nil || !c.server.take(c) {
		return
	}
	// The client says nothing before it was told; what arrives earlier, and
	// be it the end of the connection, ends its claim.
	_, _ = readFrame(c.conn, maxHello)
}

// stop lets this process end, and ends the conversation when it has given the
// folder up.
func (c *serving) stop() {
	if c.to.send(kindAccepted, nil) == nil && c.server.stop(c) {
		<-c.server.released
	}
}

// giveUp tells the client that the folder is its, and waits until it has
// taken it, has gone away, or takes too long.
func (c *serving) giveUp() {
	if c.to.send(kindYours, nil) != nil {
		return
	}
	select {
	case <-c.gone:
	case <-time.After(takeLimit):
		_ = c.conn.Close()
		<-c.gone
	}
}

// run carries out a command of the client.
func (c *serving) run(handler Handler, command Command) {
	if !c.server.begin(c) {
		return // it finds nobody, and tries again elsewhere
	}
	var done sync.Once
	ended := func() { done.Do(c.server.commands.Done) }
	defer ended()
	if c.to.send(kindAccepted, nil) != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	call := newCall(c, command, cancel)
	c.server.carry(c, call)
	var reading sync.WaitGroup
	reading.Go(func() { call.listen(cancel) })
	outcome := handler.Run(ctx, call)
	ended()
	if outcome.Moved {
		<-c.server.released
	}
	_ = c.to.sendJSON(kindOutcome, outcome)
	// The client closes when it has read that: what is closed here first may
	// be lost on its way.
	_ = c.conn.SetReadDeadline(time.Now().Add(handshakeLimit))
	reading.Wait()
}

// Call is a command of another process, as its owner sees it.
type Call struct {
	Command

	// Stdin is the standard input of the other process. It is asked for when
	// it is first read.
	Stdin io.Reader
	// Stdout and Stderr are those of the other process.
	Stdout, Stderr io.Writer
	// Signals receives an interrupt when the other process stops watching.
	Signals <-chan os.Signal
	// Moving is closed when this process gives the folder up.
	Moving <-chan struct{}

	client  *serving
	input   *input
	signals chan os.Signal
	answers chan string
}

func newCall(c *serving, command Command, failed func()) *Call {
	signals := make(chan os.Signal, 1)
	in := newInput(c.to)
	return &Call{
		Command: command, Moving: c.server.moving, Signals: signals,
		Stdin:  in,
		Stdout: writer{c.to, kindStdout, failed}, Stderr: writer{c.to, kindStderr, failed},
		client: c, input: in, signals: signals, answers: make(chan string, 1),
	}
}

// Note tells the other process where its command stands, so that it can go on
// from there should this process die.
func (c *Call) Note(state json.RawMessage) { _ = c.client.to.send(kindState, state) }

// Ask asks the person at the other process for something secret.
func (c *Call) Ask(ctx context.Context, question string) (string, error) {
	if err := c.client.to.send(kindAsk, []byte(question)); err != nil {
		return "", err
	}
	select {
	case answer, ok := <-c.answers:
		if !ok {
			return "", io.ErrUnexpectedEOF
		}
		return answer, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// interrupt asks the command to stop safely.
func (c *Call) interrupt() {
	select {
	case c.signals <- os.Interrupt:
	default: // one is waiting already
	}
}

// listen takes what the client says until it has gone.
func (c *Call) listen(gone func()) {
	defer gone()
	defer close(c.answers)
	defer c.input.end(io.ErrUnexpectedEOF)
	for {
		f, err := readFrame(c.client.conn, maxData)
		if err != nil {
			return
		}
		switch f.kind {
		case kindStdin:
			if !c.input.add(f.payload) {
				return
			}
		case kindStdinEnd:
			c.input.end(io.EOF)
		case kindInterrupt:
			c.interrupt()
		case kindAnswer:
			select {
			case c.answers <- string(f.payload):
			default: // nobody asked
			}
		default:
			return
		}
	}
}
