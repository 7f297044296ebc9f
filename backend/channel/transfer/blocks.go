package transfer

import (
	"context"
	"io"
)

// blockSize is how much of a large file is read before it is written, when it
// goes straight to the disk: each write is then a turn of its own, and a disk
// that turns is to have something to do until the next.
const blockSize = 1 << 20

// blocks fills whole buffers from a reader that gives less at a time. It
// notices between two readings that the context is done.
type blocks struct {
	ctx  context.Context //nolint:containedctx // as short-lived as the reading
	from io.Reader
}

// Read fills p, unless the reader ends or fails; what came before that counts.
func (b blocks) Read(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err = b.ctx.Err(); err != nil {
			break
		}
		var got int
		got, err = b.from.Read(p[n:min(n+bufferSize, len(p))])
		n += got
	}
	return n, err
}
