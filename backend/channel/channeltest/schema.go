package channeltest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// row is all that the columns of the tables can ask for.
type row struct {
	channel             *Channel
	node, parent        *Node
	file                File
	fileID              string
	left, right, level  int
	language, direction string
}

// The generations before 1, oldest first. They have names, not numbers, and
// declare nothing.
const (
	V020Beta1   = -3
	V040Beta3   = -2
	Unversioned = -1
)

// era is a run of generations; 0 stands for "from the first on" and "to this
// day".
type era struct{ since, until int }

func (e era) has(generation int) bool {
	return (e.since == 0 || generation >= e.since) && (e.until == 0 || generation <= e.until)
}

// column is one column of a table in the generations that have it.
type column struct {
	definition   string // name first
	since, until int    // as in era
	value        func(row) any
}

func (c column) in(generation int) bool { return era{c.since, c.until}.has(generation) }

func (c column) name() string {
	name, _, _ := strings.Cut(c.definition, " ")
	return name
}

type table struct {
	era

	name    string
	columns []column
	indexes []string // columns
}

func constant(v any) func(row) any { return func(row) any { return v } }

func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// size answers what a database says of a size; -1 is one that is not known.
func size(bytes int64) any {
	if bytes < 0 {
		return nil
	}
	return bytes
}

// fitsInt32 is the largest size that generation 6 still writes as file_size.
const fitsInt32 = 1<<31 - 1

