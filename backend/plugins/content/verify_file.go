package content

import (
	"context"
	"crypto/md5"
	"errors"
	"io"
	"io/fs"
	"os"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/gentle"
	"nectar/backend/library"
	"nectar/backend/store"
)

// checkFile sees to one file. Nobody else writes it meanwhile.
func (v *verifier) checkFile(ctx context.Context, f *library.Held) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := f.In(v.Library.Content())
	release, err := v.Claims.Hold(ctx, path)
	if err != nil {
		return err
	}
	defer release()
	meter := &part{verifier: v, whole: f.Bytes}
	defer meter.finish(ctx)
	before, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return v.missing(ctx, f)
	case err == nil && !before.Mode().IsRegular():
		return v.lose(ctx, f, true)
	}
	sum, err := gently(ctx, path, v.buf, meter.add)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, fs.ErrNotExist) {
		return v.missing(ctx, f)
	}
	after, looked := os.Lstat(path)
	if err != nil || looked != nil || sum != f.Checksum {
		if err := errors.Join(err, looked); err != nil {
			v.run.Warn("%s cannot be read: %v", f.Name(), err)
		} else {
			v.run.Warn("%s: its bytes have the checksum %s", f.Name(), sum)
		}
		return v.lose(ctx, f, true)
	}
	v.count()
	if before != nil && after.Size() == before.Size() && after.ModTime().Equal(before.ModTime()) {
		v.right = append(v.right, store.VerifiedFile{
			LocalFile: channel.LocalFile{Checksum: f.Checksum, Extension: f.Extension, Size: after.Size()},
			Modified:  after.ModTime().UnixNano(),
		})
	}
	return v.known(ctx)
}

// known drops the last file that was found right when it was remembered so
// already, which is the usual case: then there is nothing to store.
func (v *verifier) known(ctx context.Context) error {
	if len(v.right) == 0 {
		return nil
	}
	last := v.right[len(v.right)-1]
	records, err := v.Library.Files().VerifiedFiles(ctx, []channel.Checksum{last.Checksum})
	if err != nil {
		return err
	}
	if records[last.Checksum] == last {
		v.right = v.right[:len(v.right)-1]
	}
	return nil
}

// gently answers the checksum of a file's bytes as they lie on the disk, without
// getting in the way of others. The function is told of the bytes.
func gently(ctx context.Context, path string, buf []byte, onBytes func(int64)) (sum channel.Checksum, err error) {
	in, err := gentle.Open(path)
	if err != nil {
		return sum, err
	}
	defer func() { _ = in.Close() }()
	hash := md5.New()
	for {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		n, err := in.Read(buf)
		hash.Write(buf[:n])
		onBytes(int64(n))
		if errors.Is(err, io.EOF) {
			return channel.Checksum(hash.Sum(nil)), nil
		}
		if err != nil {
			return sum, err
		}
	}
}

// part is one file's part of the progress: never more than was promised.
type part struct {
	verifier    *verifier
	whole, seen int64
}

func (p *part) add(n int64) {
	n = min(n, p.whole-p.seen)
	p.seen += n
	p.verifier.partBytes += n
	p.verifier.advance(n)
}

// finish reports what is missing to the whole of a file that was seen to.
func (p *part) finish(ctx context.Context) {
	if ctx.Err() == nil {
		p.add(p.whole - p.seen)
	}
}

func (v *verifier) count() {
	v.done.Files++
	v.partFiles++
}

// missing sees to a file that is gone. One that nobody remembers any more was
// removed meanwhile, and is missed by nobody.
func (v *verifier) missing(ctx context.Context, f *library.Held) error { return v.lose(ctx, f, false) }

func (v *verifier) lose(ctx context.Context, f *library.Held, damaged bool) error {
	lost := 0
	err := v.leaving.meanwhile(func(leaves func(channel.Checksum) bool) (err error) {
		if !leaves(f.Checksum) {
			lost, err = v.Library.Files().LoseFiles(ctx, []store.LostFile{{LocalFile: f.LocalFile, Damaged: damaged}})
		}
		return err
	})
	if err != nil || lost == 0 {
		return err
	}
	bad := badFile{*f, fault.StoredMissing}
	if damaged {
		bad.code = fault.StoredDamaged
		v.done.Damaged++
	} else {
		v.done.Missing++
	}
	v.bad = append(v.bad, bad)
	v.count()
	return nil
}
