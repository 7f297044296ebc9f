//go:build !linux

package transfer

import (
	"os"

	"nectar/backend/atomicfile"
)

// flusher makes written files survive a power cut. Here each file is synced
// by itself, by the worker that wrote it.
type flusher struct{ content string }

func newFlusher(content, _ string) *flusher { return &flusher{content: content} }

// together reports whether many files are flushed at once.
func (*flusher) together() bool { return false }

// written is called when all bytes of a file were written, before it is closed.
func (*flusher) written(f *os.File) error { return atomicfile.Sync(f) }

// bytes has nothing to wait for: written did.
func (*flusher) bytes([]string) error { return nil }

// names waits for the names of the files.
func (fl *flusher) names(paths []string) error { return syncFolders(fl.content, paths) }
