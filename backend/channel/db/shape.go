package db

import (
	"context"
	"fmt"

	"nectar/backend/fault"
)

// shape is what reading depends on: which generation the database is of and
// where it keeps things. It is found by looking, never by what is declared.
type shape struct {
	generation int
	// size is the SQL expression for the bytes of content_localfile "l":
	// an integer, or NULL when the database does not say.
	size string
}

// generation is a schema by the columns that it has more than the one before.
type generation struct {
	number  int
	name    string // of the generations before 1, which have no number
	columns map[string][]string
}

// generations are ordered oldest first; each one also has the columns of
// those before it. Kolibri has a generation 2, which has more columns than 3
// and is read as 3. Sources: kolibri/core/content/contentschema/versions, and
// for 6 Studio's kolibri_content/base_models.py.
var generations = []generation{
	{number: 1, columns: map[string][]string{
		"content_channelmetadata": {"id", "name", "description", "author", "version", "thumbnail", "last_updated", "min_schema_version", "root_id"},
		"content_contentnode": {
			"id", "parent_id", "license_name", "license_description", "title", "content_id", "channel_id", "description", "sort_order",
			"license_owner", "author", "kind", "available", "lang_id", "lft", "rght", "tree_id", "level",
		},
		"content_localfile":                    {"id", "extension", "available", "file_size"},
		"content_file":                         {"id", "preset", "supplementary", "thumbnail", "priority", "contentnode_id", "lang_id", "local_file_id"},
		"content_language":                     {"id", "lang_code", "lang_subcode", "lang_name", "lang_direction"},
		"content_contenttag":                   {"id", "tag_name"},
		"content_assessmentmetadata":           {"id", "contentnode_id", "assessment_item_ids", "number_of_assessments", "mastery_model", "randomize", "is_manipulable"},
		"content_contentnode_tags":             {"contentnode_id", "contenttag_id"},
		"content_contentnode_related":          {"from_contentnode_id", "to_contentnode_id"},
		"content_contentnode_has_prerequisite": {"from_contentnode_id", "to_contentnode_id"},
	}},
	{number: 3, columns: map[string][]string{"content_contentnode": {"coach_content"}}},
	{number: 4, columns: map[string][]string{"content_contentnode": {"options"}, "content_channelmetadata": {"tagline"}}},
	{number: 5, columns: map[string][]string{"content_contentnode": {
		"grade_levels", "resource_types", "learning_activities", "accessibility_labels", "categories", "learner_needs", "duration",
	}}},
	{number: 6, columns: map[string][]string{"content_file": {"included_presets"}, "content_localfile": {"file_size_bigint"}}},
}

// ancient are the generations before 1, oldest first.
var ancient = []generation{
	{name: "v0.2.0-beta1", columns: map[string][]string{
		"content_channelmetadata": {"id", "root_pk"},
		"content_contentnode":     {"id", "license_id"},
		"content_file":            {"checksum"},
	}},
	{name: "v0.4.0-beta3", columns: map[string][]string{"content_assessmentmetadata": {"id"}}},
	{name: "unversioned", columns: map[string][]string{"content_contentnode": {"lang_id"}}},
}

// columns are the columns of a database, by "table.column".
type columns map[string]bool

func (d *DB) readColumns(ctx context.Context) (found columns, err error) {
	const query = `
		SELECT t.name, c.name
		FROM   pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
		WHERE  t.name LIKE 'content\_%' ESCAPE '\'
		LIMIT  10000`
	found = columns{}
	rows, err := d.sql.QueryContext(ctx, query)
	if err != nil {
		return nil, d.explain(ctx, fmt.Errorf("read columns: %w", err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, d.explain(ctx, fmt.Errorf("read column: %w", err))
		}
		found[table+"."+column] = true
	}
	if err := rows.Err(); err != nil {
		return nil, d.explain(ctx, fmt.Errorf("read columns: %w", err))
	}
	return found, nil
}

// newest answers the last of the generations that is there with all those
// before it.
func (c columns) newest(of []generation) (newest generation, ok bool) {
	for _, g := range of {
		for table, names := range g.columns {
			for _, name := range names {
				if !c[table+"."+name] {
					return newest, ok
				}
			}
		}
		newest, ok = g, true
	}
	return newest, ok
}

// recogniseShape finds the generation, or refuses the database.
func (d *DB) recogniseShape(found columns) error {
	g, ok := found.newest(generations)
	if !ok {
		if old, ok := found.newest(ancient); ok {
			return d.refuse(fault.SchemaTooOld, "version", old.name)
		}
		return d.refuse(fault.NotAChannel)
	}
	d.shape = shape{generation: g.number, size: integer("l.file_size")}
	if found["content_localfile.file_size_bigint"] {
		d.shape.size = "coalesce(" + integer("l.file_size") + ", " + integer("l.file_size_bigint") + ")"
	}
	return nil
}
