package content

import (
	"context"
	"slices"
	"sync"

	"nectar/backend/channel"
	"nectar/backend/channel/transfer"
	"nectar/backend/store"
)

// mostBrought bounds how many files are kept in mind, in 5 MB. To read a few more back
// is the lesser evil.
const mostBrought = 100_000

// brought are files that an attempt had remembered, so that they need not be read back
// when it ends. Its methods may be called concurrently.
type brought struct {
	mu    sync.Mutex
	files []store.VerifiedFile // guarded by mu
}

// expect makes room for so many files more.
func (b *brought) expect(count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.files = slices.Grow(b.files, max(0, min(count, mostBrought-len(b.files))))
}

func (b *brought) add(files []transfer.Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range files[:min(len(files), mostBrought-len(b.files))] {
		b.files = append(b.files, verified(f))
	}
}

// take answers the files. Nothing is kept afterwards.
func (b *brought) take() []store.VerifiedFile {
	b.mu.Lock()
	defer b.mu.Unlock()
	files := b.files
	b.files = nil
	return files
}

// noting is an index that keeps in mind what it had remembered.
type noting struct {
	transfer.Index

	brought *brought
}

// MarkVerified implements transfer.Index.
func (n noting) MarkVerified(ctx context.Context, files []transfer.Record) error {
	err := n.Index.MarkVerified(ctx, files)
	if err == nil {
		n.brought.add(files)
	}
	return err
}

func verified(r transfer.Record) store.VerifiedFile {
	return store.VerifiedFile{
		LocalFile: channel.LocalFile{Checksum: r.Checksum, Extension: r.Extension, Size: r.Size},
		Modified:  r.ModTime,
	}
}
