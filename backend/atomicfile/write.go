package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts the bytes of from at the path, replacing what is there, and
// answers when they would survive a power cut. The folder must exist. On an
// error the old file stays as it was and no temporary file is left.
//
// Errors of the disk are classified by Classify; an error of from is answered
// as it is, so that it can be told apart. One path must not be written twice
// at the same time.
func Write(path string, from io.Reader, perm fs.FileMode) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	temp := f.Name()
	if err := fill(f, from, path); err != nil {
		_ = os.Remove(temp)
		return err
	}
	if err := Replace(temp, path); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// fill writes and syncs the bytes, and closes the file in every case.
func fill(f *os.File, from io.Reader, path string) error {
	source := &tracked{from: from}
	_, err := io.Copy(f, source)
	if source.err != nil {
		_ = f.Close()
		return source.err
	}
	if err == nil {
		err = Sync(f)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return Classify(fmt.Errorf("write %s: %w", path, err), path)
	}
	return nil
}

// tracked remembers the error of a reader, which io.Copy would mix up with
// those of the file that is written.
type tracked struct {
	from io.Reader
	err  error
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err = err
	}
	return n, err
}
