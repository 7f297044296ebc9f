package content

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/drive"
)

// estimate notes in the metadata how much room an import will take, so that
// what waits in the queue is counted when somebody looks whether more fits. A
// whole channel takes what its list says; a part of one is looked up, but not
// on a network. What cannot be learned is left open: the job judges the
// database, and measures the room itself.
func (d Deps) estimate(ctx context.Context, from source.Source, id channel.ID, choice Choice, size int64, metadata map[string]any) {
	if choice.MetadataOnly {
		return
	}
	if choice.NodeIDs == nil && choice.ExcludeNodeIDs == nil {
		here, err := d.Library.Channel(ctx, id)
		if err == nil {
			size = max(size-here.AvailableSize, 0)
		}
		metadata[preflight.NeededBytes] = size
		return
	}
	if info := from.Info(); info.Kind == source.Studio || server.IsAddress(info.URL) {
		return
	}
	if answer, err := d.preflightImport(ctx, from, id, choice); err == nil {
		metadata[preflight.NeededBytes] = answer.Needed
	}
}

// preflightImport answers what an import of a part of a channel would do.
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
