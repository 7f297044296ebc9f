package handover

import (
	"bytes"
	"sync"
)

// maxInput is how much of a standard input is taken: a little more than a
// request may have, so that whoever reads it can say that it is too much.
const maxInput = 4<<20 + maxData

// input is the standard input of another process.
type input struct {
	to  *sender
	ask sync.Once

	mu      sync.Mutex
	changed sync.Cond
	buffer  bytes.Buffer // guarded by mu
	taken   int          // guarded by mu: bytes that ever arrived
	err     error        // guarded by mu: why no more will come
}

func newInput(to *sender) *input {
	in := &input{to: to}
	in.changed.L = &in.mu
	return in
}

// Read implements io.Reader. The first call asks for the input.
func (in *input) Read(p []byte) (int, error) {
	in.ask.Do(func() {
		if err := in.to.send(kindWantStdin, nil); err != nil {
			in.end(err)
		}
	})
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.buffer.Len() == 0 {
		if in.err != nil {
			return 0, in.err
		}
		in.changed.Wait()
	}
	return in.buffer.Read(p)
}

// add takes input that arrived. It reports false when that is more than
// anybody may send.
func (in *input) add(data []byte) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.taken += len(data); in.taken > maxInput {
		return false
	}
	in.buffer.Write(data)
	in.changed.Broadcast()
	return true
}

// end says that no more will come. The first reason stays.
func (in *input) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.err == nil {
		in.err = err
	}
	in.changed.Broadcast()
}
