package db

import "nectar/backend/channel"

// nesting checks, node by node in the order of lft, that the nested sets nest
// and agree with the parents. Kolibri selects by the sets and shows by the
// parents; where they differ it loses content without a word. A cycle, an
// orphan and a second root all show here. The column level is not looked at:
// the depth follows from the tree.
//
// A tree deeper than maxDepth is refused: it would overturn whatever goes
// down it.
type nesting struct {
	root channel.NodeID
	open []enclosing // the topics around the place that was reached
	any  bool
}

// maxDepth bounds the levels below the root. Real channels have about ten.
const maxDepth = 4000

type enclosing struct {
	id          channel.NodeID
	left, right int64
	topic       bool
}

// add places the next node and answers its depth, or the reason why it has no
// place.
func (n *nesting) add(node Node) (depth int, reason string) {
	if node.Left >= node.Right {
		return 0, "number"
	}
	if !n.any {
		n.any = true
		if node.Parent != "" || node.ID != n.root || node.Kind != channel.Topic {
			return 0, "root"
		}
		n.push(node)
		return 0, ""
	}
	for len(n.open) > 0 && n.open[len(n.open)-1].right < node.Left {
		n.open = n.open[:len(n.open)-1]
	}
	if len(n.open) == 0 || node.Parent == "" {
		return 0, "second_root"
	}
	parent := n.open[len(n.open)-1]
	switch {
	case node.Left <= parent.left || node.Right >= parent.right:
		return 0, "overlap"
	case node.Parent != parent.id:
		return 0, "parent"
	case !parent.topic:
		return 0, "resource_with_children"
	case len(n.open) > maxDepth:
		return 0, "depth"
	}
	depth = len(n.open)
	n.push(node)
	return depth, ""
}

func (n *nesting) push(node Node) {
	n.open = append(n.open, enclosing{id: node.ID, left: node.Left, right: node.Right, topic: node.Kind == channel.Topic})
}
