package library

import (
	"context"
	"os"

	"nectar/backend/channel"
)

// Recheck makes a memory that may be older than the content folder fit it:
// files that are not as they were when they were verified are forgotten, and
// every channel is looked at anew. Files that came since are found when they
// are imported again, without being copied.
func (l *Library) Recheck(ctx context.Context) error {
	if l.Away() {
		return nil // nothing can be said of its files
	}
	files, err := l.store.AllVerifiedFiles(ctx)
	if err != nil {
		return err
	}
	var stale []channel.Checksum
	for f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := os.Lstat(f.In(l.Content()))
		if err != nil || !info.Mode().IsRegular() || !f.IsAsWas(info) {
			stale = append(stale, f.Checksum)
		}
	}
	if err := l.store.ForgetFiles(ctx, stale); err != nil {
		return err
	}
	digests, err := l.store.ChannelDigests(ctx)
	if err != nil {
		return err
	}
	for id := range digests {
		if err := l.store.ForgetChannel(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
