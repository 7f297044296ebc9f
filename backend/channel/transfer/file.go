package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"nectar/backend/atomicfile"
	"nectar/backend/channel/source"
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
	late  bool // it was put off before
	free  bool // nothing lies in its place

	folder  *young // that it is written into, or nil for its place
	release func() // gives back its claim

	unsummed bool     // its copy is compared later, with those of others
	misread  int      // how often its copy was not the file
	bad      *badFile // why it was not the last time
}

// outcome is how a file ended, on its way to the committer.
type outcome int

const (
	known     outcome = iota // is here and remembered: nothing to commit
	checked                  // was here, its bytes were read and are right
	copied                   // lies complete under its temporary name, or that of a part
	unread                   // copied, and the run ended before it was read back
	failed                   // cannot be had
	withdrawn                // copied, and removed again: nobody wants it any more
)

// done is a file that was seen to.
type done struct {
	outcome outcome
	work    work
	path    string
	folder  *young // that it lies in; nil for its place
	part    bool   // a copy that lies under the name of a part until it is real
	record  Record
	meter   *meter
	release func()
}

// temp is the name under which a copy lies until it is real. One from a source that
// can go on from any byte keeps that of a part, so that it need not come again where
// the program is killed before that.
func (d *done) temp() string {
	if d.part {
		return partialName(d.path)
	}
	return tempIn(d.folder, d.path)
}

func tempIn(folder *young, path string) string {
	if folder != nil {
		return folder.within(path)
	}
	return atomicfile.TempName(path)
}

// have makes sure that the file is here. An error ends the run; a file that
// cannot be had is reported and is no error.
func (f *file) have(ctx context.Context) (done, error) {
	if f.free {
		return f.fetch(ctx)
	}
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
	read := newTally()
	err = f.pass(ctx, in, io.Discard, -1, read)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	// Where the committer does not flush, nobody knows whether whoever put it
	// there waited for the disk. Windows refuses to flush what is open for
	// reading only.
	_ = f.run.flusher.written(in)
	return err == nil && read.sum() == f.work.Checksum && f.unchanged(before), nil
}

func (f *file) unchanged(since fs.FileInfo) bool {
	now, err := os.Lstat(f.path)
	return err == nil && recordOf(f.work.LocalFile, now) == recordOf(f.work.LocalFile, since)
}

// errBusy says that a source which is there does not give the file now, though
// it gave others meanwhile.
var errBusy = errors.New("the source is busy")

// fetch copies the file from the source; what a flaky stick misread is read
// once more. What an earlier copy left may be wrong without the source being
// so.
func (f *file) fetch(ctx context.Context) (done, error) {
	if f.folder == nil {
		if err := f.run.makeFolder(f.work.LocalFile); err != nil {
			return done{}, err
		}
	}
	others := f.run.copied.Load()
	for f.misread < 2 {
		f.meter.restart(f.run.readings())
		info, resumed, err := f.copyOnce(ctx)
		if err == nil {
			f.run.copied.Add(1)
			d := f.end(copied, info)
			_, d.part = f.run.cfg.Source.(source.Ranged)
			return d, nil
		}
		if ctx.Err() != nil {
			return done{}, ctx.Err()
		}
		if !errors.As(err, &f.bad) {
			return done{}, err
		}
		if err := f.run.cfg.Source.Alive(ctx); err != nil {
			return done{}, f.gone(ctx, err)
		}
		if f.bad.busy() {
			return f.refused(f.bad, f.run.copied.Load() > others)
		}
		if !f.bad.again() {
			break
		}
		if !resumed {
			f.misread++
		}
	}
	f.run.problem(f.work, f.bad.code, f.bad.cause)
	return f.end(failed, nil), nil
}

// refused decides what becomes of a file that a busy source does not give: it
// is put off when others came meanwhile, and else the run had better wait.
func (f *file) refused(bad *badFile, othersCame bool) (done, error) {
	switch {
	case othersCame && !f.late:
		return done{}, errBusy
	case f.run.cfg.Resigned:
		f.run.problem(f.work, fault.FileNotServed, bad.cause)
		return f.end(failed, nil), nil
	}
	return done{}, bad.cause
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
// error is trouble with the content folder. It reports whether it went on with
// what an earlier copy had left.
func (f *file) copyOnce(ctx context.Context) (info fs.FileInfo, resumed bool, err error) {
	if ranged, is := f.run.cfg.Source.(source.Ranged); is {
		return f.goOn(ctx, ranged)
	}
	info, err = f.copyWhole(ctx)
	return info, false, err
}

func (f *file) copyWhole(ctx context.Context) (info fs.FileInfo, err error) {
	in, err := f.run.cfg.Source.OpenFile(ctx, f.work.LocalFile)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = in.Close() }()
	size, err := f.sizeOf(in)
	if err != nil {
		return nil, err
	}
	out, err := atomicfile.CreateAs(tempIn(f.folder, f.path), f.path, 0o644)
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
	if err := f.fill(ctx, out, in, size, f.newTally()); err != nil {
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

func (f *file) newTally() *tally {
	if f.unsummed {
		return &tally{}
	}
	return newTally()
}

// sizeOf answers how long the file is to be, -1 when nobody knows.
func (f *file) sizeOf(in source.File) (int64, error) {
	size := in.Size()
	if f.work.Size >= 0 && size >= 0 && size != f.work.Size {
		return 0, damaged(fmt.Errorf("is %d bytes long, want %d", size, f.work.Size))
	}
	if size < 0 {
		size = f.work.Size
	}
	return size, nil
}

// fill writes the bytes that were not read yet and verifies the whole, but the sum of
// an unsummed one.
func (f *file) fill(ctx context.Context, out *os.File, in io.Reader, size int64, read *tally) error {
	if err := preallocate(out, size); err != nil {
		return atomicfile.Classify(fmt.Errorf("make room for %s: %w", out.Name(), err), f.path)
	}
	if err := f.pass(ctx, in, out, size, read); err != nil {
		return err
	}
	if size >= 0 && read.n != size {
		return damaged(fmt.Errorf("gave %d bytes, want %d", read.n, size))
	}
	if f.unsummed {
		return nil
	}
	if sum := read.sum(); sum != f.work.Checksum {
		return damaged(fmt.Errorf("has the checksum %s", sum))
	}
	return nil
}

// pass reads all bytes once, hashing and writing them. It stops one buffer
// beyond the size, when that is known, so that an endless file ends.
func (f *file) pass(ctx context.Context, in io.Reader, out io.Writer, size int64, read *tally) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, reading := in.Read(f.buf)
		if got > 0 {
			read.add(f.buf[:got])
			if _, err := out.Write(f.buf[:got]); err != nil {
				return atomicfile.Classify(fmt.Errorf("write %s: %w", f.path, err), f.path)
			}
			f.meter.add(got)
		}
		switch {
		case errors.Is(reading, io.EOF), size >= 0 && read.n > size:
			return nil
		case reading != nil:
			return unreadable(reading)
		}
	}
}

func (f *file) end(how outcome, info fs.FileInfo) done {
	d := done{outcome: how, work: f.work, path: f.path, folder: f.folder, meter: &f.meter, release: f.release, record: Record{Checksum: f.work.Checksum}}
	if info != nil {
		d.record = recordOf(f.work.LocalFile, info)
	}
	return d
}
