package content

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// own is our own content folder as a source of what is exported. Links in it
// are followed: somebody may have moved a part of it to another disk.
type own struct{ content string }

var _ source.Source = own{}

func (d Deps) own() source.Source {
	if d.Own != nil {
		return d.Own(d.Library.Content())
	}
	return own{d.Library.Content()}
}

// Info implements source.Source.
func (o own) Info() source.Info {
	return source.Info{Kind: source.Folder, Path: o.content, FreeBytes: -1, TotalBytes: -1}
}

// Channels implements source.Source. The library knows them.
func (own) Channels(context.Context) ([]source.Listing, error) { return nil, nil }

// OpenDatabase implements source.Source.
func (o own) OpenDatabase(_ context.Context, id channel.ID) (source.File, error) {
	f, err := openOwn(id.DatabaseIn(o.content))
	if err != nil {
		return nil, fault.New(fault.ChannelNotHere, "channel", string(id)).Because(err)
	}
	return f, nil
}

// OpenFile implements source.Source.
func (o own) OpenFile(_ context.Context, file channel.LocalFile) (source.File, error) {
	f, err := openOwn(file.In(o.content))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.FileMissing, "file", file.Name()).Because(err)
	case err != nil:
		return nil, fault.New(fault.FileUnreadable, "file", file.Name()).Because(err)
	}
	return f, nil
}

// Alive implements source.Source.
func (o own) Alive(context.Context) error {
	if _, err := os.Stat(o.content); err != nil {
		return fault.New(fault.SourceGone, "path", o.content).Because(err)
	}
	return nil
}

// ownFile is an open file of ours.
type ownFile struct {
	*os.File

	size int64
}

func openOwn(path string) (*ownFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a plain file")
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &ownFile{f, info.Size()}, nil
}

// Size implements source.File.
func (f *ownFile) Size() int64 { return f.size }

// exported is the memory of what a job has found right on its drive, as
// package transfer wants it.
type exported struct {
	files Exports
	job   int64
}

var _ transfer.Index = exported{}

// Verified implements transfer.Index.
func (x exported) Verified(ctx context.Context, files []channel.Checksum) (map[channel.Checksum]transfer.Record, error) {
	found, err := x.files.ExportedFiles(ctx, x.job, files)
	return lo.MapValues(found, recordOf), err
}

// MarkVerified implements transfer.Index.
func (x exported) MarkVerified(ctx context.Context, files []transfer.Record) error {
	return x.files.RememberExported(ctx, x.job, lo.Map(files, verifiedFile))
}

// Forget implements transfer.Index.
func (x exported) Forget(ctx context.Context, files []channel.Checksum) error {
	if len(files) == 0 {
		return nil
	}
	return x.files.ForgetExported(ctx, x.job, files...)
}

func recordOf(f store.VerifiedFile, _ channel.Checksum) transfer.Record {
	return transfer.Record{Checksum: f.Checksum, Extension: f.Extension, Size: f.Size, ModTime: f.Modified}
}

func verifiedFile(r transfer.Record, _ int) store.VerifiedFile {
	return store.VerifiedFile{
		LocalFile: channel.LocalFile{Checksum: r.Checksum, Extension: r.Extension, Size: r.Size}, Modified: r.ModTime,
	}
}
