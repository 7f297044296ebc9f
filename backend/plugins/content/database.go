package content

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// bring puts the source's database of the channel in its place, byte for byte,
// and brings the files. A database of the same or a later version that is here
// already stays; one of an older version does until the files of the new one
// are here.
func (i *importer) bring(ctx context.Context, temp string, theirs channel.Metadata, ours library.Channel) (ImportResult, error) {
	switch {
	case ours.ID == "" || ours.Version < theirs.Version && i.choice.MetadataOnly:
		if err := putDatabase(temp, i.id.DatabaseIn(i.Library.Content())); err != nil {
			return ImportResult{}, err
		}
		i.tree = i.theirTree
	case ours.Version < theirs.Version:
		i.run.Info("version %d of the channel replaces version %d when its files are here", theirs.Version, ours.Version)
		return i.bringNewer(ctx, temp)
	case ours.Version > theirs.Version:
		i.run.Info("version %d of the channel stays: the source has the older version %d", ours.Version, theirs.Version)
		i.run.SetMetadata("kept_version", ours.Version)
	}
	i.theirTree = nil // but for the memory, nobody would mind
	return i.bringFiles(ctx)
}

// hasDatabase reports whether the database that is here has the very bytes of
// the source's; it was found sound when it came. Only a drive or folder is
// asked: what a server has would have to be fetched for it.
func (i *importer) hasDatabase(ctx context.Context, ours library.Channel) bool {
	if _, isRanged := i.from.(source.Ranged); isRanged || ours.ID == "" {
		return false
	}
	theirs, err := i.from.OpenDatabase(ctx, i.id)
	if err != nil {
		return false // fetching it will say why
	}
	defer func() { _ = theirs.Close() }()
	here, err := os.Open(i.id.DatabaseIn(i.Library.Content()))
	if err != nil {
		return false
	}
	defer func() { _ = here.Close() }()
	return sameBytes(here, theirs)
}

// sameBytes reads both to their ends, or to where they differ.
func sameBytes(a, b io.Reader) bool {
	const piece = 128 << 10
	one, other := make([]byte, piece), make([]byte, piece)
	ended := func(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
	for {
		n, err := io.ReadFull(a, one)
		m, otherErr := io.ReadFull(b, other)
		if !bytes.Equal(one[:n], other[:m]) {
			return false
		}
		if err != nil || otherErr != nil {
			return ended(err) && ended(otherErr)
		}
	}
}

// fetched is a source's database of the channel that lies beside its place, checked.
type fetched struct {
	path  string
	keeps bool // the next attempt finds it again
	channel.Metadata
}

// leave ends the use of the database, if it did not take its place. While the job may
// want it again one that is found then stays, so that it does not come once more.
func (f fetched) leave(ctx context.Context, wanted bool) {
	if f.path == "" || f.keeps && wanted && !errors.Is(context.Cause(ctx), task.ErrCanceled) {
		return
	}
	_ = os.Remove(f.path)
}

// fetchDatabase copies the source's database beside its place and checks all
// of it, which reads its tree. A server may send one that does not fit together,
// such as the bytes of one version with the length of another: it is asked once
// more.
func (i *importer) fetchDatabase(ctx context.Context) (fetched, error) {
	folder := filepath.Join(i.Library.Content(), "databases")
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // Kolibri's own layout, for Kolibri to read
		return fetched{}, atomicfile.Classify(err, folder)
	}
	from, isRanged := i.from.(source.Ranged)
	if !isRanged {
		temp, err := source.FetchDatabase(ctx, i.from, i.id, folder)
		if err != nil {
			return fetched{}, err
		}
		return i.check(ctx, fetched{path: temp})
	}
	if kept, is := i.keptDatabase(ctx, folder); is {
		return kept, nil
	}
	for again := true; ; again = false {
		temp, tag, err := source.ResumeDatabase(ctx, from, i.id, folder)
		if err != nil {
			if errors.Is(context.Cause(ctx), task.ErrCanceled) {
				source.DiscardDatabase(from, i.id, folder)
			}
			return fetched{}, err
		}
		theirs, err := i.check(ctx, fetched{path: temp, keeps: tag != ""})
		if err == nil {
			i.rememberDatabase(ctx, theirs, tag)
			return theirs, nil
		}
		if !again || !slices.Contains(garbled, fault.CodeOf(err)) {
			return fetched{}, err
		}
		i.run.Warn("the database is fetched once more: %v", err)
	}
}

// check flushes a database that lies beside its place and reads all of it. One that is
// not sound is removed.
func (i *importer) check(ctx context.Context, theirs fetched) (_ fetched, err error) {
	defer func() {
		if err != nil {
			theirs.leave(ctx, ctx.Err() != nil)
		}
	}()
	flushed := flushing(theirs.path)
	theirs.Metadata, i.theirTree, err = i.soundDatabase(ctx, theirs.path)
	if unwritten := <-flushed; unwritten != nil {
		return fetched{}, atomicfile.Classify(unwritten, filepath.Dir(theirs.path))
	}
	if err != nil {
		return fetched{}, named(err, i.id)
	}
	return theirs, nil
}

// garbled are the faults of a database that may be another when it is fetched
// again.
var garbled = []fault.Code{fault.DatabaseEmpty, fault.DatabaseDamaged, fault.NotADatabase}

// soundDatabase answers what a sound database says of its channel, and its tree. While
// its pages are checked it is read, and what its files will take is looked at. Of
// several faults the one of the pages counts first.
func (i *importer) soundDatabase(ctx context.Context, path string) (channel.Metadata, *selection.Tree, error) {
	database, err := db.Open(ctx, path, i.id, db.Quick)
	if err != nil {
		return channel.Metadata{}, nil, err
	}
	defer func() { _ = database.Close() }()
	reading, stop := context.WithCancel(ctx)
	defer stop()
	checked := make(chan error, 1)
	go func() {
		unsound := database.CheckPages(ctx)
		if unsound != nil {
			stop()
		}
		checked <- unsound
	}()
	tree, err := i.lately.take(reading, database)
	if err == nil && i.first {
		i.foreseen = i.foresee(reading, tree)
	}
	if err := cmp.Or(<-checked, err); err != nil {
		i.foreseen = nil
		return channel.Metadata{}, nil, err
	}
	return database.Metadata(), tree, nil
}

// flushing has the disk write the file while others read it, so that putDatabase
// need not wait for it long. What it answers counts: of an error that was told once
// a later flush may know nothing.
func flushing(path string) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- atomicfile.SyncPath(path) }()
	return ended
}

// putDatabase flushes a checked database and gives it its name.
func putDatabase(temp, path string) error {
	if err := os.Chmod(temp, 0o644); err != nil { //nolint:gosec // as Kolibri itself leaves it
		return atomicfile.Classify(err, path)
	}
	if err := atomicfile.SyncPath(temp); err != nil {
		return atomicfile.Classify(err, path)
	}
	if err := atomicfile.Replace(temp, path); err != nil {
		return atomicfile.Classify(err, path)
	}
	return atomicfile.SyncDir(filepath.Dir(path))
}

// named says the database's own name in a refusal, in place of that of our
// temporary copy.
func named(err error, id channel.ID) error {
	f := fault.Of(err)
	if _, mentions := f.Params["file"]; !mentions {
		return err
	}
	renamed := *f
	renamed.Params = fault.Params{}
	maps.Copy(renamed.Params, f.Params)
	renamed.Params["file"] = string(id) + ".sqlite3"
	return &renamed
}
