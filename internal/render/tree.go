package render

import (
	"cmp"
	"slices"

	"parley"
)

// node is a comment where it stands among others.
type node struct {
	parley.Comment
	Level  int // 1 to parley.ShownLevels
	Linked bool
	More   bool // replies exist beyond Kids
	Kids   []*node
	Note   string // what its author is told about a comment that waits

	under parley.ID // whose list it stands in; 0 for a root, and for one that stands by itself
	host  *node     // the node of level 2 whose list takes the replies to this one
}

// lone gives c by itself, at its own depth as far as levels are shown.
func lone(c parley.Comment) *node {
	return &node{Comment: c, Level: min(max(c.Depth, 1), parley.ShownLevels)}
}

// grow hangs replies, in written order, under root. Replies deeper than the levels shown stand in the list of the
// last one, and so does the order: nothing is sorted again. A reply whose parent is not among them hangs directly
// under the root and still says whom it answers.
func grow(root parley.Comment, replies []parley.Comment) *node {
	top := lone(root)
	known := map[parley.ID]*node{root.ID: top}
	for _, c := range replies {
		if known[c.ID] != nil {
			continue
		}
		reply := lone(c)
		known[c.ID] = reply
		parent := known[c.Parent]
		switch {
		case parent == nil || parent == top:
			top.Kids = append(top.Kids, reply)
			reply.Level, reply.under, reply.host = 2, top.ID, reply
		default:
			parent.host.Kids = append(parent.host.Kids, reply)
			reply.Level, reply.under, reply.host = parley.ShownLevels, parent.host.ID, parent.host
		}
		if parent != nil && parent.State != parley.Published {
			reply.To = parley.Byline{} // strangers do not learn who wrote what is gone
		}
	}
	return top
}

// merge gives the ancestors and the replies as one list in written order, each comment once.
func merge(ancestors, replies []parley.Comment) []parley.Comment {
	all := slices.Concat(ancestors, replies)
	slices.SortStableFunc(all, func(a, b parley.Comment) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b parley.Comment) bool { return a.ID == b.ID })
}

// mark finds the node with this id and marks it as the linked one.
func (n *node) mark(id parley.ID) {
	if n.ID == id {
		n.Linked = true
		return
	}
	for _, kid := range n.Kids {
		kid.mark(id)
	}
}

// shown counts the published replies under it.
func (n *node) shown() (count int) {
	for _, kid := range n.Kids {
		if kid.State == parley.Published {
			count++
		}
		count += kid.shown()
	}
	return count
}
