package disk

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/channel/manifest"
	"nectar/backend/channel/source"
)

var _ source.Partly = (*disk)(nil)

// Listed implements source.Partly, by the manifest beside the channels.
func (d *disk) Listed(ctx context.Context, id channel.ID) []channel.NodeID {
	if ctx.Err() != nil {
		return nil
	}
	f, err := d.open(manifest.In(d.content), "manifest.json")
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	m, err := manifest.Decode(f, manifest.In(d.content))
	if err != nil {
		return nil // a list that nobody can read says nothing
	}
	nodes, _, _ := m.Part(id)
	return nodes
}
