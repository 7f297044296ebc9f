// Package multimd5 computes the MD5 sums of many files at once, each in a lane of the
// processor's wide registers: MD5 waits for itself at each step, so that a processor is
// mostly idle while it computes one sum.
package multimd5

import (
	"crypto/md5"
	"errors"
	"io"

	md5simd "github.com/minio/md5-simd"
)

const (
	// Least is from how many files on it is worthwhile to compute their sums at once.
	Least = 4
	// Most is how many files Sums takes. It is more than any processor has lanes, so
	// that none is idle once the first files have ended.
	Most = 32

	// slice is what a lane takes at a time, in bytes: whole blocks, and as much as the
	// library hands over at once.
	slice = 32 << 10
)

// Hasher computes sums. It is for one goroutine at a time.
type Hasher struct {
	server md5simd.Server
	lanes  []md5simd.Hasher
	buf    []byte
}

// New makes a Hasher, which takes two megabytes and a goroutine until it is closed.
func New() *Hasher {
	return &Hasher{server: md5simd.NewServer(), buf: make([]byte, slice)}
}

// Close gives back what the Hasher takes. It must not be used afterwards.
func (h *Hasher) Close() { h.server.Close() }

// Sum is what was found of one file.
type Sum struct {
	MD5 [md5.Size]byte
	Err error // what ended the reading before the end; the sum says nothing then
}

// Sums reads up to Most files to their ends, a little of each by turns, and answers
// their sums in the same order.
func (h *Hasher) Sums(files []io.Reader) []Sum {
	for len(h.lanes) < len(files) {
		h.lanes = append(h.lanes, h.server.NewHash())
	}
	sums := make([]Sum, len(files))
	ended := make([]bool, len(files))
	for i := range files {
		h.lanes[i].Reset() // never closed, since the server forgets no lane
	}
	for open := len(files); open > 0; {
		for i, file := range files {
			if ended[i] {
				continue
			}
			n, err := file.Read(h.buf)
			_, _ = h.lanes[i].Write(h.buf[:n]) // never fails
			if err == nil {
				continue
			}
			ended[i] = true
			open--
			if !errors.Is(err, io.EOF) {
				sums[i].Err = err
			}
		}
	}
	for i := range files {
		h.lanes[i].Sum(sums[i].MD5[:0])
	}
	return sums
}
