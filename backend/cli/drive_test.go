package cli_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

func contentIn(path string) string { return channeltest.ContentIn(path) }

// drive is a folder with channels.
type drive string

func openDrive(_ context.Context, reference string) (source.Source, error) {
	if info, err := os.Stat(contentIn(reference)); err != nil || !info.IsDir() {
		return nil, fault.New(fault.SourceMissing, "path", reference)
	}
	return drive(reference), nil
}

// drivesIn finds the drives beside a data folder.
func drivesIn(folder string) ([]source.Source, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*", "KOLIBRI_DATA"))
	var found []source.Source
	for _, path := range paths {
		found = append(found, drive(filepath.Dir(path)))
	}
	return found, err
}

func (d drive) Info() source.Info {
	return source.Info{ID: "d1", Kind: source.Drive, Name: filepath.Base(string(d)), Path: string(d), FreeBytes: 5_000_000, TotalBytes: -1}
}

func (d drive) Channels(ctx context.Context) ([]source.Listing, error) {
	paths, err := filepath.Glob(filepath.Join(contentIn(string(d)), "databases", "*.sqlite3"))
	if err != nil {
		return nil, err
	}
	var listings []source.Listing
	for _, path := range paths {
		id := channel.ID(filepath.Base(path)[:32])
		l := source.Listing{Metadata: channel.Metadata{ID: id}}
		if database, err := db.Open(ctx, path, id, db.Quick); err != nil {
			l.Err = err
		} else {
			l.Metadata, l.Resources, l.Size = database.Metadata(), 21, 2_200_000
			if err := database.Close(); err != nil {
				return nil, err
			}
		}
		listings = append(listings, l)
	}
	slices.SortFunc(listings, func(a, b source.Listing) int { return cmp.Compare(a.Name, b.Name) })
	return listings, nil
}

func (d drive) OpenDatabase(_ context.Context, id channel.ID) (source.File, error) {
	f, err := os.Open(id.DatabaseIn(contentIn(string(d))))
	if err != nil {
		return nil, fault.New(fault.ChannelMissing, "channel", string(id), "path", string(d))
	}
	return file{f}, nil
}

func (d drive) OpenFile(context.Context, channel.LocalFile) (source.File, error) {
	return nil, fault.New(fault.FileMissing)
}

func (d drive) Alive(context.Context) error { return nil }

type file struct{ *os.File }

func (f file) Size() int64 { return -1 }

// find finds a channel on a drive.
func find(ctx context.Context, path string, id channel.ID) (source.Listing, error) {
	from, err := openDrive(ctx, path)
	if err != nil {
		return source.Listing{}, err
	}
	listings, err := from.Channels(ctx)
	if err != nil {
		return source.Listing{}, err
	}
	for _, l := range listings {
		if l.ID == id {
			return l, nil
		}
	}
	return source.Listing{}, fault.New(fault.ChannelMissing, "channel", string(id), "path", path)
}

// The ids of the channels on the drive of makeDrive.
const (
	gamesID  = channel.ID("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	twinID   = channel.ID("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
	twin2ID  = channel.ID("cccccccccccccccccccccccccccccccc")
	wildID   = channel.ID("dddddddddddddddddddddddddddddddd")
	brokenID = channel.ID("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")
)

// makeDrive fills a folder with channels: one with a name of its own, two
// twins, one whose name tries to steer the terminal, and one that is damaged.
func makeDrive(t testing.TB, path string) {
	t.Helper()
	for seed, c := range []struct {
		id   channel.ID
		name string
	}{{gamesID, "Blockly Games"}, {twinID, "Twins"}, {twin2ID, "Twins"}, {wildID, "Wild \x1b[2J\u202eth\u009bgir"}} {
		made := channeltest.New(channeltest.Seed(int64(seed)), channeltest.ID(c.id), channeltest.Name(c.name))
		if err := made.WriteDatabase(c.id.DatabaseIn(contentIn(path))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(brokenID.DatabaseIn(contentIn(path)), []byte("SQLite format 3\x00, or is it?"), 0o600); err != nil {
		t.Fatal(err)
	}
}
