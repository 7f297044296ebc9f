package db

import (
	"context"
	"fmt"
	"strings"

	"nectar/backend/fault"
)

// shape is what reading depends on: which generation the database is of and
// where it keeps things. It is found by looking, never by what is declared.
type shape struct {
	generation int // 0 for those before 1
	// root is the column of content_channelmetadata that names the root.
	root string
	// language is the SQL expression for a node's language code, or "".
	language string
	// owned tells whether each node says which channel it is of; owner is the
	// SQL expression for it.
	owned bool
	owner string
	// files is the SQL that reads id, extension and size of the stored files:
	// the size an integer, or NULL when the database does not say. stored is
	// the table that they are read from, and storedID the id in it.
	files, stored, storedID string
	// file is the column of content_file that holds the id of its stored file.
	file string
	// rolesNumbered tells whether rowid, in content_file, is the number of a row, and
	// not a column of that name.
	rolesNumbered bool
}

// generation is a schema by the columns that it has more than the one before.
type generation struct {
	number  int    // 0 for those before 1
	name    string // of those before 1, as a database may declare it
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

// ancient are the generations before 1, oldest first. A stored file has no
// record of its own there: each row of content_file holds its checksum,
// extension and size. A node does not say which channel it is of.
var ancient = []generation{
	{name: "v0.2.0-beta1", columns: map[string][]string{
		"content_channelmetadata": {"id", "name", "description", "author", "version", "thumbnail", "root_pk"},
		"content_contentnode": {
			"id", "parent_id", "license_id", "title", "content_id", "description", "sort_order", "license_owner", "author", "kind",
			"available", "stemmed_metaphone", "lft", "rght", "tree_id", "level",
		},
		"content_file": {
			"id", "checksum", "extension", "file_size", "available", "preset", "supplementary", "thumbnail", "priority", "contentnode_id", "lang_id",
		},
		"content_language":                     {"id", "lang_code", "lang_subcode"},
		"content_license":                      {"id", "license_name"},
		"content_contenttag":                   {"id", "tag_name"},
		"content_contentnode_tags":             {"contentnode_id", "contenttag_id"},
		"content_contentnode_related":          {"from_contentnode_id", "to_contentnode_id"},
		"content_contentnode_has_prerequisite": {"from_contentnode_id", "to_contentnode_id"},
	}},
	{name: "v0.4.0-beta3", columns: map[string][]string{
		"content_assessmentmetadata": {"id", "contentnode_id", "assessment_item_ids", "number_of_assessments", "mastery_model", "randomize", "is_manipulable"},
		"content_license":            {"license_description"},
	}},
	{name: "unversioned", columns: map[string][]string{
		"content_contentnode": {"lang_id"},
		"content_language":    {"lang_name", "lang_direction"},
	}},
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
	if g, ok := found.newest(generations); ok {
		d.shape = numbered(g, found)
	} else if _, ok := found.newest(ancient); ok {
		d.shape = unnumbered(found)
	} else {
		return d.refuse(fault.NotAChannel)
	}
	d.shape.rolesNumbered = true
	for name := range found {
		if strings.EqualFold(name, "content_file.rowid") {
			d.shape.rolesNumbered = false
		}
	}
	return nil
}

// numbered answers the shape of generation 1 or later.
func numbered(g generation, found columns) shape {
	size := integer("file_size")
	if found["content_localfile.file_size_bigint"] {
		size = "coalesce(" + size + ", " + integer("file_size_bigint") + ")"
	}
	return shape{
		generation: g.number, root: "root_id", language: text("lang_id", 20), owned: true, owner: whole("channel_id"),
		files:  "SELECT " + whole("id") + ", " + whole("extension") + ", " + size + " FROM ",
		stored: "content_localfile", storedID: "id",
		file: "local_file_id",
	}
}

// unnumbered answers the shape of a generation before 1.
func unnumbered(found columns) shape {
	s := shape{
		root: "root_pk", language: "''", owner: "''",
		files:  "SELECT " + whole("checksum") + ", " + whole("extension") + ", " + integer("file_size") + " FROM ",
		stored: "content_file", storedID: "checksum",
		file: "checksum",
	}
	if found["content_contentnode.lang_id"] {
		s.language = text("lang_id", 20)
	}
	return s
}
