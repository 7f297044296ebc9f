// Package disk is the source that a drive or a folder is. Nothing in it is
// trusted: no link is followed, nothing but plain files is opened, and nothing
// is ever written, not even by listing.
package disk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// dataFolder is the name of the folder that holds channels on a drive.
const dataFolder = "KOLIBRI_DATA"

// disk is an opened source.
type disk struct {
	content  string // the folder that holds databases and storage
	info     source.Info
	attached func() bool // whether the device below it is there
}

var _ source.Shelf = (*disk)(nil)

// Open opens a drive or folder: one that holds KOLIBRI_DATA, that folder
// itself, a Kolibri home with a content folder, or a content folder. A path
// that is not there is fault.SourceMissing, one without channels
// fault.SourceEmpty, one that cannot be read fault.NoRead.
func (m Machine) Open(given string) (source.Source, error) {
	full, err := filepath.Abs(given)
	if err != nil {
		return nil, fault.New(fault.SourceMissing, "path", given).Because(err)
	}
	at, err := os.Stat(full)
	if err != nil {
		return nil, unreachable(err, given)
	}
	if !at.IsDir() {
		return nil, fault.New(fault.SourceEmpty, "path", given)
	}
	root, content, err := find(full)
	if err != nil {
		return nil, err
	}
	info, on := m.describe(root, content)
	return &disk{content: content, info: info, attached: func() bool { return m.drives.Attached(on) }}, nil
}

// describe tells what people are told of the source, and on which drive it is.
func (m Machine) describe(root, content string) (source.Info, drive.Drive) {
	info := source.Info{
		ID: identity(root), Kind: source.Folder, Name: filepath.Base(root), Path: root,
		Writable: drive.Writable(content), FreeBytes: drive.Unknown, TotalBytes: drive.Unknown,
	}
	if free, total, err := drive.Space(content); err == nil {
		info.FreeBytes, info.TotalBytes = free, total
	}
	on, err := m.drives.At(root)
	if err != nil {
		return info, drive.Drive{}
	}
	resolved, err := filepath.EvalSymlinks(root)
	if err != nil {
		return info, on
	}
	inside, err := filepath.Rel(on.Path, resolved)
	if err != nil {
		return info, on
	}
	inside = filepath.ToSlash(inside)
	mounted := inside == "." && on.Path != "/"
	info.ID = identity(on.ID, inside)
	if mounted {
		info.ID, info.Kind, info.Name = on.ID, source.Drive, on.Name
	}
	info.On = source.On{Drive: on.ID, Disk: partOf(on), Name: info.Name, Inside: inside, Comes: mounted || on.Removable}
	if info.On.Comes {
		info.On.Name = on.Name
	}
	return info, on
}

// partOf answers the disk that a drive is a part of, where that is called otherwise.
func partOf(on drive.Drive) string {
	if on.Disk == on.ID {
		return ""
	}
	return on.Disk
}

// find answers the folder that people would name, and the content folder.
func find(full string) (root, content string, err error) {
	for _, below := range []string{filepath.Join(dataFolder, "content"), "content", "."} {
		candidate := filepath.Join(full, below)
		found, err := holdsDatabases(full, candidate)
		if err != nil {
			return "", "", err
		}
		if !found {
			continue
		}
		root := full
		switch {
		case filepath.Base(full) == dataFolder:
			root = filepath.Dir(full)
		case below == "." && filepath.Base(filepath.Dir(full)) == dataFolder:
			root = filepath.Dir(filepath.Dir(full))
		}
		return root, candidate, nil
	}
	return "", "", fault.New(fault.SourceEmpty, "path", full)
}

// holdsDatabases reports whether the folder holds a folder of databases, with
// no link on the way from the folder that was given.
func holdsDatabases(given, content string) (bool, error) {
	for folder := filepath.Join(content, "databases"); folder != given; folder = filepath.Dir(folder) {
		info, err := os.Lstat(folder)
		switch {
		case errors.Is(err, fs.ErrPermission) || drive.Gone(err):
			return false, unreachable(err, folder)
		case err != nil:
			return false, nil //nolint:nilerr // whatever hides the folder, there is none
		case !info.IsDir():
			return false, nil
		}
	}
	return true, nil
}

func unreachable(err error, path string) error {
	code := fault.SourceMissing
	switch {
	case errors.Is(err, fs.ErrPermission):
		code = fault.NoRead
	case drive.Gone(err):
		code = fault.SourceGone
	}
	return fault.New(code, "path", path).Because(err)
}

// identity makes an id that lasts as long as the parts do.
func identity(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Info implements source.Source.
func (d *disk) Info() source.Info { return d.info }

// Alive implements source.Source.
func (d *disk) Alive(context.Context) error {
	info, err := os.Lstat(filepath.Join(d.content, "databases"))
	if err == nil && info.IsDir() && d.attached() {
		return nil
	}
	return fault.New(fault.SourceGone, "path", d.info.Path).Because(err)
}

// OpenDatabase implements source.Source.
func (d *disk) OpenDatabase(ctx context.Context, id channel.ID) (source.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := d.open(id.DatabaseIn(d.content), id.DatabasePath())
	switch {
	case err == nil:
		return f, nil
	case errors.Is(err, errNotPlain):
		return nil, fault.New(fault.FileIsLink, "file", path.Base(id.DatabasePath())).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.New(fault.NoRead, "path", d.info.Path).Because(err)
	}
	if gone := d.Alive(ctx); gone != nil {
		return nil, gone
	}
	return nil, fault.New(fault.ChannelMissing, "channel", string(id), "path", d.info.Path).Because(err)
}

// DatabaseFile implements source.Shelf.
func (d *disk) DatabaseFile(ctx context.Context, id channel.ID) (string, error) {
	f, err := d.OpenDatabase(ctx, id) // refuses links
	if err != nil {
		return "", err
	}
	_ = f.Close() // it was only read
	return id.DatabaseIn(d.content), nil
}

// OpenFile implements source.Source.
func (d *disk) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := d.open(file.In(d.content), file.Path())
	if err == nil {
		return f, nil
	}
	if gone := d.Alive(ctx); gone != nil {
		return nil, gone
	}
	code := fault.FileUnreadable
	switch {
	case errors.Is(err, errNotPlain):
		code = fault.FileIsLink
	case errors.Is(err, fs.ErrNotExist):
		code = fault.FileMissing
	}
	return nil, fault.New(code, "file", file.Name()).Because(err)
}
