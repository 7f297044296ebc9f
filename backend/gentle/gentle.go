// Package gentle reads files without getting in the way of others: with the
// lowest priority that the system has for the disk, and without pushing what
// other programs use out of memory. What it reads comes from the disk, as far
// as the system allows to say so, and not from memory.
package gentle

import (
	"os"
	"runtime"
)

// Do calls the function on a thread of its own whose use of the disk comes
// after that of all others, and answers what it answers. Where the system
// knows no such priority the function is just called.
func Do(work func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its priority
		lower()
		done <- work()
	}()
	return <-done
}

// slice is how many bytes are read before they are given back to memory.
const slice = 8 << 20

// File is a file that is read from its start to its end.
type File struct {
	file *os.File
	read int64 // so far
	kept int64 // from here on memory was not given back
}

// Open opens a file for reading.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	expect(f)
	return &File{file: f}, nil
}

// Read implements io.Reader.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.file.Read(p)
	f.read += int64(n)
	if f.read-f.kept >= slice || err != nil {
		release(f.file, f.kept, f.read-f.kept)
		f.kept = f.read
	}
	return n, err
}

// Close releases the file.
func (f *File) Close() error { return f.file.Close() }
