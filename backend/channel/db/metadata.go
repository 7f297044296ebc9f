package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// maxThumbnail bounds a thumbnail's data URI; a larger one is left out.
const maxThumbnail = 1 << 20

// readMetadata reads the channel's only row.
func (d *DB) readMetadata(ctx context.Context) error {
	query := "SELECT " + strings.Join([]string{
		whole("id"), text("name", 200), text("description", 4000), "coalesce(" + integer("version") + ", 0)",
		text("thumbnail", maxThumbnail), whole(d.shape.root), "(SELECT count(*) FROM content_channelmetadata)",
	}, ", ") + " FROM content_channelmetadata LIMIT 1"
	var id, name, description, thumbnail, root string
	var version int64
	var count int
	err := d.sql.QueryRowContext(ctx, query).Scan(&id, &name, &description, &version, &thumbnail, &root, &count)
	if errors.Is(err, sql.ErrNoRows) {
		return d.refuse(fault.NotAChannel)
	}
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read channel: %w", err))
	}
	if count != 1 || !channel.IsID(id) {
		return d.refuse(fault.NotAChannel)
	}
	if !channel.IsID(root) {
		return d.refuse(fault.BrokenTree, "reason", "root")
	}
	d.metadata = channel.Metadata{
		ID:          channel.ID(id),
		Name:        clean(name),
		Description: clean(description),
		Version:     version,
		Thumbnail:   picture(thumbnail),
		RootID:      channel.NodeID(root),
		Schema:      d.shape.generation,
	}
	return nil
}

// picture answers the thumbnail when it is a picture that any window may
// show. A drawing in SVG can hold scripts and is left out.
func picture(uri string) string {
	if len(uri) >= maxThumbnail {
		return ""
	}
	for _, kind := range []string{"png", "jpeg", "gif"} {
		encoded, ok := strings.CutPrefix(uri, "data:image/"+kind+";base64,")
		if ok && encoded != "" && strings.IndexFunc(encoded, notBase64) < 0 {
			return uri
		}
	}
	return ""
}

func notBase64(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '/' && r != '='
}