var (
	languages = table{name: "content_language", columns: []column{
		{definition: "id VARCHAR(14) NOT NULL PRIMARY KEY", value: func(r row) any { return r.language }},
		{definition: "lang_code VARCHAR(3) NOT NULL", value: func(r row) any { return r.language }},
		{definition: "lang_subcode VARCHAR(10)", value: constant(nil)},
		{definition: "lang_name VARCHAR(100)", since: Unversioned, value: func(r row) any { return r.language }},
		{definition: "lang_direction VARCHAR(3) NOT NULL", since: Unversioned, value: func(r row) any { return r.direction }},
	}}
	licenses = table{era: era{until: Unversioned}, name: "content_license", columns: []column{
		{definition: "id INTEGER NOT NULL PRIMARY KEY", value: constant(1)},
		{definition: "license_name VARCHAR(50) NOT NULL", value: constant("CC BY")},
		{definition: "license_description VARCHAR(400)", since: V040Beta3, value: constant("")},
	}}
	localFiles = table{era: era{since: 1}, name: "content_localfile", columns: []column{
		{definition: "id VARCHAR(32) NOT NULL PRIMARY KEY", value: func(r row) any { return r.file.Checksum.String() }},
		{definition: "extension VARCHAR(40) NOT NULL", value: func(r row) any { return r.file.Extension }},
		{definition: "available BOOLEAN NOT NULL", value: constant(0)},
		{definition: "file_size INTEGER", value: func(r row) any {
			if r.channel.Schema >= 6 && r.file.Size > fitsInt32 {
				return nil
			}
			return size(r.file.Size)
		}},
		{definition: "file_size_bigint BIGINT", since: 6, value: func(r row) any { return size(r.file.Size) }},
	}}
	nodes = table{name: "content_contentnode", columns: []column{
		{definition: "id CHAR(32) NOT NULL PRIMARY KEY", value: func(r row) any { return string(r.node.ID) }},
		{definition: "license_name VARCHAR(50)", since: 1, value: constant("CC BY")},
		{definition: "license_description TEXT", since: 1, value: constant("")},
		{definition: "license_id INTEGER REFERENCES content_license(id)", until: Unversioned, value: constant(1)},
		{definition: "title VARCHAR(200) NOT NULL", value: func(r row) any { return r.node.Title }},
		{definition: "coach_content BOOLEAN NOT NULL", since: 2, value: constant(0)},
		{definition: "content_id CHAR(32) NOT NULL", value: func(r row) any { return r.node.ContentID }},
		{definition: "channel_id CHAR(32) NOT NULL", since: 1, value: func(r row) any { return string(r.channel.ID) }},
		{definition: "description TEXT", value: func(r row) any { return "About " + r.node.Title }},
		{definition: "sort_order FLOAT", value: func(r row) any { return r.left }},
		{definition: "license_owner VARCHAR(200) NOT NULL", value: constant("Nobody")},
		{definition: "author VARCHAR(200) NOT NULL", value: constant("")},
		{definition: "kind VARCHAR(200) NOT NULL", value: func(r row) any { return string(r.node.Kind) }},
		{definition: "available BOOLEAN NOT NULL", value: constant(1)},
		{definition: "stemmed_metaphone VARCHAR(1800) NOT NULL", until: 2, value: constant("")},
		{definition: "options TEXT", since: 4, value: constant("{}")},
		{definition: "grade_levels TEXT", since: 5, value: constant(nil)},
		{definition: "resource_types TEXT", since: 5, value: constant(nil)},
		{definition: "learning_activities TEXT", since: 5, value: constant(nil)},
		{definition: "accessibility_labels TEXT", since: 5, value: constant(nil)},
		{definition: "categories TEXT", since: 5, value: constant(nil)},
		{definition: "learner_needs TEXT", since: 5, value: constant(nil)},
		{definition: "duration INTEGER", since: 5, value: constant(nil)},
		{definition: "lft INTEGER NOT NULL", value: func(r row) any { return r.left }},
		{definition: "rght INTEGER NOT NULL", value: func(r row) any { return r.right }},
		{definition: "tree_id INTEGER NOT NULL", value: constant(1)},
		{definition: "level INTEGER NOT NULL", value: func(r row) any { return r.level }},
		{definition: "lang_id VARCHAR(14) REFERENCES content_language(id)", since: Unversioned, value: func(r row) any { return optional(r.node.Language) }},
		{definition: "parent_id CHAR(32) REFERENCES content_contentnode(id)", value: func(r row) any {
			if r.parent == nil {
				return nil
			}
			return string(r.parent.ID)
		}},
	}, indexes: []string{"rght", "level", "channel_id", "lang_id", "lft", "content_id", "parent_id", "tree_id"}}
	files = table{name: "content_file", columns: []column{
		{definition: "id CHAR(32) NOT NULL PRIMARY KEY", value: func(r row) any { return r.fileID }},
		{definition: "preset VARCHAR(150) NOT NULL", value: func(r row) any { return string(r.file.Preset) }},
		{definition: "supplementary BOOLEAN NOT NULL", value: func(r row) any { return r.file.Supplementary }},
		{definition: "thumbnail BOOLEAN NOT NULL", value: func(r row) any { return r.file.Thumbnail }},
		{definition: "priority INTEGER", value: constant(1)},
		{definition: "available BOOLEAN NOT NULL", until: 2, value: constant(0)},
		{definition: "included_presets INTEGER", since: 6, value: constant(nil)},
		{definition: "contentnode_id CHAR(32) REFERENCES content_contentnode(id)", until: Unversioned, value: func(r row) any { return string(r.node.ID) }},
		{definition: "contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode(id)", since: 1, value: func(r row) any { return string(r.node.ID) }},
		{definition: "lang_id VARCHAR(14) REFERENCES content_language(id)", value: func(r row) any { return optional(r.file.Language) }},
		{definition: "checksum VARCHAR(400) NOT NULL", until: Unversioned, value: func(r row) any { return r.file.Checksum.String() }},
		{definition: "extension VARCHAR(40) NOT NULL", until: Unversioned, value: func(r row) any { return r.file.Extension }},
		{definition: "file_size INTEGER", until: Unversioned, value: func(r row) any { return size(r.file.Size) }},
		{definition: "local_file_id VARCHAR(32) NOT NULL REFERENCES content_localfile(id)", since: 1, value: func(r row) any { return r.file.Checksum.String() }},
	}, indexes: []string{"contentnode_id", "lang_id", "local_file_id", "priority"}}
	metadata = table{name: "content_channelmetadata", columns: []column{
		{definition: "id CHAR(32) NOT NULL PRIMARY KEY", value: func(r row) any { return string(r.channel.ID) }},
		{definition: "name VARCHAR(200) NOT NULL", value: func(r row) any { return r.channel.Name }},
		{definition: "description VARCHAR(400) NOT NULL", value: func(r row) any { return r.channel.Description }},
		{definition: "tagline VARCHAR(150)", since: 4, value: constant(nil)},
		{definition: "author VARCHAR(400) NOT NULL", value: constant("")},
		{definition: "version INTEGER NOT NULL", value: func(r row) any { return r.channel.Version }},
		{definition: "thumbnail TEXT NOT NULL", value: func(r row) any { return r.channel.Thumbnail }},
		{definition: "last_updated VARCHAR", since: 1, value: constant(nil)},
		{definition: "min_schema_version VARCHAR(50) NOT NULL", since: 1, value: func(r row) any { return r.channel.Declared }},
		{definition: "root_pk CHAR(32) NOT NULL", until: Unversioned, value: func(r row) any { return string(r.channel.Root.ID) }},
		{definition: "root_id CHAR(32) NOT NULL REFERENCES content_contentnode(id)", since: 1, value: func(r row) any { return string(r.channel.Root.ID) }},
	}}
	assessments = table{era: era{since: V040Beta3}, name: "content_assessmentmetadata", columns: []column{
		{definition: "id CHAR(32) NOT NULL PRIMARY KEY", value: func(r row) any { return hexID("assessment", r.node.ID) }},
		{definition: "assessment_item_ids TEXT NOT NULL", value: constant(`["one"]`)},
		{definition: "number_of_assessments INTEGER NOT NULL", value: constant(1)},
		{definition: "mastery_model TEXT NOT NULL", value: constant(`{"type":"do_all"}`)},
		{definition: "randomize BOOLEAN NOT NULL", value: constant(0)},
		{definition: "is_manipulable BOOLEAN NOT NULL", value: constant(1)},
		{definition: "contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode(id)", value: func(r row) any { return string(r.node.ID) }},
	}, indexes: []string{"contentnode_id"}}
	// bare are the tables that stay empty.
	bare = []table{
		{name: "content_contenttag", columns: []column{
			{definition: "id CHAR(32) NOT NULL PRIMARY KEY"}, {definition: "tag_name VARCHAR(30) NOT NULL"},
		}},
		link("content_contentnode_has_prerequisite", "from_contentnode_id", "to_contentnode_id"),
		link("content_contentnode_related", "from_contentnode_id", "to_contentnode_id"),
		link("content_contentnode_tags", "contentnode_id", "contenttag_id"),
	}
)

