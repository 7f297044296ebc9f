// Package sample is the source that is always there: a small channel of our
// own, built into the program, to try everything with.
//
// The channel is made by build/sample.
package sample

import (
	"context"
	"embed"
	"io/fs"
	"path"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// ChannelID names the channel of the sample.
const ChannelID channel.ID = "be35a0d0f10e45ec9a7e6c0ffee0be35"

// name is what people type to mean this source.
const name = "sample"

//go:embed content
var content embed.FS

// Open answers the sample. It cannot fail and needs no closing.
func Open() source.Source { return sample{} }

type sample struct{}

// Info implements source.Source.
func (sample) Info() source.Info {
	return source.Info{ID: name, Kind: source.Sample, Name: "Nectar", Path: name, FreeBytes: -1, TotalBytes: -1}
}

// Channels implements source.Source.
func (s sample) Channels(ctx context.Context) ([]source.Listing, error) {
	listing := source.Listing{Metadata: channel.Metadata{ID: ChannelID}}
	if err := s.read(ctx, &listing); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		listing.Err = fault.Of(err)
	}
	return []source.Listing{listing}, nil
}

// read fills the listing. SQLite wants a file, so the database is borrowed as if
// it were on a drive.
func (s sample) read(ctx context.Context, listing *source.Listing) error {
	database, err := source.Borrow(ctx, s, ChannelID)
	if err != nil {
		return err
	}
	defer func() { _ = database.Close() }()
	listing.Metadata = database.Metadata()
	tree, err := selection.Load(ctx, database.DB)
	if err != nil {
		return err
	}
	listing.Metadata = tree.Describe(listing.Metadata)
	whole, err := tree.Select(selection.Options{})
	if err != nil {
		return err
	}
	listing.Resources, listing.Size = whole.Resources, whole.Bytes
	return nil
}

// OpenDatabase implements source.Source.
func (sample) OpenDatabase(ctx context.Context, id channel.ID) (source.File, error) {
	return open(ctx, id.DatabasePath(), fault.New(fault.ChannelMissing, "channel", string(id), "path", name))
}

// OpenFile implements source.Source.
func (sample) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	return open(ctx, file.Path(), fault.New(fault.FileMissing, "title", "", "file", file.Name()))
}

// Alive implements source.Source.
func (sample) Alive(ctx context.Context) error { return ctx.Err() }

func open(ctx context.Context, below string, missing *fault.Fault) (source.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := content.Open(path.Join("content", below))
	if err != nil {
		return nil, missing.Because(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, missing.Because(err)
	}
	return file{f, info.Size()}, nil
}

// file is an embedded file with its length.
type file struct {
	fs.File

	size int64
}

// Size implements source.File.
func (f file) Size() int64 { return f.size }
