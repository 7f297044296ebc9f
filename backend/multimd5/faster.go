package multimd5

import (
	"bytes"
	"crypto/md5"
	"io"
	"math"
	"sync"
	"time"

	"golang.org/x/sys/cpu"
)

// Faster reports whether this processor computes many sums faster at once than one
// after the other. It is found out once, in some milliseconds, by trying both: some
// processors have the wide instructions, but collect what these work on slowly, since a
// leak in them was closed.
var Faster = sync.OnceValue(func() bool { return cpu.X86.HasAVX2 && fasterAtOnce() })

const (
	files = 16 // that are tried
	tries = 32 // until one tells, for on a busy machine most of them are interrupted
)

func fasterAtOnce() bool {
	h := New()
	defer h.Close()
	file := make([]byte, slice)
	alone := time.Duration(math.MaxInt64)
	for range tries {
		alone = min(alone, timed(func() { _ = md5.Sum(file) }))
	}
	for range tries {
		atOnce := timed(func() {
			all := make([]io.Reader, files)
			for i := range all {
				all[i] = bytes.NewReader(file)
			}
			h.Sums(all)
		})
		if atOnce < files*alone*3/4 {
			return true
		}
	}
	return false
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
