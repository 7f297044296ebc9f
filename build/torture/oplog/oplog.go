// Package oplog is the log that the file system of the tests keeps of what was
// written and flushed, and what a power cut leaves of it.
package oplog

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
)

// Kind is what was done to a file or a folder.
type Kind string

// The kinds. Paths are relative to the root of the file system.
const (
	Create   Kind = "create"   // Path, Mode, File
	Mkdir    Kind = "mkdir"    // Path, Mode, File
	Write    Kind = "write"    // File, Offset, Data, Modified
	Truncate Kind = "truncate" // File, Offset as the new size, Modified
	Times    Kind = "times"    // File, Modified
	Rename   Kind = "rename"   // Path, To
	Link     Kind = "link"     // Path, To
	Symlink  Kind = "symlink"  // Path, To as what it points to, File
	Unlink   Kind = "unlink"   // Path
	Rmdir    Kind = "rmdir"    // Path
	Sync     Kind = "sync"     // File, which may be a folder
)

// Op is one entry.
type Op struct {
	Kind     Kind
	File     uint64 // the inode
	Path, To string
	Mode     uint32
	Offset   int64
	Data     []byte
	Modified int64 // the file's time afterwards, in nanoseconds since 1970
}

// Writer writes a log. It is not for concurrent use.
type Writer struct {
	file   *os.File
	buffer *bufio.Writer
	encode *gob.Encoder
}

// NewWriter makes a log at the path.
func NewWriter(path string) (*Writer, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	return &Writer{f, b, gob.NewEncoder(b)}, nil
}

// Add adds an entry.
func (w *Writer) Add(op Op) error { return w.encode.Encode(op) }

// Close ends the log.
func (w *Writer) Close() error { return errors.Join(w.buffer.Flush(), w.file.Close()) }

// Read answers the entries of a log.
func Read(path string) ([]Op, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	decode := gob.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	var ops []Op
	for {
		var op Op
		switch err := decode.Decode(&op); {
		case errors.Is(err, io.EOF):
			return ops, nil
		case err != nil:
			return nil, fmt.Errorf("read the log of writes: %w", err)
		}
		ops = append(ops, op)
	}
}
