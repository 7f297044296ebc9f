//go:build unix

package content_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/drive"
)

// farFolder answers a folder on another file system than that of temporary
// files.
func farFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "nectar") //nolint:usetesting // on another file system
	if err != nil {
		t.Skip("there is no second file system")
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if drive.SameFileSystem(os.TempDir(), folder) {
		t.Skip("there is no second file system")
	}
	return folder
}

// slowFile is a file that gives its bytes when it is told to: a pipe in its
// place, once a job has found out what there is to copy.
type slowFile struct {
	t    *testing.T
	pipe *os.File
}

const given = 5 // bytes, before it is told to give more

// slowly puts the pipe there when the room is measured for the second time from
// now: by the request, and by the run.
func (s *stage) slowly(path string) *slowFile {
	f, aside := &slowFile{t: s.t}, filepath.Join(s.folder, "aside")
	must(s.t, os.WriteFile(aside+".path", []byte(path), 0o600))
	s.measured = func(n int) {
		if n != 2 {
			return
		}
		must(s.t, os.Rename(path, aside))
		must(s.t, syscall.Mkfifo(path, 0o600))
		var err error
		f.pipe, err = os.OpenFile(path, os.O_RDWR, 0)
		must(s.t, err)
		_, err = f.pipe.Write(make([]byte, given))
		must(s.t, err)
	}
	return f
}

// reach waits until what the file gives was copied.
func (f *slowFile) reach(copied string) {
	f.t.Helper()
	deadline := time.Now().Add(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for time.Now().Before(deadline) {
		if info, err := os.Stat(atomicfile.TempName(copied)); err == nil && info.Size() == given {
			return
		}
		<-look.C
	}
	f.t.Fatalf("no part of %s comes", copied)
}

// feed gives one more byte.
func (f *slowFile) feed() { _, _ = f.pipe.Write([]byte{0}) }

// restore puts a file back in whose place there is a pipe.
func (s *stage) restore(t *testing.T) {
	t.Helper()
	aside := filepath.Join(s.folder, "aside")
	path, err := os.ReadFile(aside + ".path")
	if err != nil {
		return
	}
	must(t, os.Rename(aside, string(path)))
	must(t, os.Remove(aside+".path"))
}
