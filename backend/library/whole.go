package library

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"nectar/backend/channel"
	"nectar/backend/store"
)

// Whole is what an import of a whole channel brings, when all of it is here.
type Whole struct {
	Resources int
	Bytes     int64 // of the files, as the channel declares them
	Files     int
	OnDisk    int64 // bytes of the files as they lie here
}

// Whole reports whether all that an import of the whole channel brings is here,
// each file with the size and time that it had when it was verified. It looks at
// every file, but does not read the channel. That it reports false means only
// that this is not known; whoever finds that all is here then makes it known by
// Refresh.
func (l *Library) Whole(ctx context.Context, id channel.ID) (Whole, bool, error) {
	text, fileSize, modified, err := l.store.WholeChannel(ctx, id)
	if err != nil {
		return Whole{}, false, err
	}
	known, ok := readInventory(text)
	if !ok || l.doubtful() || !l.current(store.ChannelDigest{Metadata: channel.Metadata{ID: id}, FileSize: fileSize, Modified: modified}) {
		return Whole{}, false, nil
	}
	if !l.stands(ctx, known.files) {
		return Whole{}, false, ctx.Err()
	}
	answer := Whole{Resources: known.resources, Bytes: known.bytes, Files: len(known.files)}
	for i := range known.files {
		answer.OnDisk += known.files[i].Size
	}
	return answer, true, nil
}

// stands reports whether each of the files is as it was when it was verified.
// Several looks at a time share the work of the system, and on a disk that
// turns its way. One that finds another, or the end of the context, ends all.
func (l *Library) stands(ctx context.Context, files []store.VerifiedFile) bool {
	const step = 500
	content := l.Content()
	var other atomic.Bool
	steps := make(chan []store.VerifiedFile)
	var looking sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4) {
		looking.Go(func() {
			for part := range steps {
				for i := range part {
					info, err := lstatFile(part[i].In(content))
					if err != nil || !part[i].IsAsWas(info) {
						other.Store(true)
						break
					}
				}
			}
		})
	}
	for part := range slices.Chunk(files, step) {
		if other.Load() || ctx.Err() != nil {
			break
		}
		steps <- part
	}
	close(steps)
	looking.Wait()
	return !other.Load() && ctx.Err() == nil
}
