package web_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"parley"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/webtest"
)

// evening is a story in which everything happens, and a forum that has known it from the beginning.
type evening struct {
	*testing.T
	f         *web.Forum
	story     parley.ID
	dice      *rand.Rand
	readers   []parley.Reader
	desk      parley.Viewer
	published []parley.Comment
	said      int
}

func newEvening(t *testing.T, s *store.Store) *evening {
	e := &evening{T: t, f: webtest.Forum(t, s, "main", "https://forum.example"), dice: rand.New(rand.NewPCG(7, 7))}
	for i := range 3 {
		r, err := e.f.Identity.CreateConfirmed(t.Context(), identity.Registration{
			Name: fmt.Sprint("Reader ", i), Email: fmt.Sprintf("r%d@example.org", i), Password: "four crows eat my plums",
		}, parley.RoleModerator*parley.Role(i/2))
		if err != nil {
			t.Fatal(err)
		}
		e.readers = append(e.readers, r)
	}
	last := e.readers[2]
	e.desk = parley.Viewer{Site: last.Site, Reader: last.ID, Roles: last.Roles, Desk: true}
	story, _, err := e.f.Conversation.OpenStory(t.Context(), parley.Reader{}, "https://forum.example/evening", "An evening")
	if err != nil {
		t.Fatal(err)
	}
	e.story = story.ID
	return e
}

// act lets one thing happen. Refusals are part of life.
func (e *evening) act() string {
	ctx, who := e.Context(), e.readers[e.dice.IntN(len(e.readers))]
	one := func() parley.Comment { return e.published[e.dice.IntN(len(e.published))] }
	switch n := e.dice.IntN(40); {
	case n < 16 || len(e.published) < 3:
		e.post(who, 0)
		return "a thread"
	case n < 32:
		e.post(who, one().ID)
		return "a reply"
	case n < 33:
		_, _ = e.f.Conversation.Withdraw(ctx, who, one().ID)
		return "a withdrawal"
	case n < 35:
		_, _ = e.f.Conversation.Edit(ctx, who, one().ID, fmt.Sprint("Said better, ", n))
		return "an edit"
	case n < 37:
		_, _ = e.f.Conversation.Recommend(ctx, who, one().ID, true)
		return "a recommendation"
	case n < 38:
		_ = e.f.Conversation.Report(ctx, who, one().ID, "rude", "")
		return "a report"
	}
	c := one()
	action := parley.ActionRemove
	if e.dice.IntN(2) == 0 {
		action = parley.ActionRestore
	}
	_, _, _ = e.f.Moderation.Decide(ctx, e.desk, moderation.Order{Comment: c.ID, Action: action, Reason: "abuse"})
	return "a decision"
}

func (e *evening) post(by parley.Reader, parent parley.ID) {
	e.said++
	posted, err := e.f.Conversation.Post(e.Context(), by, parley.Draft{Story: e.story, Parent: parent, Body: fmt.Sprintf("Remark %d.", e.said)})
	if err == nil && posted.Comment.State == parley.Published {
		e.published = append(e.published, posted.Comment)
	}
}

// page reads the first page as nobody, and leaves out what may be a moment old.
func (e *evening) page(f *web.Forum) render.Page {
	e.Helper()
	p, err := f.Page(e.Context(), web.Part{Story: e.story, Sort: parley.Newest})
	if err != nil {
		e.Fatal(err)
	}
	threads := make([]parley.Thread, 0, len(p.Threads))
	for _, t := range p.Threads {
		t.Root.Recommendations = 0
		replies := make([]parley.Comment, 0, len(t.Replies))
		for _, c := range t.Replies {
			c.Recommendations = 0
			replies = append(replies, c)
		}
		t.Replies = replies
		threads = append(threads, t)
	}
	p.Threads = threads
	return p
}

// A first page that is made of an earlier one and what was published since is the one that a forum reads that has
// never seen the story.
func TestPagesMadeOfEarlierOnes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		e := newEvening(t, s)
		made := 0
		for step := range 150 {
			var happened []string
			for range 1 + e.dice.IntN(4) {
				happened = append(happened, e.act())
			}
			stranger := *e.f
			stranger.Cache = render.NewCache(1<<20, "stranger")
			before, _ := e.f.Cache.Known(e.story)
			got, want := e.page(e.f), e.page(&stranger)
			if after, known := e.f.Cache.Known(e.story); known && before.Story.ID != 0 && after.Story.Revision > before.Story.Revision && plain(happened) {
				made++
			}
			if reflect.DeepEqual(got, want) {
				continue
			}
			t.Fatalf("step %d, after %s:\n%s\nwant\n%s", step, strings.Join(happened, ", "), outline(got), outline(want))
		}
		if len(e.published) < 2*parley.PageThreads || made < 20 {
			t.Errorf("%d comments, %d pages of earlier ones: too little happened", len(e.published), made)
		}
		if err := e.f.Renderer.Fragment(io.Discard, e.page(e.f)); err != nil {
			t.Error(err)
		}
	})
}

// plain tells whether only comments were published.
func plain(happened []string) bool {
	for _, what := range happened {
		if what != "a thread" && what != "a reply" {
			return false
		}
	}
	return true
}

func outline(p render.Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "revision %d, event %d, next %s\n", p.Story.Revision, p.Event, p.Next)
	for _, t := range p.Threads {
		fmt.Fprintf(&b, "%v more %v\n", t.Root, t.More)
		for _, c := range t.Replies {
			fmt.Fprintf(&b, "  %v\n", c)
		}
	}
	return b.String()
}
