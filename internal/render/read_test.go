package render

import (
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// What was read is known for a while, however often it has been made into something newer since.
func TestKnownForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(1<<20, "b1")
		p := small()
		p.Sort = parley.Newest
		knows := func(revision int64) {
			t.Helper()
			got, known := c.Known(p.Story.ID)
			if known != (revision > 0) || known && (got.Story.Revision != revision || len(got.Threads) != len(p.Threads)) {
				t.Errorf("known: %v, of revision %d, want %d", known, got.Story.Revision, revision)
			}
		}
		c.Keep(p, false)
		knows(0) // made of something that is known no more
		c.Keep(p, true)
		knows(p.Story.Revision)
		time.Sleep(again / 2)
		p.Story.Revision++
		c.Keep(p, false)
		knows(p.Story.Revision)
		time.Sleep(again/2 + 1)
		knows(0)
		for _, other := range []func(*Page){
			func(p *Page) { p.Sort = parley.Oldest }, func(p *Page) { p.Cursor = "x" }, func(p *Page) { p.Story.ID = 0 },
			func(p *Page) { p.Argument.About = &parley.Passage{} },
		} {
			q := p
			other(&q)
			c.Keep(q, true)
			knows(0)
		}
	})
}

// A reply that was written before those shown, and one in a thread that should be here and is not, are not guessed at.
func TestWithRefuses(t *testing.T) {
	p := small()
	p.Sort, p.Next = parley.Newest, ""
	p.Threads = []parley.Thread{p.Threads[0]}
	top := p.Threads[0].Root
	for what, c := range map[string]parley.Comment{
		"earlier": reply(1, top, hanne, "", 0), "again": reply(p.Threads[0].Replies[0].ID, top, hanne, "", 0),
		"the root again": top, "elsewhere": reply(9, root(8, hanne, "", 0, 0), hanne, "", 0),
	} {
		if _, ok := p.With([]parley.Comment{c}); ok {
			t.Errorf("%s is put somewhere", what)
		}
	}
	before := len(p.Threads[0].Replies)
	q, ok := p.With([]parley.Comment{root(20, hanne, "", 0, 0), reply(21, top, hanne, "", 0)})
	if !ok || len(q.Threads) != 2 || q.Threads[0].Root.ID != 20 || !q.Threads[1].More || q.Threads[1].Root.Replies != top.Replies+1 {
		t.Errorf("two arrivals make %+v, %v", q.Threads, ok)
	}
	if len(p.Threads) != 1 || len(p.Threads[0].Replies) != before || p.Threads[0].Root.Replies != top.Replies {
		t.Error("the page before has changed")
	}
}
