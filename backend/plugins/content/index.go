package content

import (
	"context"

	"github.com/samber/lo"

	"nectar/backend/channel"
	"nectar/backend/channel/transfer"
	"nectar/backend/library"
	"nectar/backend/store"
)

// index is the library's memory of verified files as package transfer wants
// it.
type index struct {
	files library.Store
}

var _ transfer.Index = index{}

// Verified implements transfer.Index.
func (x index) Verified(ctx context.Context, files []channel.Checksum) (map[channel.Checksum]transfer.Record, error) {
	found, err := x.files.VerifiedFiles(ctx, files)
	if err != nil {
		return nil, err
	}
	return lo.MapValues(found, func(f store.VerifiedFile, _ channel.Checksum) transfer.Record {
		return transfer.Record{Checksum: f.Checksum, Extension: f.Extension, Size: f.Size, ModTime: f.Modified}
	}), nil
}

// MarkVerified implements transfer.Index.
func (x index) MarkVerified(ctx context.Context, files []transfer.Record) error {
	return x.files.RememberFiles(ctx, lo.Map(files, func(r transfer.Record, _ int) store.VerifiedFile { return verified(r) }))
}

// restored is the index of a repair: it wants only what is missed yet. A channel
// may be deleted while its files are fetched.
type restored struct{ index }

var _ transfer.Choosy = restored{}

// MarkWanted implements transfer.Choosy.
func (x restored) MarkWanted(ctx context.Context, files []transfer.Record) (unwanted []channel.Checksum, err error) {
	return x.files.RestoreFiles(ctx, lo.Map(files, func(r transfer.Record, _ int) store.VerifiedFile { return verified(r) }))
}

// Forget implements transfer.Index.
func (x index) Forget(ctx context.Context, files []channel.Checksum) error {
	return x.files.ForgetFiles(ctx, files)
}
