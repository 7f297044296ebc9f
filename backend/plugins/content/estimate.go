package content

import (
	"context"
	"os"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/library"
	"nectar/backend/task"
)

// estimate notes in the metadata of a job how much room it will take, so that
// what waits in the queue is counted when somebody looks whether more fits.
// What cannot be learned is left open: the job judges the database, and
// measures the room itself.
//
// It answers fault.DiskFull for what cannot fit, beside what waits already and
// what the same call asks for. Only where the channel itself was read is that
// certain: a list counts also what is shared with channels that are here, and
// what is not brought.
type estimate func(ctx context.Context, asked task.Asked, from source.Source, theirs source.Listing, metadata map[string]any) error

// importRoom estimates an import. Of a channel on a network its list says it,
// and that of a part is not looked up.
func (d Deps) importRoom(choice Choice) estimate {
	return func(ctx context.Context, asked task.Asked, from source.Source, theirs source.Listing, metadata map[string]any) error {
		if choice.MetadataOnly {
			return nil
		}
		whole := choice.NodeIDs == nil && choice.ExcludeNodeIDs == nil
		here, err := d.Library.Channel(ctx, theirs.ID)
		if err != nil {
			here = library.Channel{}
		}
		switch {
		case far(from):
			if whole {
				metadata[preflight.NeededBytes] = max(theirs.Size-here.AvailableSize, 0)
			}
			return nil
		case whole && isWhole(here, theirs.Version):
			metadata[preflight.NeededBytes] = int64(0)
			return nil
		}
		answer, err := d.preflight(ctx, asked, from, theirs.ID, (&importer{Deps: d, choice: choice, from: from}).chosenOf)
		if err != nil {
			return nil //nolint:nilerr // the job says what is wrong with the database
		}
		return note(metadata, asked, answer)
	}
}

// updateRoom estimates an update.
func (d Deps) updateRoom(ctx context.Context, asked task.Asked, from source.Source, theirs source.Listing, metadata map[string]any) error {
	here, err := d.Library.Channel(ctx, theirs.ID)
	if err != nil || far(from) || theirs.Version <= here.Version {
		return nil //nolint:nilerr // who asks for the estimate looks whether it is here
	}
	answer, err := d.preflight(ctx, asked, from, theirs.ID, func(ctx context.Context, database *db.DB) (*selection.Selection, error) {
		compared, err := d.Library.Compare(ctx, database, nil)
		if err != nil {
			return nil, err
		}
		return kept(compared)
	})
	if err != nil {
		return nil //nolint:nilerr // the job says what is wrong with the database
	}
	return note(metadata, asked, answer)
}

// far reports whether a source is on a network.
func far(from source.Source) bool {
	info := from.Info()
	return info.Kind == source.Studio || server.IsAddress(info.URL)
}

// lackingBytes is the name of the metadata in which a job that is to begin
// later says how many bytes of room were too few when it was made.
const lackingBytes = "lacking_bytes"

// note notes the room in the metadata, and refuses what cannot fit. There may
// be room by the time that a job which is to begin later does, so it is warned
// of only, and looked at when the job runs.
func note(metadata map[string]any, asked task.Asked, answer preflight.Answer) error {
	metadata[preflight.NeededBytes] = answer.Needed
	if !asked.When.Later(time.Now()) {
		return answer.Err()
	}
	if lacking := answer.Lacking(); lacking > 0 {
		metadata[lackingBytes] = lacking
	}
	return answer.Allowed()
}

// isWhole reports whether all of that version of the channel is here.
func isWhole(here library.Channel, version int64) bool {
	return here.ID != "" && here.Version == version && here.AvailableResources == here.Resources && here.AvailableSize == here.Size
}

// chosenOf answers the files that the arguments mean of a database.
func (i *importer) chosenOf(ctx context.Context, database *db.DB) (*selection.Selection, error) {
	tree, err := i.lately.load(ctx, database)
	if err != nil {
		return nil, err
	}
	return i.chosen(ctx, tree)
}

// preflight answers what it would take to bring what is picked of a channel.
func (d Deps) preflight(ctx context.Context, asked task.Asked, from source.Source, id channel.ID, pick func(context.Context, *db.DB) (*selection.Selection, error)) (preflight.Answer, error) {
	database, err := source.Borrow(ctx, from, id)
	if err != nil {
		return preflight.Answer{}, err
	}
	defer func() { _ = database.Close() }()
	chosen, err := pick(ctx, database.DB)
	if err != nil {
		return preflight.Answer{}, err
	}
	here, err := d.Library.Here(ctx)
	if err != nil {
		return preflight.Answer{}, err
	}
	ask := preflight.Ask{Chosen: chosen, Present: func(f channel.LocalFile) bool { return here(f.Checksum) }}
	if ask.Disk, err = d.ImportDisk(ctx, id, asked.Beside); err != nil {
		return preflight.Answer{}, err
	}
	answer := preflight.Look(ask)
	if answer.Fits() {
		return answer, nil
	}
	// What lies there without being remembered takes no room either, once it
	// was found whole.
	ask.Present = func(f channel.LocalFile) bool { return here(f.Checksum) || liesIn(d.Library.Content(), f) }
	return preflight.Look(ask), nil
}

// ImportDisk measures the disk of the content folder, and what imports of
// other channels will write to it, stored ones and those beside. Imports of the
// same channel bring much of the same.
func (d Deps) ImportDisk(ctx context.Context, id channel.ID, beside []task.Job) (preflight.Disk, error) {
	same := exclusive(string(id))
	return d.rooms().Of(ctx, d.Library.Content(), d.Reserve, beside, func(j *task.Job) bool {
		return preflight.Imports(j) && j.ExclusiveKey != same
	})
}

func (d Deps) rooms() preflight.Rooms {
	return preflight.Rooms{Free: d.Free, Unfinished: d.Unfinished}
}

// liesIn reports whether a file of that name and size lies in a content folder.
func liesIn(content string, f channel.LocalFile) bool {
	info, err := os.Lstat(f.In(content))
	return err == nil && info.Mode().IsRegular() && (f.Size < 0 || info.Size() == f.Size)
}
