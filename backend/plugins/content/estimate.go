package content

import (
	"context"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/drive"
	"nectar/backend/library"
)

// estimate notes in the metadata how much room an import will take, so that
// what waits in the queue is counted when somebody looks whether more fits. Of
// a channel on a network its list says it, and that of a part is not looked up.
// What cannot be learned is left open: the job judges the database, and
// measures the room itself.
//
// It answers fault.DiskFull for what cannot fit. Only where the channel itself
// was read is that certain: a list counts also what is shared with channels
// that are here, and what is not brought.
func (d Deps) estimate(ctx context.Context, from source.Source, theirs source.Listing, choice Choice, metadata map[string]any) error {
	if choice.MetadataOnly {
		return nil
	}
	whole := choice.NodeIDs == nil && choice.ExcludeNodeIDs == nil
	here, err := d.Library.Channel(ctx, theirs.ID)
	if err != nil {
		here = library.Channel{}
	}
	switch info := from.Info(); {
	case info.Kind == source.Studio || server.IsAddress(info.URL):
		if whole {
			metadata[preflight.NeededBytes] = max(theirs.Size-here.AvailableSize, 0)
		}
		return nil
	case whole && isWhole(here, theirs.Version):
		metadata[preflight.NeededBytes] = int64(0)
		return nil
	}
	answer, err := d.preflightImport(ctx, from, theirs.ID, choice)
	if err != nil {
		return nil //nolint:nilerr // the job says what is wrong with the database
	}
	metadata[preflight.NeededBytes] = answer.Needed
	return answer.Err()
}

// isWhole reports whether all of that version of the channel is here.
func isWhole(here library.Channel, version int64) bool {
	return here.ID != "" && here.Version == version && here.AvailableResources == here.Resources && here.AvailableSize == here.Size
}

// preflightImport answers what an import would do.
func (d Deps) preflightImport(ctx context.Context, from source.Source, id channel.ID, choice Choice) (preflight.Answer, error) {
	database, err := source.Borrow(ctx, from, id)
	if err != nil {
		return preflight.Answer{}, err
	}
	defer func() { _ = database.Close() }()
	tree, err := selection.Load(ctx, database.DB)
	if err != nil {
		return preflight.Answer{}, err
	}
	chosen, err := (&importer{choice: choice}).chosen(tree)
	if err != nil {
		return preflight.Answer{}, err
	}
	here, err := d.Library.Here(ctx)
	if err != nil {
		return preflight.Answer{}, err
	}
	ask := preflight.Ask{Chosen: chosen, Present: func(f channel.LocalFile) bool { return here(f.Checksum) }}
	if ask.Disk, err = d.ourDisk(ctx, id); err != nil {
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

// ourDisk measures the disk of the content folder, and what other imports will
// write to it.
func (d Deps) ourDisk(ctx context.Context, id channel.ID) (preflight.Disk, error) {
	content := d.Library.Content()
	free, err := d.Free(content)
	if err != nil {
		return preflight.Disk{}, err
	}
	waiting, err := d.Unfinished(ctx)
	if err != nil {
		return preflight.Disk{}, err
	}
	return preflight.Disk{
		Path: content, Cluster: drive.Cluster(content), Free: max(free-max(d.Reserve, 0), 0),
		Queued: preflight.QueuedImports(waiting, id),
	}, nil
}

// liesIn reports whether a file of that name and size lies in a content folder.
func liesIn(content string, f channel.LocalFile) bool {
	info, err := os.Lstat(f.In(content))
	return err == nil && info.Mode().IsRegular() && (f.Size < 0 || info.Size() == f.Size)
}
