package content

import (
	"context"

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
func (d Deps) estimate(ctx context.Context, from source.Source, theirs source.Listing, choice Choice, metadata map[string]any) {
	if choice.MetadataOnly {
		return
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
		return
	case whole && isWhole(here, theirs.Version):
		metadata[preflight.NeededBytes] = int64(0)
		return
	}
	if answer, err := d.preflightImport(ctx, from, theirs.ID, choice); err == nil {
		metadata[preflight.NeededBytes] = answer.Needed
	}
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
	return preflight.Look(preflight.Ask{
		Chosen: chosen, Disk: preflight.Disk{Cluster: drive.Cluster(d.Library.Content())},
		Present: func(f channel.LocalFile) bool { return here(f.Checksum) },
	}), nil
}
