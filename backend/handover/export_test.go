package handover

import (
	"context"
	"io"
	"log/slog"
)

// What the tests of this package see of it.
const (
	MaxHello   = maxHello
	MaxRequest = maxRequest
	MaxInput   = maxInput
)

// ReadFrame reads a frame and answers its parts.
func ReadFrame(r io.Reader, limit int) (kind byte, payload []byte, err error) {
	f, err := readFrame(r, limit)
	return byte(f.kind), f.payload, err
}

// SendFrame writes a frame.
func SendFrame(to Conn, k byte, payload []byte) error {
	return (&sender{conn: to}).send(kind(k), payload)
}

// Kinds of frames, for who speaks the protocol by hand.
const (
	KindHello    = byte(kindHello)
	KindRequest  = byte(kindRequest)
	KindAccepted = byte(kindAccepted)
	KindRefused  = byte(kindRefused)
	KindStdin    = byte(kindStdin)
	KindOutcome  = byte(kindOutcome)
)

// DialRaw connects as Dial does and says nothing.
func DialRaw(folder string) (Conn, error) { return dial(context.Background(), folder) }

// Conn is a connection of either platform.
type Conn = conn

// Converse serves one client that is connected already.
func Converse(c Conn, role Role, handler Handler) {
	s := &Server{role: role, log: Silent, clients: map[*serving]struct{}{}, moving: make(chan struct{}), stopping: make(chan struct{}), released: make(chan struct{})}
	close(s.released)
	client := &serving{server: s, conn: c, to: &sender{conn: c}}
	defer func() { _ = c.Close() }()
	client.serve(handler)
}

// Silent drops the log.
var Silent = slog.New(slog.DiscardHandler)

// ListenRaw listens as Listen does and says nothing.
func ListenRaw(folder string) (interface {
	Accept() (conn, error)
	Close() error
}, error,
) {
	return listen(folder)
}

// KindState is where a command stands.
const KindState = byte(kindState)
