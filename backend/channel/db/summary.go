package db

import (
	"context"
	"fmt"

	"nectar/backend/channel"
)

// Summary counts the resources that can be shown and the bytes that importing
// them brings: all their files and those of the topics above them, each once.
// Kolibri records the same number as a channel's published_size. Files whose
// size the database does not say count as nothing.
func (d *DB) Summary(ctx context.Context) (resources int, size int64, err error) {
	presets := ""
	var args []any
	for _, p := range channel.RenderablePresets() {
		presets += ", ?"
		args = append(args, string(p))
	}
	query := `
		WITH RECURSIVE
		shown (id, parent) AS MATERIALIZED (
			SELECT id, parent_id
			FROM   content_contentnode
			WHERE  kind IS NOT 'topic'
			AND    id IN (SELECT contentnode_id FROM content_file WHERE preset IN (` + presets[2:] + `))),
		above (id) AS (
			SELECT parent FROM shown
			UNION
			SELECT n.parent_id
			FROM   above CROSS JOIN content_contentnode AS n ON n.id = above.id),
		wanted (id) AS MATERIALIZED (
			SELECT DISTINCT local_file_id
			FROM   content_file
			WHERE  contentnode_id IN (SELECT id FROM shown UNION ALL SELECT id FROM above))
		SELECT (SELECT count(*) FROM shown),
		       (SELECT coalesce(sum(max(0, min(` + d.shape.size + `, ` + fmt.Sprint(int64(maxFileSize)) + `))), 0)
		        FROM   content_localfile AS l
		        WHERE  l.id IN (SELECT id FROM wanted))`
	if err := d.sql.QueryRowContext(ctx, query, args...).Scan(&resources, &size); err != nil {
		return 0, 0, d.explain(ctx, fmt.Errorf("count resources: %w", err))
	}
	return resources, size, nil
}
