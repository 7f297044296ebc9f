package opener

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"strings"
)

// Limits of a zip from a stranger. Nothing of it is unpacked to the disk or
// held in memory, so they only keep a hostile one from keeping the laptop
// busy.
const (
	maxDirectory = 16 << 20 // bytes of its list of contents
	maxInner     = 1 << 30  // bytes of one file in it
	maxRatio     = 1100     // to one; deflate itself ends at 1032
)

var errHostile = errors.New("a zip that is not served")

// archive is an open zip with the files in it that may be served.
type archive struct {
	file  *os.File
	files map[string]*zip.File // by their names, which lead nowhere else
}

func openArchive(path string) (_ *archive, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	list := &meter{ReaderAt: file, left: maxDirectory}
	reader, err := zip.NewReader(list, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	list.read = true
	a := &archive{file: file, files: make(map[string]*zip.File, len(reader.File))}
	for _, inner := range reader.File {
		name, ok := safe(inner)
		if _, taken := a.files[name]; ok && !taken {
			a.files[name] = inner
		}
	}
	return a, nil
}

// safe answers the name below which a file in the zip is served. What is no
// plain file, has a name that leads elsewhere, or would grow without measure,
// is not served at all.
func safe(inner *zip.File) (name string, ok bool) {
	name = strings.ReplaceAll(inner.Name, `\`, "/")
	plain := inner.Mode().IsRegular() && !strings.HasSuffix(name, "/")
	inside := name != "" && path.Clean("/" + name)[1:] == name && !strings.ContainsAny(name, "\x00:")
	size, packed := inner.UncompressedSize64, inner.CompressedSize64
	measured := size <= maxInner && packed <= math.MaxInt64 && size <= (packed+1)*maxRatio
	method := inner.Method == zip.Store || inner.Method == zip.Deflate
	const encrypted = 1
	return name, plain && inside && measured && method && inner.Flags&encrypted == 0
}

// meter reads a zip while its list of contents is read, which has to be within
// a limit. What the zip itself says of the length is not believed: the list is
// read for as long as it goes on.
type meter struct {
	io.ReaderAt

	left int64 // how much of the list may come yet
	read bool  // the list was read: what follows is in the zip, and may be asked for by several at once
}

// ReadAt implements io.ReaderAt.
func (m *meter) ReadAt(p []byte, at int64) (int, error) {
	if m.read {
		return m.ReaderAt.ReadAt(p, at)
	}
	if m.left -= int64(len(p)); m.left < 0 {
		return 0, fmt.Errorf("%w: its list of contents has more than %d bytes", errHostile, maxDirectory)
	}
	return m.ReaderAt.ReadAt(p, at)
}

// inner answers a file of the zip; of a folder its index.html.
func (a *archive) inner(name string) (*zip.File, bool) {
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	file, ok := a.files[name]
	return file, ok
}

func (a *archive) close() error { return a.file.Close() }

// content reads a file of a zip from any place on. A packed one is unpacked
// from its start for every step backward, never into memory.
type content struct {
	file   *zip.File
	size   int64
	at     int64 // where the next byte is read
	reader io.ReadCloser
	done   int64 // how far the reader is
}

func newContent(file *zip.File) *content {
	return &content{file: file, size: int64(file.UncompressedSize64)}
}

// Seek implements io.Seeker.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 || offset > c.size {
		return 0, fmt.Errorf("seek to %d of %d bytes", offset, c.size)
	}
	c.at = offset
	return offset, nil
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	if err := c.reach(); err != nil {
		return 0, err
	}
	n, err := c.reader.Read(p[:min(int64(len(p)), c.size-c.at)])
	c.at += int64(n)
	c.done = c.at
	return n, err
}

// reach brings the reader to where the next byte is read.
func (c *content) reach() error {
	if c.reader == nil || c.done > c.at {
		c.close()
		reader, err := c.file.Open()
		if err != nil {
			return err
		}
		c.reader, c.done = reader, 0
	}
	skipped, err := io.CopyN(io.Discard, c.reader, c.at-c.done)
	c.done += skipped
	return err
}

func (c *content) close() {
	if c.reader != nil {
		_ = c.reader.Close()
		c.reader = nil
	}
}
