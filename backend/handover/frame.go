package handover

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"nectar/backend/fault"
)

// kind says what a frame is.
type kind byte

// The kinds of frames. Their numbers are part of the protocol.
const (
	kindHello     kind = iota + 1 // both: hello
	kindRequest                   // client: request
	kindAccepted                  // owner: the request is being carried out
	kindRefused                   // owner: refusal
	kindStdout                    // owner: output
	kindStderr                    // owner: output
	kindWantStdin                 // owner: the command reads its standard input
	kindStdin                     // client: input
	kindStdinEnd                  // client: there is no more input
	kindAsk                       // owner: a question to the person
	kindAnswer                    // client: the answer
	kindState                     // owner: where the command stands
	kindInterrupt                 // client: stop watching
	kindOutcome                   // owner: Outcome
	kindYours                     // owner: the folder is free; closing ends the claim
)

// The limits of frames, in bytes.
const (
	maxHello   = 1 << 10
	maxData    = 64 << 10
	maxRequest = 8 << 20 // a command line has 2 MB at most, which JSON may escape
	headerSize = 5
)

// frame is one message.
type frame struct {
	kind    kind
	payload []byte
}

// errMalformed is what a well-made counterpart never sends.
var errMalformed = errors.New("malformed frame")

// readFrame reads a frame of at most limit bytes. A longer one is
// fault.TooLarge before any of it is read, one that is cut short is
// io.ErrUnexpectedEOF, and no frame at all is io.EOF. Memory is taken as bytes
// arrive, not as a length promises them.
func readFrame(r io.Reader, limit int) (frame, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return frame{}, err
	}
	length := binary.BigEndian.Uint32(header[1:])
	if int64(length) > int64(limit) {
		return frame{}, fault.New(fault.TooLarge, "limit", limit)
	}
	var payload bytes.Buffer
	if _, err := io.CopyN(&payload, r, int64(length)); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	return frame{kind(header[0]), payload.Bytes()}, nil
}

// into decodes the payload of a frame that has to be of the kind.
func (f frame) into(want kind, value any) error {
	if f.kind != want {
		return fmt.Errorf("%w: kind %d instead of %d", errMalformed, f.kind, want)
	}
	if err := json.Unmarshal(f.payload, value); err != nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return nil
}

// conn is a connection of either platform. Reading and writing may go on at
// the same time.
type conn interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// sender writes frames, one at a time.
type sender struct {
	mu   sync.Mutex
	conn conn // guarded by mu for writing
}

// writeLimit is how long a frame may take to be written: the other side has
// stopped reading, or does not exist any more.
const writeLimit = 30 * time.Second

func (s *sender) send(k kind, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	message := make([]byte, headerSize, headerSize+len(payload))
	message[0] = byte(k)
	binary.BigEndian.PutUint32(message[1:], uint32(len(payload)))
	_, err := s.conn.Write(append(message, payload...))
	return err
}

func (s *sender) sendJSON(k kind, value any) error {
	payload, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.send(k, payload)
}

// writer sends what is written to it as frames of one kind.
type writer struct {
	to     *sender
	kind   kind
	failed func() // told when the other side does not take it
}

// Write implements io.Writer.
func (w writer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		part := p[written:min(len(p), written+maxData)]
		if err := w.to.send(w.kind, part); err != nil {
			w.failed()
			return written, err
		}
		written += len(part)
	}
	return written, nil
}
