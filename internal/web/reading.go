package web

import (
	"context"
	"io"
	"net/http"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
)

// StoryFor finds the story that a story= parameter names: an id, or an absolute address on one of the site's
// origins. A page nobody has written under yet has no row; it comes back with ID 0 and its canonical address,
// for an empty conversation. Reading never makes a story.
func (f *Forum) StoryFor(ctx context.Context, asked string) (parley.Story, error) {
	var story parley.Story
	if id, err := parley.ParseID(asked); err == nil {
		err = f.Store.Read(ctx, func(tx *store.Tx) (err error) {
			story, err = tx.Story(f.Nobody(), id)
			return err
		})
		return story, err
	}
	url, err := f.Site.StoryURL(asked)
	if err != nil {
		return story, err
	}
	err = f.Store.Read(ctx, func(tx *store.Tx) (err error) {
		story, err = tx.StoryByURL(f.Nobody(), url)
		return err
	})
	if parley.CodeOf(err) == parley.CodeNotFound {
		return parley.Story{Site: f.Site.ID, URL: url}, nil
	}
	return story, err
}

// Part names one part of a story's conversation: where it begins in which order.
type Part struct {
	Story   parley.ID
	Sort    parley.Sort
	Cursor  string
	Least   int64     // the least revision the answer may have
	Passage parley.ID // only the threads about it; 0 = all
}

// PartOf reads sort, cursor, passage and rev of a request for a story's conversation.
func PartOf(story parley.ID, q interface{ Get(string) string }, revision int64) (Part, error) {
	sort, err := parley.ParseSort(q.Get("sort"))
	if err != nil {
		return Part{}, err
	}
	if _, err := parley.ParseCursor(string(sort), q.Get("cursor")); err != nil {
		return Part{}, err
	}
	p := Part{Story: story, Sort: sort, Cursor: q.Get("cursor"), Least: revision}
	if asked := q.Get("passage"); asked != "" {
		if p.Passage, err = parley.ParseID(asked); err == nil && sort == parley.Recommended {
			err = parley.Errorf(parley.CodeBadSort, "Comments on a passage can be sorted by newest or oldest.").On("sort")
		}
	}
	return p, err
}

// Body gives a view of a part of a conversation from the cache, built by write when the story has moved on.
// kind and form tell views of the same part apart.
func (f *Forum) Body(ctx context.Context, p Part, kind, form string, write func(io.Writer, render.Page) error) (*render.Body, error) {
	key := render.Key{Story: p.Story, Kind: kind, Sort: p.Sort, Cursor: p.Cursor, Form: form}
	if p.Passage != 0 {
		key.Form += " about " + p.Passage.String()
	}
	return f.Cache.Get(ctx, key, p.Least, f.revisionOf(p.Story), func(ctx context.Context) (render.Built, error) {
		page, err := f.Page(ctx, p)
		if err != nil {
			return render.Built{}, err
		}
		sheet := new(render.Sheet)
		err = write(sheet, page)
		return render.Built{Sheet: sheet, Revision: page.Story.Revision, Event: page.Event, Next: page.Next}, err
	})
}

// Page reads one part of a conversation from one snapshot, as nobody sees it.
func (f *Forum) Page(ctx context.Context, p Part) (render.Page, error) {
	page := render.Page{Site: f.Site, Sort: p.Sort, Cursor: p.Cursor}
	from, err := parley.ParseCursor(string(p.Sort), p.Cursor)
	if err != nil {
		return page, err
	}
	err = f.Store.View(ctx, func(tx *store.Tx) (err error) {
		if page.Story, err = tx.Story(f.Nobody(), p.Story); err != nil {
			return err
		}
		if page.Argument, err = f.argument(tx, page.Story); err != nil {
			return err
		}
		if page.Event, err = tx.LastEvent(); err != nil {
			return err
		}
		return f.threads(tx, &page, p, from)
	})
	return page, err
}

// threads reads the threads of a page. What was read lately is read no more, but for what has been published since.
func (f *Forum) threads(tx *store.Tx, page *render.Page, p Part, from parley.Cursor) (err error) {
	var next parley.Cursor
	if p.Passage != 0 {
		next, err = f.about(tx, page, p, from)
		page.Next = next.Encode(string(p.Sort))
		return err
	}
	if p.Sort == parley.Newest && from.IsZero() {
		made, err := f.since(tx, page)
		if err != nil {
			return err
		}
		if made {
			f.Cache.Keep(*page, false)
			return nil
		}
	}
	page.Threads, next, err = tx.Threads(f.Nobody(), p.Story, p.Sort, from, parley.PageThreads)
	page.Next = next.Encode(string(p.Sort))
	if err == nil {
		f.Cache.Keep(*page, true)
	}
	return err
}

// since fills in the threads of a first page from what is known of an earlier one and what has been published since.
// It does so only when every step of the story's revision is one comment's, so that nothing else that strangers see
// has changed.
func (f *Forum) since(tx *store.Tx, page *render.Page) (bool, error) {
	known, ok := f.Cache.Known(page.Story.ID)
	if !ok || page.Story.Revision-known.Story.Revision > store.MaxListed {
		return false, nil
	}
	revision := known.Story.Revision
	var published []parley.ID
	if revision != page.Story.Revision {
		events, remembered := f.Store.StoryEvents(page.Story.ID, known.Event, page.Event)
		if !remembered {
			var err error
			if events, err = tx.StoryEventsAfter(page.Story.ID, known.Event, 2*store.MaxListed); err != nil {
				return false, err
			}
		}
		for _, e := range events {
			if e.Kind == parley.EventPublished && e.Data.Revision == revision+1 {
				published = append(published, e.Subject)
				revision++
			}
		}
	}
	if revision != page.Story.Revision {
		return false, nil
	}
	var arrivals []parley.Comment
	if len(published) > 0 {
		var err error
		if arrivals, err = tx.ListedComments(f.Nobody(), published); err != nil || len(arrivals) != len(published) {
			return false, err
		}
	}
	if known, ok = known.With(arrivals); ok {
		page.Threads, page.Next = known.Threads, known.Next
	}
	return ok, nil
}

// Other gives any other shared view of a story from the cache.
func (f *Forum) Other(ctx context.Context, story parley.ID, least int64, kind, form string, build func(context.Context) (render.Built, error)) (*render.Body, error) {
	return f.Cache.Get(ctx, render.Key{Story: story, Kind: kind, Form: form}, least, f.revisionOf(story), build)
}

func (f *Forum) revisionOf(story parley.ID) func(context.Context) (int64, error) {
	return func(ctx context.Context) (revision int64, err error) {
		err = f.Store.Read(ctx, func(tx *store.Tx) (err error) {
			revision, err = tx.Revision(story)
			return err
		})
		return revision, err
	}
}

// ServeShared answers with a body that is the same for everybody.
func ServeShared(w http.ResponseWriter, r *http.Request, body *render.Body) {
	AllowReading(w.Header())
	body.Serve(w, r)
}
