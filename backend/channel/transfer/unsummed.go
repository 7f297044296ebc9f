package transfer

import (
	"context"
	"fmt"
	"io"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/multimd5"
)

// unsummed is a copy whose sum nobody knows yet. Files are read from the source one
// after the other, as a disk that turns wants it, and the sums of a turn are computed
// at once from what was written, which the system still has in memory. Thus no file
// need be held in ours.
type unsummed struct {
	file *file
	done done
}

// leastSummed is the size from which a sum takes longer than to open the copy again,
// in bytes.
const leastSummed = 64 << 10

// summedAtOnce reports whether the file is of the size for it. A large one would not
// be in memory any more on a small laptop, and there are seldom many of one folder.
func (w *work) summedAtOnce() bool { return w.Size >= leastSummed && w.Size < large }

// sumsAtOnce reports whether the sums of the files are computed at once. Where each
// copy is flushed by itself that takes longer than its sum, and what is read again may
// come from the disk; and a file from a server may be gone on with.
func (r *run) sumsAtOnce(works []work) bool {
	if _, ranged := r.cfg.Source.(source.Ranged); ranged || !r.flusher.together() {
		return false
	}
	count := 0
	for i := range works {
		if works[i].summedAtOnce() {
			count++
		}
	}
	return count >= multimd5.Least && r.cfg.sumsAtOnce()
}

// sum compares the copies that wait for it with what they are to be. One that is not
// the file was misread, and is read once more by itself. All are seen to, although the
// context is done or one of them ends the run: what was copied whole is kept.
func (w *worker) sum(ctx context.Context, at *place) error {
	copies := at.unsummed
	if len(copies) == 0 {
		return nil
	}
	at.unsummed = nil
	var first error
	for i, cause := range w.compare(copies) {
		f, d := copies[i].file, copies[i].done
		f.unsummed = false
		var err error
		if cause != nil {
			_ = os.Remove(d.temp())
			f.misread, f.bad = f.misread+1, &badFile{fault.FileDamaged, cause}
			d, err = f.fetch(ctx)
		}
		if err := w.settle(f, at, d, err); first == nil {
			first = err
		}
	}
	return first
}

// compare answers of each copy why it is not the file, nil when it is.
func (w *worker) compare(copies []unsummed) []error {
	if w.hasher == nil {
		w.hasher = multimd5.New()
	}
	files := make([]io.Reader, len(copies))
	for i, c := range copies {
		in, err := os.Open(c.done.temp())
		if err == nil {
			defer func() { _ = in.Close() }()
		}
		files[i] = in // a nil file says of itself that it cannot be read
	}
	causes := make([]error, len(copies))
	for i, sum := range w.hasher.Sums(files) {
		switch {
		case sum.Err != nil:
			causes[i] = fmt.Errorf("read the copy: %w", sum.Err)
		case sum.MD5 != copies[i].done.work.Checksum:
			causes[i] = fmt.Errorf("has the checksum %s", channel.Checksum(sum.MD5))
		}
	}
	return causes
}
