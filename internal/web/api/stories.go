package api

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/live"
	"parley/internal/store"
	"parley/internal/web"
)

func (a *API) openStory(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	var in struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	story, made, err := a.f.Conversation.OpenStory(r.Context(), who.Reader, in.URL, in.Title)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	return web.WriteJSON(w, status, a.shapeStory(story))
}

func (a *API) story(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		story, err := tx.Story(v, id)
		return a.shapeStory(story), err
	})
}

func (a *API) threads(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	q, err := web.Query(r, "sort", "passage", "cursor", "limit")
	if err != nil {
		return err
	}
	part, err := web.PartOf(id, q, 0)
	if err != nil {
		return err
	}
	from, err := parley.ParseCursor(string(part.Sort), part.Cursor)
	if err != nil {
		return err
	}
	limit, err := web.Limit(q, parley.PageThreads)
	if err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		story, err := tx.Story(v, id)
		if err != nil {
			return nil, err
		}
		threads, next, err := a.part(tx, v, story, part, from, limit)
		return page(shapeAll(threads, func(t parley.Thread) threadShape { return shapeThread(v, t) }), next.Encode(string(part.Sort))), err
	})
}

// part reads the threads of a story, or those about one of its passages.
func (a *API) part(tx *store.Tx, v parley.Viewer, story parley.Story, p web.Part, from parley.Cursor, limit int) ([]parley.Thread, parley.Cursor, error) {
	if p.Passage == 0 {
		return tx.Threads(v, story.ID, p.Sort, from, limit)
	}
	passage, err := tx.Passage(v, p.Passage)
	if err == nil && (passage.Story != story.ID || !a.f.Site.HasPassages(story)) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such passage here.")
	}
	if err != nil {
		return nil, parley.Cursor{}, err
	}
	return tx.ThreadsAbout(v, passage.ID, p.Sort == parley.Newest, from, limit)
}

type countShape struct {
	Story    string    `json:"story"`
	ID       parley.ID `json:"id"`
	Comments int       `json:"comments"`
}

// counts answers for every story a list page names, in the order asked. What is no story of the site, or has
// none yet, counts zero.
func (a *API) counts(w http.ResponseWriter, r *http.Request) error {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(q) != 1 || len(q["story"]) == 0 {
		return parley.Errorf(parley.CodeUnknownParameter, "Ask for counts with one or more story parameters.").On("story")
	}
	if len(q["story"]) > parley.MaxPage {
		return parley.Errorf(parley.CodeBadLimit, "At most %d stories can be counted at once.", parley.MaxPage).On("story")
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	counts := []countShape{}
	for _, asked := range q["story"] {
		story, err := a.f.StoryFor(r.Context(), asked)
		if code := parley.CodeOf(err); err != nil && code != parley.CodeNotFound && code != parley.CodeBadStory {
			return err
		}
		counts = append(counts, countShape{Story: asked, ID: story.ID, Comments: story.Comments})
	}
	shared(w.Header())
	w.Header().Del("Vary") // no cookie changes a count
	return web.WriteJSON(w, http.StatusOK, map[string]any{"items": counts})
}

// maxReplay is how many missed events are told one by one; a page that missed more fetches everything anew.
const maxReplay = 500

// events streams what happens in a story. It subscribes first, then replays what was missed since the last id
// seen, then relays; what comes twice is dropped by its id.
func (a *API) events(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	q, err := web.Query(r, "after")
	if err != nil {
		return err
	}
	after, err := lastSeen(r, q)
	if err != nil {
		return err
	}
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if err := a.f.AllowAddress(r, web.PaceStream); err != nil {
		return err
	}
	sub := a.f.Hub.Subscribe(id, who.Reader.ID)
	missed, head, err := a.missed(r, id, after)
	if err != nil {
		a.f.Hub.Unsubscribe(sub)
		return err
	}
	if who.Reader.ID != 0 {
		missed = append(missed, live.Known())
	}
	web.Stream(w, r, a.f.Hub, sub, missed, head)
	return nil
}

// missed gives what happened in a story after an event, and the newest event that this covers. after 0 means
// from now on.
func (a *API) missed(r *http.Request, story parley.ID, after int64) (missed []*live.Message, head int64, err error) {
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		if _, err := tx.Story(a.f.Nobody(), story); err != nil {
			return err
		}
		if head, err = tx.LastEvent(); err != nil || after == 0 {
			return err
		}
		events, err := tx.StoryEventsAfter(story, after, maxReplay+1)
		missed = live.Replay(events)
		if len(events) > maxReplay || after > head {
			missed = []*live.Message{live.Reset(head)}
		}
		return err
	})
	return missed, head, err
}

func lastSeen(r *http.Request, q url.Values) (int64, error) {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		q = url.Values{"rev": {id}}
	} else {
		q = url.Values{"rev": {q.Get("after")}}
	}
	after, err := web.Revision(q)
	if err != nil {
		return 0, parley.Errorf(parley.CodeBadCursor, "The last event must be a number that this stream gave.").On("after")
	}
	return after, nil
}
