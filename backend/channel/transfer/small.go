package transfer

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
)

// isSmall reports whether the file is read whole before any of it is written: a
// source that knows its length has no more than a buffer takes.
func isSmall(in source.File) bool { return in.Size() >= 0 && in.Size() <= bufferSize }

// copySmall copies a file whose bytes are verified before anything is made of it, so
// that it is written by one call.
func (f *file) copySmall(ctx context.Context, in source.File) (written, error) {
	if err := ctx.Err(); err != nil { // opening may have taken long
		return written{}, err
	}
	bytes := f.buf[:in.Size()]
	if n, err := io.ReadFull(in, bytes); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return written{}, damaged(fmt.Errorf("gave %d bytes, want %d", n, in.Size()))
	} else if err != nil {
		return written{}, unreadable(err)
	}
	if sum := channel.Checksum(md5.Sum(bytes)); sum != f.work.Checksum {
		return written{}, damaged(fmt.Errorf("has the checksum %s", sum))
	}
	w, err := f.write(bytes)
	if err == nil {
		f.meter.add(len(bytes))
	}
	return w, err
}

// write writes a small file: without a name where that can be, and else under its
// temporary one.
func (f *file) write(bytes []byte) (written, error) {
	if f.clear {
		if u := f.run.unnamed.create(filepath.Dir(f.path)); u != nil {
			return f.writeUnnamed(u, bytes)
		}
	}
	out, err := atomicfile.Create(f.path, 0o644)
	if err != nil {
		return written{}, err
	}
	w, err := f.writeNamed(out, bytes)
	if closing := out.Close(); err == nil && closing != nil {
		err = atomicfile.Classify(fmt.Errorf("close %s: %w", out.Name(), closing), f.path)
	}
	if err != nil {
		_ = os.Remove(out.Name())
	}
	return w, err
}

func (f *file) writeUnnamed(u *atomicfile.Unnamed, bytes []byte) (w written, err error) {
	defer func() {
		if err != nil {
			f.run.unnamed.close(u)
		}
	}()
	if _, err := u.Write(bytes); err != nil {
		return written{}, atomicfile.Classify(fmt.Errorf("write %s: %w", f.path, err), f.path)
	}
	size, modified, err := u.Stat()
	if err != nil {
		return written{}, fmt.Errorf("look at %s: %w", f.path, err)
	}
	return written{
		record:  Record{Checksum: f.work.Checksum, Extension: f.work.Extension, Size: size, ModTime: modified.UnixNano()},
		unnamed: u,
	}, nil
}

func (f *file) writeNamed(out *os.File, bytes []byte) (written, error) {
	if _, err := out.Write(bytes); err != nil {
		return written{}, atomicfile.Classify(fmt.Errorf("write %s: %w", f.path, err), f.path)
	}
	return f.wrote(out)
}

// unnamed makes files without a name, while there is room for open files.
type unnamed struct {
	most int64 // that may be open at a time; 0 where there can be none
	open atomic.Int64
}

// create answers a new file without a name on the disk of the folder, or nil. Why
// there can be none, such as a full disk, is told by the attempt to make one with a
// name.
func (u *unnamed) create(folder string) *atomicfile.Unnamed {
	if u.open.Add(1) > u.most {
		u.open.Add(-1)
		return nil
	}
	file, err := atomicfile.CreateUnnamed(folder, 0o644)
	if err != nil {
		u.open.Add(-1)
		return nil
	}
	return file
}

// close lets go of a file that create answered; nil is none.
func (u *unnamed) close(file *atomicfile.Unnamed) {
	if file != nil {
		_ = file.Close() // its bytes were flushed, or are not wanted
		u.open.Add(-1)
	}
}
