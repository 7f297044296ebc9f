package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// FetchDatabase copies a channel's database into a new temporary file in the
// folder and answers its path. The caller removes it. The bytes are not
// checked: they are as untrusted as the source. Nothing is left behind when
// it fails.
func FetchDatabase(ctx context.Context, from Source, id channel.ID, folder string) (path string, err error) {
	in, err := from.OpenDatabase(ctx, id)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(folder, ".nectar-*.transfer")
	if err != nil {
		return "", atomicfile.Unwritable(err, folder)
	}
	defer func() {
		if err != nil {
			_ = out.Close()
			_ = os.Remove(out.Name())
		}
	}()
	if _, err := io.Copy(destination{out}, Interruptible(ctx, in)); err != nil {
		if gone := from.Alive(ctx); gone != nil {
			return "", gone
		}
		return "", fmt.Errorf("copy channel database: %w", err)
	}
	if err := out.Close(); err != nil {
		return "", atomicfile.Unwritable(err, folder)
	}
	return out.Name(), nil
}

// destination is a file that says of itself when it cannot be written: the other
// errors of a copy are those of the source.
type destination struct{ file *os.File }

// Write implements io.Writer.
func (d destination) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	if err != nil {
		err = atomicfile.Unwritable(err, filepath.Dir(d.file.Name()))
	}
	return n, err
}

// ResumeDatabase is FetchDatabase from a source that can go on with what was
// broken off: on an error, what came so far stays in the folder for the next
// call, in a file whose name says of which state of which source it is. It answers
// the tag of that state as well; "" where there is none that fits in a name. A caller
// who leaves the whole where it is finds it by KeptDatabase.
func ResumeDatabase(ctx context.Context, from Ranged, id channel.ID, folder string) (path, tag string, err error) {
	left, tag, size := partOf(from, id, folder)
	in, err := from.OpenDatabaseFrom(ctx, id, size, tag)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = in.Close() }()
	if tag = in.Tag(); len(tag) > maxTag {
		tag = ""
	}
	path = partName(from, id, folder, tag)
	if left != "" && (in.Start() == 0 || left != path) {
		_ = os.Remove(left)
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		err = out.Truncate(in.Start())
	}
	if err == nil {
		_, err = out.Seek(in.Start(), io.SeekStart)
	}
	if err != nil {
		return "", "", atomicfile.Unwritable(err, folder)
	}
	n, err := io.Copy(destination{out}, Interruptible(ctx, in))
	if closing := out.Close(); err == nil && closing != nil {
		err = atomicfile.Unwritable(closing, folder)
	}
	if err == nil {
		return path, tag, nil
	}
	if tag == "" || in.Start()+n == 0 {
		_ = os.Remove(path) // nothing to go on from
	}
	var made *fault.Fault
	if !errors.As(err, &made) && ctx.Err() == nil {
		err = fmt.Errorf("copy channel database: %w", err)
	}
	return "", "", err
}

// KeptDatabase answers where an earlier ResumeDatabase left a database of the very
// state that the source says it has now; "" where there is none. Its bytes are as
// untrusted as those that come from the source.
func KeptDatabase(from Source, id channel.ID, folder string, now channel.DatabaseState) string {
	path, tag, size := partOf(from, id, folder)
	if path == "" || tag != now.Tag || size != now.Size {
		return ""
	}
	return path
}

// HasLeft reports whether an earlier ResumeDatabase left anything that can be gone on
// with.
func HasLeft(from Source, id channel.ID, folder string) bool {
	path, _, _ := partOf(from, id, folder)
	return path != ""
}

// DiscardDatabase removes what an earlier ResumeDatabase left, when nobody will go on
// with it.
func DiscardDatabase(from Source, id channel.ID, folder string) {
	if path, _, _ := partOf(from, id, folder); path != "" {
		_ = os.Remove(path)
	}
}

// maxTag bounds the tags that fit in the name of a file, in bytes.
const maxTag = 60

const partEnd = ".sqlite3.partial"

// partStart is the beginning of the names of what came of a source's database.
func partStart(from Source, id channel.ID) string {
	sum := sha256.Sum256([]byte(from.Info().ID))
	return string(id) + "-" + hex.EncodeToString(sum[:4])
}

func partName(from Source, id channel.ID, folder, tag string) string {
	return filepath.Join(folder, partStart(from, id)+hex.EncodeToString([]byte(tag))+partEnd)
}

// partOf answers what an earlier fetch left of the source's database, if
// anything.
func partOf(from Source, id channel.ID, folder string) (path, tag string, size int64) {
	start := partStart(from, id)
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), start)
		coded, part := strings.CutSuffix(rest, partEnd)
		decoded, err := hex.DecodeString(coded)
		if !ours || !part || err != nil || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil || len(decoded) == 0 {
			continue
		}
		return filepath.Join(folder, e.Name()), string(decoded), info.Size()
	}
	return "", "", 0
}

// Interruptible answers a reader that ends when the context does.
func Interruptible(ctx context.Context, in io.Reader) io.Reader { return &interruptible{ctx, in} }

type interruptible struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	in  io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
