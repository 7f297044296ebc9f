package multimd5

import (
	"bytes"
	"crypto/md5"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/cpu"
)

// Faster reports whether this processor computes many sums faster at once than one
// after the other. It is found out once, in some milliseconds, by trying both: some
// processors have the wide instructions, but collect what these work on slowly, since a
// leak in them was closed.
var Faster = sync.OnceValue(func() bool {
	return cpu.X86.HasAVX2 && atOnce() < inTurn()*3/4
})

const (
	tries = 4  // of which the least counts, for the machine may be busy
	files = 16 // that are tried
)

// atOnce is how long the sums of the files take together.
func atOnce() time.Duration {
	h := New()
	defer h.Close()
	file := make([]byte, slice)
	return least(func() {
		all := make([]io.Reader, files)
		for i := range all {
			all[i] = bytes.NewReader(file)
		}
		h.Sums(all)
	})
}

// inTurn is how long the sums of the files take one after the other.
func inTurn() time.Duration {
	file := make([]byte, slice)
	return files * least(func() { _ = md5.Sum(file) })
}

func least(f func()) time.Duration {
	var least time.Duration
	for i := range tries {
		start := time.Now()
		f()
		if took := time.Since(start); i == 0 || took < least {
			least = took
		}
	}
	return least
}
