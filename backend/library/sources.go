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
		Kind: string(info.Kind), Name: info.Name, Drive: info.On.Drive, Disk: info.On.Disk, Called: info.On.Name,
		Inside: info.On.Inside, Comes: info.On.Comes, Channels: map[channel.ID]string{},
		Versions: map[channel.ID]int64{}, ID: info.ID, URL: info.URL,
	}
	for _, l := range held {
		known.Channels[l.ID] = l.Name
		if l.Err == nil {
			known.Versions[l.ID] = l.Version
		}
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
			On:        source.On{Drive: known.Drive, Disk: known.Disk, Name: known.Called, Inside: known.Inside, Comes: known.Comes},
			FreeBytes: -1, TotalBytes: -1,
		},
		Channels: known.Channels,
	}, true, nil
}

// Newer is a version of a channel after the one that is here, where it was
// last seen.
type Newer struct {
	Version int64
	At      string // the path or address of the source
	Name    string // of the source
}

// Newer answers, of the channels, those of which a source was seen that holds a
// later version: the latest of them, where it was seen last. The source may be
// away by now, or hold another.
func (l *Library) Newer(ctx context.Context, channels []Channel) (map[channel.ID]Newer, error) {
	known, err := l.store.KnownSources(ctx)
	if err != nil {
		return nil, err
	}
	newer := map[channel.ID]Newer{}
	for _, c := range channels {
		best := Newer{Version: c.Version}
		for i := range known {
			if version := known[i].Versions[c.ID]; version > best.Version {
				best = Newer{Version: version, At: known[i].Path, Name: known[i].Name}
			}
		}
		if best.At != "" {
			newer[c.ID] = best
		}
	}
	return newer, nil
}
