package render

import (
	"cmp"
	"slices"
	"time"

	"parley"
)

const (
	// readLimit is how many bytes of comments are kept as they were read, for first pages to be built anew from: those
	// of some two hundred stories.
	readLimit = 12 << 20
	// again is how long what was read serves for that. What a comment shows may change without a word to its story's
	// revision only for those who read it with the next change; this bounds when that is.
	again = 10 * time.Second
	// boxed is what a comment weighs beside its text, roughly.
	boxed = 512
)

// read is a first page as it was read.
type read struct {
	Page
	at time.Time // when all of it was read
}

func (r *read) weight() uint32 {
	weight := overhead
	add := func(c parley.Comment) {
		weight += boxed + len(c.Body) + len(c.HTML) + len(c.Author.Name) + len(c.To.Name) + len(c.Quote.Exact)
	}
	for _, t := range r.Threads {
		add(t.Root)
		for _, c := range t.Replies {
			add(c)
		}
	}
	return uint32(weight)
}

// first tells whether p is one that is kept: what readers come to, and what changes with every comment.
func (p Page) first() bool {
	return p.Sort == parley.Newest && p.Cursor == "" && p.Argument.About == nil && p.Story.ID != 0
}

// Known gives the first page of a story as it was read lately, for [Page.With]. Its slices belong to the cache.
func (c *Cache) Known(story parley.ID) (Page, bool) {
	r, known := c.read.Get(story)
	if !known || time.Since(r.at) > again {
		return Page{}, false
	}
	return r.Page, true
}

// Keep keeps a first page for [Cache.Known]; any other it leaves. whole tells that all of it was read, and not made
// of one that was known.
func (c *Cache) Keep(p Page, whole bool) {
	if !p.first() {
		return
	}
	fresh := &read{p, time.Now()}
	if before, known := c.read.Get(p.Story.ID); !whole {
		if !known {
			return
		}
		fresh.at = before.at
	}
	fresh.Argument = Argument{} // it is read anew every time
	c.read.Set(p.Story.ID, fresh)
}

// With gives a first page as it is when some comments have been published and nothing else has changed that strangers
// see. ok is false when that cannot be told from the page alone.
func (p Page) With(arrivals []parley.Comment) (page Page, ok bool) {
	slices.SortFunc(arrivals, func(a, b parley.Comment) int { return cmp.Compare(a.ID, b.ID) })
	p.Threads = slices.Clone(p.Threads)
	var begun []parley.ID
	for _, c := range arrivals {
		if !c.IsRoot() {
			ok = p.answer(c, slices.Contains(begun, c.Root))
		} else {
			ok = p.begin(c)
			begun = append(begun, c.ID)
		}
		if !ok {
			return Page{}, false
		}
	}
	if len(p.Threads) > parley.PageThreads {
		p.Threads = p.Threads[:parley.PageThreads]
		p.Next = parley.Cursor{ID: p.Threads[parley.PageThreads-1].Root.ID}.Encode(string(p.Sort))
	}
	return p, true
}

// thread finds where the thread of a root is or belongs.
func (p *Page) thread(root parley.ID) (int, bool) {
	return slices.BinarySearchFunc(p.Threads, root, func(t parley.Thread, id parley.ID) int { return cmp.Compare(id, t.Root.ID) })
}

func (p *Page) begin(c parley.Comment) bool {
	i, there := p.thread(c.ID)
	if !there {
		p.Threads = slices.Insert(p.Threads, i, parley.Thread{Root: c})
	}
	return !there
}

// answer adds a reply. counted tells that the thread's root was read after it was published.
func (p *Page) answer(c parley.Comment, counted bool) bool {
	i, here := p.thread(c.Root)
	if !here {
		return p.Next != "" && i == len(p.Threads) // it is further down
	}
	t := &p.Threads[i]
	if !counted {
		t.Root.Replies++
	}
	n := len(t.Replies)
	switch {
	case n > 0 && c.ID <= t.Replies[n-1].ID:
		return false // it was written earlier, and stands among them
	case n >= parley.FirstReplies:
		t.More = true
	default:
		t.Replies = append(slices.Clip(t.Replies), c)
	}
	return true
}
