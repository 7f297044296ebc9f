package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"iter"
	"slices"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// maxDetail bounds the characters of a detail that count.
const maxDetail = 20_000

// details are the columns of a node of which people may notice that they have
// changed, beside its title, kind, place and files. Older generations lack
// some.
var details = []string{
	"accessibility_labels", "author", "categories", "coach_content", "description", "duration", "grade_levels", "learner_needs",
	"learning_activities", "license_description", "license_name", "license_owner", "options", "resource_types",
}

// DetailColumns answers the details that the nodes of this database have, in
// order.
func (d *DB) DetailColumns(ctx context.Context) ([]string, error) {
	found, err := d.readColumns(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(details), func(column string) bool { return !found["content_contentnode."+column] }), nil
}

// Detail stands for the details of a node: two nodes of the same details have
// the same sum.
type Detail struct {
	Node channel.NodeID
	Sum  [sha256.Size]byte
}

// Details reads the given details of all nodes, in no particular order. The
// columns are some of DetailColumns, of this database and perhaps another one
// that it is compared with.
func (d *DB) Details(ctx context.Context, columns []string) iter.Seq2[Detail, error] {
	selected := []string{whole("id"), d.shape.language}
	for _, column := range columns {
		if slices.Contains(details, column) { // never anything else in our SQL
			selected = append(selected, text(column, maxDetail))
		}
	}
	query := "SELECT " + strings.Join(selected, ", ") + " FROM content_contentnode NOT INDEXED"
	return func(yield func(Detail, error) bool) {
		values := make([]sql.RawBytes, len(selected))
		targets := make([]any, len(values))
		for i := range values {
			targets[i] = &values[i]
		}
		read(ctx, d, query, nil, targets, func() (Detail, error) {
			id := string(values[0])
			if !channel.IsID(id) {
				return Detail{}, d.refuse(fault.UnsafeDatabase, "reason", "node_id")
			}
			hash := sha256.New()
			for _, value := range values[1:] {
				hash.Write(value)
				hash.Write([]byte{0})
			}
			return Detail{Node: channel.NodeID(id), Sum: [sha256.Size]byte(hash.Sum(nil))}, nil
		})(yield)
	}
}
