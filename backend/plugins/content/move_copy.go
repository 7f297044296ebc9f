package content

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
)

// copyAll copies what is not there yet.
func (m *mover) copyAll(ctx context.Context, place library.Place) error {
	if err := m.Library.Settle(library.Place{Path: place.Path, Copying: m.to}); err != nil {
		return err
	}
	m.buf, m.bad = make([]byte, 256<<10), map[string]bool{}
	m.advance(0)
	folders := m.folders()
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // Kolibri's own layout, for Kolibri to read
			return atomicfile.Classify(err, folder)
		}
	}
	for _, below := range m.load.files {
		if err := m.copyFile(ctx, filepath.Join(place.Path, below), filepath.Join(m.to, below), below); err != nil {
			return err
		}
	}
	for _, folder := range append(folders, filepath.Dir(m.to)) {
		if err := atomicfile.SyncDir(folder); err != nil {
			return err
		}
	}
	return nil
}

// folders answers the folders that the files need, from the top down.
func (m *mover) folders() []string {
	needed := map[string]bool{m.to: true}
	add := func(below string) {
		for ; below != "."; below = filepath.Dir(below) {
			needed[filepath.Join(m.to, below)] = true
		}
	}
	add("databases")
	add("storage")
	for _, below := range m.load.files {
		add(filepath.Dir(below))
	}
	return slices.Sorted(maps.Keys(needed))
}

// copyFile copies one file, reads the copy back and compares it, and only then
// gives it its name. One that has its name already was compared.
func (m *mover) copyFile(ctx context.Context, from, to, below string) error {
	before, err := os.Lstat(from)
	if err != nil {
		return fault.New(fault.NoRead, "path", from).Because(err)
	}
	whole := m.done + 2*before.Size()
	if there, err := os.Lstat(to); err == nil && there.Mode().IsRegular() && there.Size() == before.Size() {
		m.advance(whole - m.done)
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		m.problem(below, err)
		m.advance(whole - m.done)
		return nil
	}
	defer func() { _ = in.Close() }()
	out, err := atomicfile.Create(to, before.Mode().Perm())
	if err != nil {
		return err
	}
	temp := out.Name()
	sum, reading, err := m.write(ctx, out, in)
	if err == nil && reading == nil {
		err = m.compare(ctx, temp, sum)
	}
	if err == nil && reading == nil {
		err = atomicfile.Classify(os.Chtimes(temp, before.ModTime(), before.ModTime()), to)
	}
	if err == nil && reading == nil {
		err = atomicfile.Replace(temp, to)
	}
	if err != nil || reading != nil {
		_ = os.Remove(temp)
	}
	if err == nil && reading != nil {
		m.problem(below, reading)
	}
	if err == nil {
		m.advance(whole - m.done)
	}
	return err
}

// write copies the bytes and waits until they would survive a power cut. It
// tells trouble with the old file, reading, from trouble with the new place.
func (m *mover) write(ctx context.Context, out *os.File, in io.Reader) (sum channel.Checksum, reading, err error) {
	defer func() {
		if closing := out.Close(); err == nil {
			err = atomicfile.Classify(closing, out.Name())
		}
	}()
	hash := md5.New()
	for {
		if err := ctx.Err(); err != nil {
			return sum, nil, err
		}
		n, got := in.Read(m.buf)
		hash.Write(m.buf[:n])
		if _, err := out.Write(m.buf[:n]); err != nil {
			return sum, nil, atomicfile.Classify(fmt.Errorf("write %s: %w", out.Name(), err), out.Name())
		}
		m.advance(int64(n))
		if errors.Is(got, io.EOF) {
			return channel.Checksum(hash.Sum(nil)), nil, atomicfile.Classify(atomicfile.Sync(out), out.Name())
		}
		if got != nil {
			return sum, got, nil
		}
	}
}

// compare reads the copy from the disk again.
func (m *mover) compare(ctx context.Context, path string, want channel.Checksum) error {
	got, err := gently(ctx, path, m.buf, m.advance)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err == nil && got == want:
		return nil
	case err == nil:
		err = fmt.Errorf("reads back as %s, want %s", got, want)
	}
	return fault.New(fault.NoWrite, "path", path).Because(err)
}

// advance reports bytes: each is copied and read back.
func (m *mover) advance(n int64) {
	m.done = min(m.done+n, 2*m.load.bytes)
	m.run.SetProgress(m.done, 2*m.load.bytes)
}
