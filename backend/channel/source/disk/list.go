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
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// Channels implements source.Source.
func (d *disk) Channels(ctx context.Context) ([]source.Listing, error) {
	entries, err := os.ReadDir(filepath.Join(d.content, "databases"))
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, fault.New(fault.NoRead, "path", d.info.Path).Because(err)
		}
		return nil, fault.New(fault.SourceGone, "path", d.info.Path).Because(err)
	}
	var listings []source.Listing
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if id, ok := databaseID(e.Name()); ok {
			listings = append(listings, d.list(ctx, id))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
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
func (d *disk) list(ctx context.Context, id channel.ID) source.Listing {
	listing := source.Listing{Metadata: channel.Metadata{ID: id}}
	f, err := d.OpenDatabase(ctx, id) // refuses links
	if err != nil {
		listing.Err = err
		return listing
	}
	_ = f.Close()
	database, err := db.Open(ctx, filepath.Join(d.content, filepath.FromSlash(id.DatabasePath())), id, db.Quick)
	if err != nil {
		listing.Err = err
		return listing
	}
	defer func() { _ = database.Close() }()
	listing.Metadata = database.Metadata()
	tree, err := selection.Load(ctx, database)
	if err != nil {
		listing.Err = err
		return listing
	}
	whole, err := tree.Select(selection.Options{})
	if err != nil {
		listing.Err = err
		return listing
	}
	listing.Resources, listing.Size = whole.Resources, whole.Bytes
	return listing
}

// Discover finds the drives that hold KOLIBRI_DATA at their root.
func Discover(ctx context.Context) ([]source.Source, error) {
	drives, err := drive.List(ctx)
	if err != nil {
		return nil, err
	}
	var found []source.Source
	for _, dr := range drives {
		info, err := os.Lstat(filepath.Join(dr.Path, dataFolder))
		if dr.TotalBytes < 0 || err != nil || !info.IsDir() {
			continue // one that did not even say its size would hang us here
		}
		opened, err := Open(dr.Path)
		if err != nil {
			continue
		}
		if d, ok := opened.(*disk); ok {
			d.info.ID, d.info.Kind, d.info.Name = dr.ID, source.Drive, dr.Name
			d.info.Writable = d.info.Writable && dr.Writable
			found = append(found, d)
		}
	}
	return found, nil
}
