package content

import (
	"context"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/library"
)

// theirs answers what the source has of the channel, and its database only when that
// may have anything that is not here: nothing is fetched to learn what is known.
func (i *importer) theirs(ctx context.Context, ours library.Channel) (fetched, error) {
	if i.hasDatabase(ctx, ours) {
		return fetched{Metadata: ours.Metadata}, nil
	}
	if version, known := i.knownVersion(ctx, ours); known && version <= ours.Version {
		metadata := ours.Metadata
		metadata.Version = version
		return fetched{Metadata: metadata}, nil
	}
	return i.fetchDatabase(ctx)
}

// knownVersion answers the version of the source's database if that was fetched before,
// was found sound, and is in the same state as then.
func (i *importer) knownVersion(ctx context.Context, ours library.Channel) (version int64, known bool) {
	from, is := i.from.(source.Stating)
	if !is || ours.ID == "" {
		return 0, false
	}
	then, err := i.Library.Files().ServerDatabase(ctx, from.Info().ID, i.id)
	if err != nil || then == (channel.DatabaseState{}) || then != from.DatabaseState(ctx, i.id) {
		return 0, false // fetching it will tell
	}
	i.run.Info("the database is as it was when it was fetched before, and is not fetched again")
	return then.Version, true
}

// rememberDatabase remembers in which state the source says that the database is which
// was fetched with the tag. Where it says anything else than what came, nothing is
// remembered: the next time it is fetched again.
func (i *importer) rememberDatabase(ctx context.Context, theirs fetched, tag string) {
	from, is := i.from.(source.Stating)
	if !is || tag == "" {
		return
	}
	now := from.DatabaseState(ctx, i.id)
	if now.Tag != tag {
		return
	}
	i.rememberState(ctx, theirs, now)
}

func (i *importer) rememberState(ctx context.Context, theirs fetched, now channel.DatabaseState) {
	if info, err := os.Stat(theirs.path); err != nil || info.Size() != now.Size || theirs.Version != now.Version {
		return
	}
	if err := i.Library.Files().RememberServerDatabase(ctx, i.from.Info().ID, i.id, now); err != nil {
		i.run.Warn("that the database was fetched is not remembered: %v", err)
	}
}

// keptDatabase answers the database that an earlier attempt fetched and could not put
// in its place yet, if the source says that it has the same one. It is checked like any
// that comes.
func (i *importer) keptDatabase(ctx context.Context, folder string) (fetched, bool) {
	from, is := i.from.(source.Stating)
	if !is || !source.HasLeft(from, i.id, folder) {
		return fetched{}, false
	}
	now := from.DatabaseState(ctx, i.id)
	kept := source.KeptDatabase(from, i.id, folder, now)
	if kept == "" {
		return fetched{}, false
	}
	theirs, err := i.check(ctx, fetched{path: kept, keeps: true})
	if err != nil {
		return fetched{}, false
	}
	if theirs.Version != now.Version {
		_ = os.Remove(kept)
		return fetched{}, false
	}
	i.rememberState(ctx, theirs, now)
	i.run.Info("the database that was fetched before is gone on with")
	return theirs, true
}
