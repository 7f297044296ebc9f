package transfer

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// partialSuffix marks what came so far of a file whose source can go on from
// any byte. The name before it is the checksum of the whole, so nothing else
// need be known of it: whatever went wrong meanwhile, the whole is compared.
const partialSuffix = ".partial"

// partialAge is how long a part of a file is kept for a job that goes on.
const partialAge = 14 * 24 * time.Hour

func partialName(path string) string { return path + partialSuffix }

// WithPartials answers the plan for a source that is source.Ranged: what came
// of a file before it was broken off does not come again.
func (p Plan) WithPartials() Plan {
	todo := make([]work, len(p.work))
	for i, w := range p.work {
		todo[i] = w
		info, err := os.Lstat(partialName(w.In(p.content)))
		if w.room == 0 || err != nil || !info.Mode().IsRegular() {
			continue
		}
		todo[i].partial = min(info.Size(), w.bytes)
		todo[i].room -= todo[i].partial / cluster * cluster
		p.PartialBytes += todo[i].partial
		p.Needed -= w.room - todo[i].room
	}
	p.work = todo
	return p
}

// Discard removes what came of files that were broken off, when nobody will go
// on with them. What another run is copying, by the claims that the runs share, is
// left to that.
func (p Plan) Discard(claims *Claims) {
	for _, w := range p.work {
		path := w.In(p.content)
		release, busy := claims.try(path)
		if busy != nil {
			continue
		}
		_ = os.Remove(partialName(path))
		release()
	}
}

// tally is what was read of a file so far.
type tally struct {
	hash hash.Hash // nil where only the length is told
	n    int64     // bytes
}

func newTally() *tally { return &tally{hash: md5.New()} }

func (t *tally) add(p []byte) {
	if t.hash != nil {
		t.hash.Write(p)
	}
	t.n += int64(len(p))
}

func (t *tally) sum() channel.Checksum { return channel.Checksum(t.hash.Sum(nil)) }

// goOn is copyOnce from a source that can go on from any byte. It answers
// whether it went on with what an earlier copy had left.
func (f *file) goOn(ctx context.Context, from source.Ranged) (info fs.FileInfo, resumed bool, err error) {
	out, err := openPartial(f.path)
	if err != nil {
		return nil, false, err
	}
	read := newTally()
	defer func() {
		closing := out.Close()
		if err == nil && closing != nil {
			err = atomicfile.Classify(fmt.Errorf("close %s: %w", out.Name(), closing), f.path)
		}
		if isDamaged(err) || err != nil && read.n == 0 {
			_ = os.Remove(out.Name()) // not a beginning to go on from
		}
	}()
	if resumed, err = f.reread(ctx, out, read); err != nil {
		return nil, resumed, err
	}
	switch whole := read.n == f.work.Size; {
	case resumed && (whole || f.work.Size < 0) && read.sum() == f.work.Checksum:
	case resumed && whole:
		return nil, resumed, damaged(fmt.Errorf("has the checksum %s", read.sum()))
	default:
		if err := f.fillFrom(ctx, from, out, read); err != nil {
			return nil, resumed, err
		}
	}
	if err := f.run.flusher.written(out); err != nil {
		return nil, resumed, atomicfile.Classify(err, f.path)
	}
	if info, err = out.Stat(); err != nil {
		return nil, resumed, fmt.Errorf("look at %s: %w", out.Name(), err)
	}
	return info, resumed, nil
}

// openPartial opens what an earlier copy left, or begins anew. A link is never
// written through.
func openPartial(path string) (*os.File, error) {
	name := partialName(path)
	looked, err := os.Lstat(name)
	if err == nil && looked.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			if opened, err := f.Stat(); err == nil && os.SameFile(looked, opened) {
				return f, nil
			}
			_ = f.Close()
		}
	}
	if err == nil {
		_ = os.Remove(name)
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // other users of the laptop may read content
	if err != nil {
		return nil, atomicfile.Classify(fmt.Errorf("create %s: %w", name, err), path)
	}
	return f, nil
}

// reread takes account of what is there already. It reports whether that is
// something to go on from.
func (f *file) reread(ctx context.Context, out *os.File, read *tally) (bool, error) {
	info, err := out.Stat()
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", out.Name(), err)
	}
	if info.Size() == 0 {
		return false, nil
	}
	if f.work.Size >= 0 && info.Size() > f.work.Size {
		return false, f.anew(out, read)
	}
	for {
		if err := ctx.Err(); err != nil {
			return true, err
		}
		n, err := out.Read(f.buf)
		read.add(f.buf[:n])
		f.meter.add(n)
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, f.anew(out, read)
		}
	}
}

// anew forgets what is there.
func (f *file) anew(out *os.File, read *tally) error {
	*read = *newTally()
	f.meter.restart(f.run.readings())
	_, err := out.Seek(0, io.SeekStart)
	if err == nil {
		err = out.Truncate(0)
	}
	if err != nil {
		return atomicfile.Classify(fmt.Errorf("write %s: %w", out.Name(), err), f.path)
	}
	return nil
}

// fillFrom brings what is missing and verifies the whole.
func (f *file) fillFrom(ctx context.Context, from source.Ranged, out *os.File, read *tally) error {
	in, err := from.OpenFileFrom(ctx, f.work.LocalFile, read.n)
	if err != nil {
		return unreadable(err)
	}
	defer func() { _ = in.Close() }()
	if in.Start() != read.n {
		if err := f.anew(out, read); err != nil {
			return err
		}
	}
	size, err := f.sizeOf(in)
	if err != nil {
		return err
	}
	return f.fill(ctx, out, in, size, read)
}

// isDamaged reports whether the error says that the bytes are not the file's.
func isDamaged(err error) bool {
	var bad *badFile
	return errors.As(err, &bad) && bad.code == fault.FileDamaged
}
