package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Node is a topic or a resource as the database has it.
type Node struct {
	ID        channel.NodeID
	Parent    channel.NodeID // "" for the root
	ContentID string         // what the copies of a resource share; "" when it is no id
	Kind      channel.Kind
	Title     string // without control characters, at most 400 characters
	Language  string // code, or ""
	Depth     int    // 0 for the root

	// Left and Right number the nested sets: all below a node lie strictly
	// between its two.
	Left, Right int64
}

// Nodes reads the nodes in the order of the tree, parents before children.
// The first error ends it: BrokenTree at the first node that is not where its
// parent says, so that whoever reads to the end has the whole tree.
func (d *DB) Nodes(ctx context.Context) iter.Seq2[Node, error] {
	query := "SELECT " + strings.Join([]string{
		text("id", 40), "parent_id IS NULL", text("parent_id", 40), text("content_id", 40), text("kind", 200), text("title", 400),
		text("lang_id", 20), integer("lft"), integer("rght"),
	}, ", ") + " FROM content_contentnode ORDER BY lft"
	return func(yield func(Node, error) bool) {
		tree := nesting{root: d.metadata.RootID}
		rows := read(ctx, d, query, func(rows *sql.Rows) (Node, error) {
			n, err := d.scanNode(ctx, rows)
			if err != nil {
				return Node{}, err
			}
			var reason string
			if n.Depth, reason = tree.add(n); reason != "" {
				return Node{}, d.refuse(fault.BrokenTree, "reason", reason)
			}
			return n, nil
		})
		for n, err := range rows {
			if !yield(n, err) {
				return
			}
		}
	}
}

func (d *DB) scanNode(ctx context.Context, rows *sql.Rows) (Node, error) {
	var n Node
	var top bool
	var left, right sql.NullInt64
	err := rows.Scan(&n.ID, &top, &n.Parent, &n.ContentID, &n.Kind, &n.Title, &n.Language, &left, &right)
	if err != nil {
		return Node{}, d.explain(ctx, fmt.Errorf("read node: %w", err))
	}
	if !isID(string(n.ID)) || (!top && !isID(string(n.Parent))) {
		return Node{}, d.refuse(fault.UnsafeDatabase, "reason", "node_id")
	}
	if !left.Valid || !right.Valid {
		return Node{}, d.refuse(fault.BrokenTree, "reason", "number")
	}
	if !isID(n.ContentID) {
		n.ContentID = ""
	}
	n.Left, n.Right = left.Int64, right.Int64
	n.Title, n.Language = clean(n.Title), clean(n.Language)
	return n, nil
}
