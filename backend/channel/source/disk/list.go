package disk

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// Channels implements source.Source.
func (d *disk) Channels(ctx context.Context) ([]source.Listing, error) { return d.all(ctx, readAll) }

// Held implements source.Shelf.
func (d *disk) Held(ctx context.Context) ([]source.Listing, error) { return d.all(ctx, readHead) }

// reading fills a listing from its database.
type reading func(ctx context.Context, from *db.DB, listing *source.Listing) error

// all reads every database as it is told.
func (d *disk) all(ctx context.Context, read reading) ([]source.Listing, error) {
	entries, err := os.ReadDir(filepath.Join(d.content, "databases"))
	if errors.Is(err, fs.ErrPermission) {
		return nil, fault.New(fault.NoRead, "path", d.info.Path).Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.SourceGone, "path", d.info.Path).Because(err)
	}
	var listings []source.Listing
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if id, ok := databaseID(e.Name()); ok {
			listings = append(listings, d.list(ctx, id, read))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := d.Alive(ctx); err != nil {
		return nil, err // else every channel would seem bad
	}
	slices.SortFunc(listings, func(a, b source.Listing) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return listings, nil
}

func databaseID(name string) (channel.ID, bool) {
	stem, ok := strings.CutSuffix(name, ".sqlite3")
	id, err := channel.ParseID(stem)
	return id, ok && err == nil && string(id) == stem
}

// list reads one database. What is wrong with it is part of the listing.
func (d *disk) list(ctx context.Context, id channel.ID, read reading) source.Listing {
	listing := source.Listing{Metadata: channel.Metadata{ID: id}}
	database, err := source.Borrow(ctx, d, id)
	if err == nil {
		defer func() { _ = database.Close() }()
		err = read(ctx, database.DB, &listing)
	}
	if err != nil {
		listing.Err = fault.Of(err)
	}
	return listing
}

// readHead reads what a database says of its channel.
func readHead(_ context.Context, from *db.DB, listing *source.Listing) error {
	listing.Metadata = from.Metadata()
	return nil
}

// readAll reads also what only the tree tells.
func readAll(ctx context.Context, from *db.DB, listing *source.Listing) error {
	listing.Metadata = from.Metadata()
	tree, err := selection.Load(ctx, from)
	if err != nil {
		return err
	}
	listing.Metadata = tree.Describe(listing.Metadata)
	whole := tree.Totals(nil)[selection.Root]
	listing.Resources, listing.Size = whole.Resources, whole.Size
	return nil
}
