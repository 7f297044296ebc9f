package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Resource is one node with its files.
type Resource struct {
	ID    channel.NodeID
	Kind  channel.Kind
	Title string // as in Node
	Files []ResourceFile
}

// ResourceFile is a stored file in its use by a resource.
type ResourceFile struct {
	channel.LocalFile

	Supplementary bool // not needed to show the resource
}

// Resource reads one node by the indexes, without the rest of the tree:
// NodeMissing when there is none of the id.
func (d *DB) Resource(ctx context.Context, id channel.NodeID) (Resource, error) {
	found := Resource{ID: id}
	var kind string
	err := d.sql.QueryRowContext(ctx, "SELECT "+text("kind", 200)+", "+text("title", 400)+" FROM content_contentnode WHERE id = ?", string(id)).
		Scan(&kind, &found.Title)
	if errors.Is(err, sql.ErrNoRows) {
		return Resource{}, fault.New(fault.NodeMissing, "node", string(id), "channel", string(d.metadata.ID))
	}
	if err != nil {
		return Resource{}, d.explain(ctx, fmt.Errorf("read resource: %w", err))
	}
	found.Kind, found.Title = channel.Kind(clean(kind)), clean(found.Title)
	for role, err := range d.roles(ctx, " WHERE contentnode_id = ?", string(id)) {
		if err != nil {
			return Resource{}, err
		}
		for file, err := range d.files(ctx, " WHERE "+d.shape.storedID+" = ? LIMIT 1", role.File.String()) {
			if err != nil {
				return Resource{}, err
			}
			found.Files = append(found.Files, ResourceFile{LocalFile: file, Supplementary: role.Supplementary})
		}
	}
	return found, nil
}
