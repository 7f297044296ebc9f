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

// maxLanguages bounds the list of languages; there are 286 in all.
const maxLanguages = 300

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
	if count != 1 || !isID(id) {
		return d.refuse(fault.NotAChannel)
	}
	if !isID(root) {
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
	return d.readLanguages(ctx)
}

// readLanguages counts the languages of the resources. The table of channels
// has no language: the root's stands for the channel, else the most frequent.
func (d *DB) readLanguages(ctx context.Context) (err error) {
	//nolint:gosec // text makes SQL of a column's name
	query := `
		SELECT   ` + d.shape.language + ` AS language,
		         sum(kind IS NOT 'topic') AS resources,
		         max(id = ?) AS root
		FROM     content_contentnode NOT INDEXED
		WHERE    ` + d.shape.language + ` <> ''
		GROUP BY 1
		ORDER BY 2 DESC, 1
		LIMIT    ?`
	rows, err := d.sql.QueryContext(ctx, query, string(d.metadata.RootID), maxLanguages)
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read languages: %w", err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var language string
		var resources int
		var root bool
		if err := rows.Scan(&language, &resources, &root); err != nil {
			return d.explain(ctx, fmt.Errorf("read language: %w", err))
		}
		language = clean(language)
		if root {
			d.metadata.Language = language
		}
		if resources > 0 {
			d.metadata.Languages = append(d.metadata.Languages, language)
		}
	}
	if err := rows.Err(); err != nil {
		return d.explain(ctx, fmt.Errorf("read languages: %w", err))
	}
	if d.metadata.Language == "" && len(d.metadata.Languages) > 0 {
		d.metadata.Language = d.metadata.Languages[0]
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
