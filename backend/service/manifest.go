package service

import (
	"context"
	"slices"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/manifest"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// atSource are the faults of a channel that cannot be had at all, in contrast
// to one whose database is bad, which a job judges.
var atSource = []fault.Code{fault.SourceMissing, fault.SourceGone, fault.SourceEmpty, fault.ChannelMissing}

// Listed answers which nodes of a channel at a source a manifest lists: of all
// versions together, as Kolibri takes them, and without those that the source
// does not have. A file that is none is fault.ManifestDamaged, one that lists
// nothing of the channel fault.ManifestLacks.
func (s *Sources) Listed(ctx context.Context, person auth.Person, id channel.ID, reference, file string) ([]channel.NodeID, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	m, err := manifest.Read(file)
	if err != nil {
		if fault.CodeOf(err) == fault.Internal {
			err = fault.New(fault.NoRead, "path", file).Because(err)
		}
		return nil, err
	}
	nodes, _, _ := m.Part(id)
	tree, err := s.trees.load(ctx, reference, id)
	switch {
	case err == nil:
		nodes = slices.DeleteFunc(nodes, func(node channel.NodeID) bool {
			_, found := tree.Find(node)
			return !found
		})
	case ctx.Err() != nil || slices.Contains(atSource, fault.CodeOf(err)):
		return nil, err
	}
	if len(nodes) == 0 {
		return nil, fault.New(fault.ManifestLacks, "path", file, "channel", string(id))
	}
	return nodes, nil
}
