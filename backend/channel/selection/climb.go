package selection

// A node's ancestor field lets common climb long ways in few steps. It points
// to the parent or, where the two jumps before it had one length, past both.
// So any ancestor is O(log depth) steps away, and even a hostile tree that is
// one long chain is counted fast. See E. W. Myers, "An applicative
// random-access stack", 1983.

// farther answers the ancestor field of a child of the parent.
func (t *Tree) farther(parent int32) int32 {
	far := t.nodes[parent].ancestor
	farther := t.nodes[far].ancestor
	if t.nodes[parent].depth-t.nodes[far].depth == t.nodes[far].depth-t.nodes[farther].depth {
		return farther
	}
	return parent
}

// common answers the deepest node that holds both, which come in the order of
// the tree; it may be the first itself.
func (t *Tree) common(first, second int32) int32 {
	at := first
	for !t.holds(at, second) {
		if far := t.nodes[at].ancestor; !t.holds(far, second) {
			at = far
		} else {
			at = t.nodes[at].parent
		}
	}
	return at
}

// holds reports whether the inner node is the outer one or below it.
func (t *Tree) holds(outer, inner int32) bool {
	return outer <= inner && inner < t.nodes[outer].end
}
