package library

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Remove removes the database of a channel, and so the channel from the
// library. Its files are no matter of this.
func (l *Library) Remove(ctx context.Context, id channel.ID) error {
	if err := l.store.ForgetChannel(ctx, id); err != nil {
		return err
	}
	path := id.DatabaseIn(l.Content())
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NoWrite, "path", path).Because(err)
	}
	return atomicfile.SyncDir(filepath.Dir(path))
}

// Name answers what the channel calls itself, or its id when its database
// cannot be read; fault.ChannelNotHere when there is none.
func (l *Library) Name(ctx context.Context, id channel.ID) (string, error) {
	database, err := l.Open(ctx, id)
	switch {
	case err != nil && unreadable(err):
		return string(id), nil
	case err != nil:
		return "", err
	}
	defer func() { _ = database.Close() }()
	if name := database.Metadata().Name; name != "" {
		return name, nil
	}
	return string(id), nil
}
