package handover_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/handover"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sent []byte
		want func(error) bool
	}{
		{"a whole one", []byte{1, 0, 0, 0, 2, 'h', 'i'}, func(err error) bool { return err == nil }},
		{"an empty one", []byte{1, 0, 0, 0, 0}, func(err error) bool { return err == nil }},
		{"none", nil, func(err error) bool { return errors.Is(err, io.EOF) }},
		{"one whose head is cut short", []byte{1, 0, 0}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"one that is cut short", []byte{1, 0, 0, 0, 3, 'h', 'i'}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"one over the limit", []byte{1, 0, 0, 0, 11}, func(err error) bool { return fault.CodeOf(err) == fault.TooLarge }},
		{"one that claims 4 GB", []byte{1, 255, 255, 255, 255, 'h'}, func(err error) bool { return fault.CodeOf(err) == fault.TooLarge }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := handover.ReadFrame(bytes.NewReader(c.sent), 10); !c.want(err) {
				t.Errorf("read with %v", err)
			}
		})
	}
}

// FuzzFrames reads whatever arrives: a frame is what was sent, within its
// limit, and memory is not taken on the word of a length.
func FuzzFrames(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 2, 'h', 'i'}, 10)
	f.Add([]byte{1, 255, 255, 255, 255}, 1<<30)
	f.Add([]byte{2, 0, 127, 255, 255, '{'}, 8<<20)
	f.Add([]byte{}, 0)
	f.Fuzz(func(t *testing.T, sent []byte, limit int) {
		limit &= 1<<30 - 1
		kind, payload, err := handover.ReadFrame(bytes.NewReader(sent), limit)
		if err != nil {
			return
		}
		if len(payload) > limit || len(sent) < 5+len(payload) || kind != sent[0] || !bytes.Equal(payload, sent[5:5+len(payload)]) {
			t.Errorf("of %q came kind %d with %q", sent, kind, payload)
		}
	})
}

func TestALengthTakesNoMemory(t *testing.T) {
	claim := []byte{1, 0, 127, 255, 255, 'x'} // 8 MB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, _ = handover.ReadFrame(bytes.NewReader(claim), 1<<30)
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("one byte that claimed to be 8 MB took %d bytes", taken)
	}
}

// FuzzConversation says whatever it likes to an owner: nothing breaks, and
// nothing is carried out but a command that was asked for in the right form.
func FuzzConversation(f *testing.F) {
	said := func(frames ...string) []byte {
		var b []byte
		for _, frame := range frames {
			b = append(b, frame[0], 0, 0, byte(len(frame[1:])>>8), byte(len(frame[1:])))
			b = append(b, frame[1:]...)
		}
		return b
	}
	hello := string(handover.KindHello) + `{"nectar_handover":1}`
	run := string(handover.KindRequest) + `{"verb":"run","command":{"args":["a"]}}`
	f.Add(said(hello, run))
	f.Add(said(hello, run, string(handover.KindStdin)+"text", "\x09", "\x0d"))
	f.Add(said(hello, string(handover.KindRequest)+`{"verb":"take"}`))
	f.Add(said(hello, string(handover.KindRequest)+`{"verb":"show"}`))
	f.Add(said(run, hello))
	f.Add([]byte{handover.KindHello, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, said []byte) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		go func() {
			_, _ = theirs.Write(said)
			_ = theirs.Close()
		}()
		handover.Converse(ours, handover.Window, owner{
			shown: make(chan string, 1),
			run: func(_ context.Context, call *handover.Call) handover.Outcome {
				if !bytes.Contains(said, []byte("run")) {
					t.Errorf("%q was taken for a command", said)
				}
				_, _ = io.Copy(call.Stdout, call.Stdin)
				return handover.Outcome{}
			},
		})
	})
}
