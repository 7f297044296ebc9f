package transfer

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// bufferSize is small enough to stay in the processor's cache between hashing
// and writing, and to notice a cancellation at once on a slow stick.
const bufferSize = 256 << 10

// file is one wanted file on its way.
type file struct {
	run   *run
	work  work
	path  string
	buf   []byte
	meter meter
}

// outcome is how a file ended, on its way to the committer.
type outcome int

const (
	known   outcome = iota // is here and remembered: nothing to commit
	checked                // was here, its bytes were read and are right
	copied                 // lies complete under its temporary name
	unread                 // copied, and the run ended before it was read back
	failed                 // cannot be had
)

// done is a file that was seen to.
type done struct {
	outcome outcome
	work    work
	path    string
	record  Record
	meter   *meter
	release func()
}

// have makes sure that the file is here. An error ends the run; a file that
// cannot be had is reported and is no error.
func (f *file) have(ctx context.Context) (done, error) {
	info, err := lookAt(f.path)
	if err != nil {
		return done{}, err
	}
	if info != nil && info.IsDir() {
		f.run.problem(f.work, fault.NoWrite, errors.New("a folder lies in the file's place"))
		return f.end(failed, nil), nil
	}
	if info != nil {
		is, err := f.trust(ctx, info)
		if err != nil || is.outcome != failed {
			return is, err
		}
	}
	return f.fetch(ctx)
}

// trust answers how far what lies in place is the file: known, checked, or
// failed when it is not the file.
func (f *file) trust(ctx context.Context, info fs.FileInfo) (done, error) {
	records, err := f.run.known(ctx, f.work.Checksum)
	if err != nil {
		return done{}, err
	}
	switch judge(f.work.LocalFile, info, records) {
	case verified:
		return f.end(known, info), nil
	case unverified:
		right, err := f.matches(ctx, info)
		if err != nil {
			return done{}, err
		}
		if right {
			return f.end(checked, info), nil
		}
	case absent:
	}
	return f.end(failed, nil), nil
}

// matches reads what lies in place. A file that cannot be read, or that
// changes meanwhile, does not match.
func (f *file) matches(ctx context.Context, before fs.FileInfo) (bool, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return false, nil
	}
	defer func() { _ = in.Close() }()
	if f.run.cfg.ReadBack {
		uncache(in)
	}
	f.meter.restart(1)
	sum, _, err := f.pass(ctx, in, io.Discard, -1)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	// Where the committer does not flush, nobody knows whether whoever put it
	// there waited for the disk. Windows refuses to flush what is open for
	// reading only.
	_ = f.run.flusher.written(in)
	return err == nil && sum == f.work.Checksum && f.unchanged(before), nil
}

func (f *file) unchanged(since fs.FileInfo) bool {
	now, err := os.Lstat(f.path)
	return err == nil && recordOf(f.work.LocalFile, now) == recordOf(f.work.LocalFile, since)
}

// fetch copies the file from the source; what a flaky stick misread is read
// once more.
func (f *file) fetch(ctx context.Context) (done, error) {
	if err := f.run.makeFolder(filepath.Dir(f.path)); err != nil {
		return done{}, err
	}
	var bad *badFile
	for range 2 {
		f.meter.restart(f.run.readings())
		info, err := f.copyOnce(ctx)
		if err == nil {
			return f.end(copied, info), nil
		}
		if ctx.Err() != nil {
			return done{}, ctx.Err()
		}
		if !errors.As(err, &bad) {
			return done{}, err
		}
		if err := f.run.cfg.Source.Alive(ctx); err != nil {
			return done{}, f.gone(ctx, err)
		}
		if !bad.again() {
			break
		}
	}
	f.run.problem(f.work, bad.code, bad.cause)
	return f.end(failed, nil), nil
}

// gone is the reason to stop when the source does not answer any more.
func (f *file) gone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault.CodeOf(err) == fault.Internal {
		info := f.run.cfg.Source.Info()
		return fault.New(fault.SourceGone, "path", info.Path+info.URL).Because(err)
	}
	return err
}

// copyOnce reads the file from the source, writes it under its temporary name
// and verifies it on the way. Trouble with the source is a *badFile; any other
// error is trouble with the content folder.
func (f *file) copyOnce(ctx context.Context) (info fs.FileInfo, err error) {
	in, err := f.run.cfg.Source.OpenFile(ctx, f.work.LocalFile)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = in.Close() }()
	size := in.Size()
	if f.work.Size >= 0 && size >= 0 && size != f.work.Size {
		return nil, damaged(fmt.Errorf("is %d bytes long, want %d", size, f.work.Size))
	}
	if size < 0 {
		size = f.work.Size
	}

	out, err := atomicfile.Create(f.path, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() {
		closing := out.Close()
		if err == nil && closing != nil {
			err = atomicfile.Classify(fmt.Errorf("close %s: %w", out.Name(), closing), f.path)
		}
		if err != nil {
			_ = os.Remove(out.Name())
		}
	}()
	if err := f.fill(ctx, out, in, size); err != nil {
		return nil, err
	}
	if err := f.run.flusher.written(out); err != nil {
		return nil, atomicfile.Classify(err, f.path)
	}
	if info, err = out.Stat(); err != nil {
		return nil, fmt.Errorf("look at %s: %w", out.Name(), err)
	}
	return info, nil
}

// fill writes the bytes and verifies them.
func (f *file) fill(ctx context.Context, out *os.File, in io.Reader, size int64) error {
	if err := preallocate(out, size); err != nil {
		return atomicfile.Classify(fmt.Errorf("make room for %s: %w", out.Name(), err), f.path)
	}
	sum, n, err := f.pass(ctx, in, out, size)
	if err != nil {
		return err
	}
	if size >= 0 && n != size {
		return damaged(fmt.Errorf("gave %d bytes, want %d", n, size))
	}
	if sum != f.work.Checksum {
		return damaged(fmt.Errorf("has the checksum %s", sum))
	}
	return nil
}

// pass reads all bytes once, hashing and writing them. It stops one buffer
// beyond the size, when that is known, so that an endless file ends.
func (f *file) pass(ctx context.Context, in io.Reader, out io.Writer, size int64) (sum channel.Checksum, n int64, err error) {
	hash := md5.New()
	for {
		if err := ctx.Err(); err != nil {
			return sum, n, err
		}
		got, reading := in.Read(f.buf)
		if got > 0 {
			hash.Write(f.buf[:got])
			if _, err := out.Write(f.buf[:got]); err != nil {
				return sum, n, atomicfile.Classify(fmt.Errorf("write %s: %w", f.path, err), f.path)
			}
			n += int64(got)
			f.meter.add(got)
		}
		switch {
		case errors.Is(reading, io.EOF), size >= 0 && n > size:
			return channel.Checksum(hash.Sum(nil)), n, nil
		case reading != nil:
			return sum, n, unreadable(reading)
		}
	}
}

func (f *file) end(how outcome, info fs.FileInfo) done {
	d := done{outcome: how, work: f.work, path: f.path, meter: &f.meter, record: Record{Checksum: f.work.Checksum}}
	if info != nil {
		d.record = recordOf(f.work.LocalFile, info)
	}
	return d
}
