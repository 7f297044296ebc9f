package library

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/store"
)

// lost answers the files that were here once and are not whole any more.
func (l *Library) lost(ctx context.Context) (map[channel.Checksum]store.LostFile, error) {
	files, err := l.store.LostFiles(ctx)
	if err != nil {
		return nil, err
	}
	lost := make(map[channel.Checksum]store.LostFile, len(files))
	for _, f := range files {
		lost[f.Checksum] = f
	}
	return lost, nil
}
