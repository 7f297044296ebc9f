package atomicfile

import (
	"io"
	"io/fs"
)

// Stream puts a file at the path like Write, with what the function writes.
// The function's error is answered, and leaves the old file as it was.
func Stream(path string, perm fs.FileMode, fill func(to io.Writer) error) error {
	from, to := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = to.CloseWithError(fill(to)) // never fails
	}()
	err := Write(path, from, perm)
	_ = from.Close() // so that a function that still writes comes to its end
	<-done
	return err
}
