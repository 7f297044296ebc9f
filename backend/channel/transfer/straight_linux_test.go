package transfer

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"nectar/backend/drive/drivetest"
)

func TestALargeFileGoesStraightToTheDisk(t *testing.T) {
	t.Parallel()
	folder := drivetest.Formatted(t, "ext4", 16<<20)
	fl := newFlusher(folder, folder)
	write := func(t *testing.T, size int64, pieces ...[]byte) (straight bool) {
		t.Helper()
		f, err := os.Create(filepath.Join(folder, filepath.Base(t.Name())))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		out := fl.straighten(f, size)
		for _, p := range pieces {
			if n, err := out.Write(p); err != nil || n != len(p) {
				t.Fatalf("wrote %d of %d bytes: %v", n, len(p), err)
			}
		}
		got, err := os.ReadFile(f.Name())
		if err != nil || !bytes.Equal(got, bytes.Join(pieces, nil)) {
			t.Errorf("other bytes were written (%v)", err)
		}
		flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
		if err != nil {
			t.Fatal(err)
		}
		return flags&unix.O_DIRECT != 0
	}
	full := func(b byte) []byte { return bytes.Repeat([]byte{b}, blockSize) }

	for name, want := range map[string]struct {
		straight bool
		size     int64
		pieces   [][]byte
	}{
		"in whole blocks":                           {true, 2 * blockSize, [][]byte{full(1), full(2)}},
		"but its end through memory":                {false, blockSize + 5, [][]byte{full(1), []byte("12345")}},
		"through memory after a piece that is odd":  {false, 2 * blockSize, [][]byte{full(1)[:5000], full(2)}},
		"through memory when it is small":           {false, straightFrom - 1, [][]byte{full(1)[:straightFrom-1]}},
		"through memory when the system refuses it": {false, blockSize, [][]byte{append([]byte{0}, full(1)...)[1:]}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := write(t, want.size, want.pieces...); got != want.straight {
				t.Errorf("straight at the end: %v, want %v", got, want.straight)
			}
		})
	}
}
