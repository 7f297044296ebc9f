package content

import (
	"context"
	"maps"
	"os"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// bringDatabase puts the source's database of the channel in its place, byte
// for byte, after it was found sound. A database of the same or a later
// version that is here already stays.
func (i *importer) bringDatabase(ctx context.Context, id channel.ID) error {
	folder := filepath.Join(i.Library.Content(), "databases")
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // Kolibri's own layout, for Kolibri to read
		return atomicfile.Classify(err, folder)
	}
	temp, err := source.FetchDatabase(ctx, i.from, id, folder)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }() // gone when it took its place
	database, err := db.Open(ctx, temp, id, db.Full)
	if err != nil {
		return named(err, id)
	}
	theirs := database.Metadata()
	if err := database.Close(); err != nil {
		return err
	}
	i.run.SetMetadata("channel_name", theirs.Name)
	i.run.SetMetadata("channel_version", theirs.Version)
	ours, err := i.before(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case ours.ID == "":
		return putDatabase(temp, id.DatabaseIn(i.Library.Content()))
	case ours.Version < theirs.Version:
		i.run.Info("version %d of the channel replaces version %d", theirs.Version, ours.Version)
		return putDatabase(temp, id.DatabaseIn(i.Library.Content()))
	case ours.Version > theirs.Version:
		i.run.Info("version %d of the channel stays: the source has the older version %d", ours.Version, theirs.Version)
	}
	return nil
}

// putDatabase flushes a checked database and gives it its name.
func putDatabase(temp, path string) error {
	if err := os.Chmod(temp, 0o644); err != nil { //nolint:gosec // as Kolibri itself leaves it
		return atomicfile.Classify(err, path)
	}
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return atomicfile.Classify(err, path)
	}
	if err := atomicfile.Sync(f); err != nil {
		_ = f.Close()
		return atomicfile.Classify(err, path)
	}
	if err := f.Close(); err != nil {
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
