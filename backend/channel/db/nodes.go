package db

import (
	"context"
	"database/sql"
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
// parent says, and WrongChannel at one of another channel, so that whoever
// reads to the end has the whole tree.
func (d *DB) Nodes(ctx context.Context) iter.Seq2[Node, error] {
	// Not by the index of lft: one that disagrees with its table would hide
	// nodes, and checking the pages does not notice.
	query := "SELECT " + strings.Join([]string{
		whole("id"), "parent_id IS NULL", whole("parent_id"), whole("content_id"), text("kind", 200), text("title", 400),
		d.shape.language, integer("lft"), integer("rght"), d.shape.owner,
	}, ", ") + " FROM content_contentnode NOT INDEXED ORDER BY lft"
	return func(yield func(Node, error) bool) {
		var r nodeRow
		tree := nesting{root: d.metadata.RootID}
		read(ctx, d, query, nil, r.targets(), func() (Node, error) {
			n, err := d.decodeNode(&r)
			if err != nil {
				return Node{}, err
			}
			var reason string
			if n.Depth, reason = tree.add(n); reason != "" {
				return Node{}, d.refuse(fault.BrokenTree, "reason", reason)
			}
			return n, nil
		})(yield)
	}
}

// nodeRow is a row as SQLite has it.
type nodeRow struct {
	id, parent, contentID, kind, title, language, owner string
	top                                                 bool
	left, right                                         sql.NullInt64
}

func (r *nodeRow) targets() []any {
	return []any{&r.id, &r.top, &r.parent, &r.contentID, &r.kind, &r.title, &r.language, &r.left, &r.right, &r.owner}
}

func (d *DB) decodeNode(r *nodeRow) (Node, error) {
	if !channel.IsID(r.id) || (!r.top && !channel.IsID(r.parent)) {
		return Node{}, d.refuse(fault.UnsafeDatabase, "reason", "node_id")
	}
	if d.shape.owned && r.owner != string(d.metadata.ID) {
		return Node{}, d.refuse(fault.WrongChannel, "holds", clean(r.owner))
	}
	if !r.left.Valid || !r.right.Valid {
		return Node{}, d.refuse(fault.BrokenTree, "reason", "number")
	}
	n := Node{
		ID: channel.NodeID(r.id), Parent: channel.NodeID(r.parent), Kind: channel.Kind(clean(r.kind)),
		Title: clean(r.title), Language: clean(r.language), Left: r.left.Int64, Right: r.right.Int64,
	}
	if channel.IsID(r.contentID) {
		n.ContentID = r.contentID
	}
	return n, nil
}
