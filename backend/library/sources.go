package library

import (
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/store"
)

// Known is a source that was seen before.
type Known struct {
	source.Info

	Channels map[channel.ID]string // the names of the channels it held
}

// RememberSource remembers a source that was found at a path, so that a job
// can be made for it while it is away; of a server, the address is that path.
// The sample is always there.
func (l *Library) RememberSource(ctx context.Context, path string, info source.Info, held []source.Listing) error {
	if info.On.Drive == "" && info.URL == "" {
		return nil
	}
	known := store.KnownSource{
		Kind: string(info.Kind), Name: info.Name, Drive: info.On.Drive, Called: info.On.Name,
		Inside: info.On.Inside, Comes: info.On.Comes, Channels: map[channel.ID]string{},
		ID: info.ID, URL: info.URL,
	}
	for _, l := range held {
		known.Channels[l.ID] = l.Name
	}
	for _, at := range slices.Compact([]string{path, info.Path + info.URL}) {
		known.Path = at
		if err := l.store.RememberSource(ctx, known); err != nil {
			return err
		}
	}
	return nil
}

// SourceAt answers the source that was last seen at the path. It reports
// whether there was one.
func (l *Library) SourceAt(ctx context.Context, path string) (Known, bool, error) {
	known, found, err := l.store.SourceAt(ctx, path)
	if err != nil || !found {
		return Known{}, false, err
	}
	if known.URL != "" {
		path = ""
	}
	return Known{
		Info: source.Info{
			ID: known.ID, Kind: source.Kind(known.Kind), Name: known.Name, Path: path, URL: known.URL,
			On:        source.On{Drive: known.Drive, Name: known.Called, Inside: known.Inside, Comes: known.Comes},
			FreeBytes: -1, TotalBytes: -1,
		},
		Channels: known.Channels,
	}, true, nil
}
