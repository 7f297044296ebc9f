// Package library knows what is on this laptop: the channels of the content
// folder and how much of each is here.
//
// The content folder is Kolibri's own layout. A channel is here when its
// database lies in content/databases; a file counts as here once its bytes
// were verified. What is remembered of a database (its digest) spares reading
// it again and is made anew when the file has changed.
package library

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
	"nectar/backend/store"
)

// Store is what the library keeps in the program's database.
type Store interface {
	VerifiedFiles(ctx context.Context, files []channel.Checksum) (map[channel.Checksum]store.VerifiedFile, error)
	AllVerifiedFiles(ctx context.Context) (iter.Seq[store.VerifiedFile], error)
	VerifiedChecksums(ctx context.Context) (map[channel.Checksum]struct{}, error)
	RememberFiles(ctx context.Context, files []store.VerifiedFile) error
	ForgetFiles(ctx context.Context, files []channel.Checksum) error
	DropFiles(ctx context.Context, files []channel.Checksum, of []channel.ID) error
	LoseFiles(ctx context.Context, files []store.LostFile) (lost int, err error)
	RestoreFiles(ctx context.Context, files []store.VerifiedFile) (unwanted []channel.Checksum, err error)
	ForgetLost(ctx context.Context, file channel.Checksum) error
	LostFiles(ctx context.Context) ([]store.LostFile, error)
	ChannelDigests(ctx context.Context) (map[channel.ID]store.ChannelDigest, error)
	WholeChannel(ctx context.Context, id channel.ID) (whole []byte, fileSize, modified int64, err error)
	RememberChannel(ctx context.Context, digest store.ChannelDigest) error
	ForgetChannel(ctx context.Context, id channel.ID) error
	ForgetChannels(ctx context.Context) error
	SeenFolders(ctx context.Context) (map[string]int64, error)
	RememberFolders(ctx context.Context, seen map[string]int64) error
	TitlesOf(ctx context.Context, id channel.ID) (store.Titles, error)
	HasTitles(ctx context.Context, id channel.ID, fileSize, modified int64) (bool, error)
	RememberTitles(ctx context.Context, titles store.Titles, parts iter.Seq[[]byte]) error
	ChannelOrder(ctx context.Context) (map[channel.ID]int, error)
	OrderChannels(ctx context.Context, ids []channel.ID) error
	RememberSource(ctx context.Context, known store.KnownSource) error
	SourceAt(ctx context.Context, path string) (store.KnownSource, bool, error)
	KnownSources(ctx context.Context) ([]store.KnownSource, error)
	RememberServerDatabase(ctx context.Context, server string, id channel.ID, state channel.DatabaseState) error
	ServerDatabase(ctx context.Context, server string, id channel.ID) (channel.DatabaseState, error)
	AddArrival(ctx context.Context, arrival store.Arrival) error
	Arrivals(ctx context.Context, since time.Time) ([]store.Arrival, error)
}

// Library is the content folder with what is known of it. Its methods may be
// called concurrently.
type Library struct {
	store Store

	place    atomic.Pointer[Place]
	record   string // the file that keeps the place; "" for none
	standard string // where the folder is without a record
	gate     gate

	noticing sync.Mutex
	unsaid   sync.Map // files that are not whole, and could not be stored so: channel.Checksum → struct{}
}

// New makes a library of a content folder, which need not exist.
func New(content string, store Store) *Library {
	l := &Library{store: store, standard: content}
	l.place.Store(&Place{Path: content})
	return l
}

// Content answers the path of the content folder. It changes when the folder is
// moved, while nobody uses it; see Enter.
func (l *Library) Content() string { return l.Place().Path }

// Files answers the memory of verified files.
func (l *Library) Files() Store { return l.store }

// Channel is a channel on this laptop.
type Channel struct {
	channel.Metadata
	channel.Totals
}

// Channels answers the channels on this laptop in the order that people chose;
// those that have no place in it come after, by name. A database that cannot be
// read is left out; its errors come back when it is opened.
func (l *Library) Channels(ctx context.Context) ([]Channel, error) {
	ids, err := l.databases()
	if err != nil {
		return nil, err
	}
	digests, err := l.store.ChannelDigests(ctx)
	if err != nil {
		return nil, err
	}
	doubtful := l.doubtful()
	channels := make([]Channel, 0, len(ids))
	for _, id := range ids {
		digest, known := digests[id]
		if !known || !l.current(digest) || doubtful {
			if digest, _, err = l.digest(ctx, id, Seen{}); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				continue
			}
			// The digest only spares work: where it cannot be stored, as in a
			// process that may not write, it is made again next time.
			_ = l.store.RememberChannel(ctx, digest)
		}
		channels = append(channels, Channel{digest.Metadata, digest.Totals})
	}
	return channels, l.sort(ctx, channels)
}

// Channel answers one channel on this laptop, or fault.ChannelNotHere, or
// fault.ContentAway as long as the content folder is away.
func (l *Library) Channel(ctx context.Context, id channel.ID) (Channel, error) {
	channels, err := l.Channels(ctx)
	if err != nil {
		return Channel{}, err
	}
	for _, c := range channels {
		if c.ID == id {
			return c, nil
		}
	}
	return Channel{}, l.notHere(id)
}

