package library

import (
	"context"

	"nectar/backend/channel"
)

// Expected answers a function that tells whether a file is remembered at this moment: as
// verified, whether it is still there or not, or as lost.
func (l *Library) Expected(ctx context.Context) (func(channel.LocalFile) bool, error) {
	verified, err := l.store.AllVerifiedFiles(ctx)
	if err != nil {
		return nil, err
	}
	lost, err := l.store.LostFiles(ctx)
	if err != nil {
		return nil, err
	}
	extensions := map[channel.Checksum]string{}
	for f := range verified {
		extensions[f.Checksum] = f.Extension
	}
	for _, f := range lost {
		extensions[f.Checksum] = f.Extension
	}
	return func(f channel.LocalFile) bool { return extensions[f.Checksum] == f.Extension }, nil
}