func link(name, from, to string) table {
	return table{name: name, columns: []column{
		{definition: "id INTEGER NOT NULL PRIMARY KEY"},
		{definition: from + " CHAR(32) NOT NULL"},
		{definition: to + " CHAR(32) NOT NULL"},
	}}
}

// create answers the statements that make the table.
func (t table) create(generation int) []string {
	if !t.has(generation) {
		return nil
	}
	var definitions, indexes []string
	for _, c := range t.columns {
		if !c.in(generation) {
			continue
		}
		definitions = append(definitions, c.definition)
		if slices.Contains(t.indexes, c.name()) {
			indexes = append(indexes, fmt.Sprintf("CREATE INDEX ix_%s_%s ON %s (%s)", t.name, c.name(), t.name, c.name()))
		}
	}
	return append([]string{fmt.Sprintf("CREATE TABLE %s (%s)", t.name, strings.Join(definitions, ", "))}, indexes...)
}

// inserter prepares the statement that adds a row and answers a function
// that does; nothing in a generation that lacks the table.
func (t table) inserter(tx *sql.Tx, generation int) (add func(row) error, done func() error, err error) {
	if !t.has(generation) {
		return func(row) error { return nil }, func() error { return nil }, nil
	}
	var names, marks []string
	var values []func(row) any
	for _, c := range t.columns {
		if c.in(generation) {
			names, marks, values = append(names, c.name()), append(marks, "?"), append(values, c.value)
		}
	}
	//nolint:sqlclosecheck // done closes it
	statement, err := tx.PrepareContext(context.Background(), fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)",
		t.name, strings.Join(names, ", "), strings.Join(marks, ", ")))
	if err != nil {
		return nil, nil, fmt.Errorf("prepare %s: %w", t.name, err)
	}
	args := make([]any, len(values))
	return func(r row) error {
		for i, value := range values {
			args[i] = value(r)
		}
		if _, err := statement.ExecContext(context.Background(), args...); err != nil {
			return fmt.Errorf("insert into %s: %w", t.name, err)
		}
		return nil
	}, statement.Close, nil
}