// notHere answers why there is no database of a channel: as long as the content
// folder is away, nobody knows what is in it.
func (l *Library) notHere(id channel.ID) *fault.Fault {
	if l.Away() {
		return fault.New(fault.ContentAway, "path", l.Content())
	}
	return fault.New(fault.ChannelNotHere, "channel", string(id))
}

// Seen is what whoever changed a channel knows of it already, so that it is not read
// once more.
type Seen struct {
	Tree  *selection.Tree      // of the very database that is here; nil when it was not read
	Files []store.VerifiedFile // that were remembered just now, in any order; put in another
}

// Refresh looks at a channel anew after its database or files have changed.
func (l *Library) Refresh(ctx context.Context, id channel.ID) (Channel, error) {
	return l.RefreshFrom(ctx, id, Seen{})
}

// RefreshFrom is Refresh for whoever knows a part of it.
func (l *Library) RefreshFrom(ctx context.Context, id channel.ID, seen Seen) (Channel, error) {
	digest, tree, err := l.digest(ctx, id, seen)
	if err != nil {
		return Channel{}, err
	}
	if err := l.store.RememberChannel(ctx, digest); err != nil {
		return Channel{}, err
	}
	if err := l.keepTitles(ctx, tree, digest.FileSize, digest.Modified); err != nil {
		return Channel{}, err
	}
	return Channel{digest.Metadata, digest.Totals}, nil
}

// Open opens the database of a channel on this laptop; fault.ChannelNotHere
// when there is none.
func (l *Library) Open(ctx context.Context, id channel.ID) (*db.DB, error) {
	database, err := db.Open(ctx, id.DatabaseIn(l.Content()), id, db.Quick)
	if fault.CodeOf(err) == fault.ChannelMissing {
		return nil, l.notHere(id)
	}
	return database, err
}

// Tree loads the tree of a channel on this laptop.
func (l *Library) Tree(ctx context.Context, id channel.ID) (*selection.Tree, error) {
	database, err := l.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = database.Close() }()
	return selection.Load(ctx, database)
}

// Resource answers a resource of a channel on this laptop, with those of its
// files that are here.
func (l *Library) Resource(ctx context.Context, id channel.ID, node channel.NodeID) (db.Resource, error) {
	database, err := l.Open(ctx, id)
	if err != nil {
		return db.Resource{}, err
	}
	defer func() { _ = database.Close() }()
	found, err := database.Resource(ctx, node)
	if err != nil {
		return db.Resource{}, err
	}
	checksums := make([]channel.Checksum, len(found.Files))
	for i, file := range found.Files {
		checksums[i] = file.Checksum
	}
	here, err := l.store.VerifiedFiles(ctx, checksums)
	if err != nil {
		return db.Resource{}, err
	}
	found.Files = slices.DeleteFunc(found.Files, func(file db.ResourceFile) bool {
		_, ok := here[file.Checksum]
		return !ok
	})
	return found, nil
}

// Here answers a function that tells whether a file is here.
func (l *Library) Here(ctx context.Context) (func(channel.Checksum) bool, error) {
	here, err := l.store.VerifiedChecksums(ctx)
	if err != nil {
		return nil, err
	}
	l.unsaid.Range(func(lost, _ any) bool {
		if sum, ok := lost.(channel.Checksum); ok {
			delete(here, sum)
		}
		return true
	})
	return func(c channel.Checksum) bool {
		_, ok := here[c]
		return ok
	}, nil
}

// databases answers the ids of the channel databases in the folder.
func (l *Library) databases() ([]channel.ID, error) {
	entries, err := os.ReadDir(filepath.Join(l.Content(), "databases"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", l.Content()).Because(err)
	}
	var ids []channel.ID
	for _, e := range entries {
		stem, isDatabase := strings.CutSuffix(e.Name(), ".sqlite3")
		if !isDatabase || !e.Type().IsRegular() {
			continue
		}
		if id, err := channel.ParseID(stem); err == nil && string(id) == stem {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (l *Library) current(d store.ChannelDigest) bool {
	info, err := os.Lstat(d.ID.DatabaseIn(l.Content()))
	return err == nil && info.Size() == d.FileSize && info.ModTime().UnixNano() == d.Modified
}

// digest reads a channel's database, its tree only when that is not known, and
// answers the tree as well.
func (l *Library) digest(ctx context.Context, id channel.ID, seen Seen) (store.ChannelDigest, *selection.Tree, error) {
	info, err := os.Lstat(id.DatabaseIn(l.Content()))
	if err != nil {
		return store.ChannelDigest{}, nil, l.notHere(id).Because(err)
	}
	database, err := l.Open(ctx, id)
	if err != nil {
		return store.ChannelDigest{}, nil, err
	}
	defer func() { _ = database.Close() }()
	tree := seen.Tree
	if tree == nil {
		if tree, err = selection.Load(ctx, database); err != nil {
			return store.ChannelDigest{}, nil, fmt.Errorf("load tree: %w", err)
		}
	}
	here, err := l.Here(ctx)
	if err != nil {
		return store.ChannelDigest{}, nil, err
	}
	digest := store.ChannelDigest{
		Metadata: tree.Describe(database.Metadata()),
		Totals:   tree.Totals(here)[selection.Root],
		FileSize: info.Size(),
		Modified: info.ModTime().UnixNano(),
	}
	digest.Whole, err = l.inventory(ctx, tree, digest.Totals, lately(seen.Files, here))
	return digest, tree, err
}
