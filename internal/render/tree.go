package render

import (
	"cmp"
	"slices"

	"parley"
	"parley/internal/locale"
)

// item is one <li>: a comment, where it stands, and what hangs under it.
type item struct {
	parley.Comment
	In     *scene
	Level  int // 1 to parley.ShownLevels
	Linked bool
	Alone  bool   // in a list that spans stories: no actions, and it says itself whom it answers
	Note   string // why it waits; "" says it in general words
	Kids   []*item

	more bool  // replies exist beyond Kids
	host *item // the item of level 2 whose list takes the replies to this one
}

// scene is what the items of one rendering share.
type scene struct {
	Site  parley.Site
	Story parley.Story
	Words *locale.Catalogue
}

func newScene(site parley.Site, story parley.Story) *scene {
	return &scene{Site: site, Story: story, Words: locale.For(site.Language)}
}

// item gives c by itself, at its own depth as far as levels are shown.
func (s *scene) item(c parley.Comment) *item {
	return &item{Comment: c, In: s, Level: min(max(c.Depth, 1), parley.ShownLevels)}
}

// thread hangs replies, in written order, under root. Replies deeper than the levels shown stand in the list of
// the last one, and so does the order: nothing is sorted again. A reply whose parent is not among them hangs
// directly under the root and still says whom it answers.
func (s *scene) thread(root parley.Comment, replies []parley.Comment) *item {
	top := s.item(root)
	known := map[parley.ID]*item{root.ID: top}
	for _, c := range replies {
		if known[c.ID] != nil {
			continue
		}
		reply := s.item(c)
		known[c.ID] = reply
		parent := known[c.Parent]
		switch {
		case parent == nil || parent == top:
			top.Kids = append(top.Kids, reply)
			reply.Level, reply.host = 2, reply
		default:
			parent.host.Kids = append(parent.host.Kids, reply)
			reply.Level, reply.host = parley.ShownLevels, parent.host
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

// mark finds the item with this id and marks it as the linked one.
func (it *item) mark(id parley.ID) {
	if it.ID == id {
		it.Linked = true
		return
	}
	for _, kid := range it.Kids {
		kid.mark(id)
	}
}

// shown counts the published replies under it.
func (it *item) shown() (n int) {
	for _, kid := range it.Kids {
		if kid.State == parley.Published {
			n++
		}
		n += kid.shown()
	}
	return n
}
