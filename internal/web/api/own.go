package api

import (
	"context"
	"net/http"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/store"
	"parley/internal/web"
)

const (
	// maxKept is how many bytes of answers to me are kept in memory: those of some 5,000 readers.
	maxKept = 16 << 20
	// reread is how long a kept answer is given though nothing has happened that it tells of: a question closes by
	// the clock, and what happens behind the forum's back shows.
	reread = 5 * time.Second
	// maxAsked is the longest query whose answer is kept, in bytes, and maxWatched how many subjects such an answer
	// may hang on: each is looked up whenever it is given.
	maxAsked, maxWatched = 512, 500
)

// whose names an answer to me: the reader's, to a query as it stands in the address.
type whose struct {
	reader parley.ID
	query  string
}

// kept is an answer to me as it was a moment ago.
type kept struct {
	body  []byte
	on    []parley.ID // what it hangs on
	mark  int64       // of the changes, before it was read
	until time.Time
}

func (k *kept) weight() uint32 { return uint32(len(k.body) + 8*len(k.on) + 256) }

// me tells the asking browser who it is and lays the reader's own marks over a shared page. For nobody it is
// an answer too, not an error: every page asks it.
func (a *API) me(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if who.Reader.ID == 0 {
		return a.meNobody(w, r)
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	key := whose{who.Reader.ID, r.URL.RawQuery}
	if k, known := a.kept.Get(key); known && time.Now().Before(k.until) {
		if _, err := a.f.Changes.Mark(r.Context()); err == nil && a.f.Changes.Quiet(k.mark, k.on...) {
			return web.WriteRaw(w, k.body)
		}
	}
	k := &kept{until: time.Now().Add(reread)}
	if a.f.Changes != nil {
		if k.mark, err = a.f.Changes.Mark(r.Context()); err != nil {
			return err
		}
	}
	answer, err := a.readMe(r, who, k)
	if err != nil {
		return err
	}
	if k.body, err = web.JSON(answer); err != nil {
		return err
	}
	if a.f.Changes != nil && len(key.query) <= maxAsked && len(k.on) <= maxWatched {
		a.kept.Set(key, k)
	}
	return web.WriteRaw(w, k.body)
}

// askedFor gives the story that a request for me names, without an id when it names none, and of which revision the
// page is.
func (a *API) askedFor(r *http.Request) (story parley.Story, since int64, err error) {
	q, err := web.Query(r, "story", "rev")
	if err != nil {
		return story, 0, err
	}
	if since, err = web.Revision(q); err == nil && q.Get("story") != "" {
		story, err = a.f.StoryFor(r.Context(), q.Get("story"))
	}
	return story, since, err
}

type meAnswer struct {
	Marks    *marksShape `json:"marks"`
	Own      []ownShape  `json:"own"`
	Question *mineShape  `json:"question"`
	Reader   any         `json:"reader"`
	Unread   int         `json:"unread"`
}

// readMe reads a reader's answer from one snapshot, and notes in k what it hangs on.
func (a *API) readMe(r *http.Request, who web.Asker, k *kept) (answer meAnswer, err error) {
	story, since, err := a.askedFor(r)
	if err != nil {
		return answer, err
	}
	v := who.Viewer(a.f.Site)
	var own []parley.Comment
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		marks, follows, err := tx.MarksAndFollows(v, story.ID)
		if err != nil {
			return err
		}
		shaped := shapeMarks(marks)
		answer.Marks = &shaped
		k.hangsOn(who.Reader.ID, story, follows)
		if answer.Unread, err = tx.CountUnread(v); err != nil || story.ID == 0 {
			return err
		}
		if answer.Question, err = a.mine(tx, v, story); err != nil {
			return err
		}
		own, err = tx.OwnComments(v, story.ID, ownSince(tx, story, since), maxOwn)
		return err
	})
	if err != nil {
		return answer, err
	}
	answer.Reader = shapeMe(who.Reader)
	answer.Own, err = a.ownItems(who.Reader, v, story, own)
	return answer, err
}

// hangsOn notes on what an answer hangs: what the reader does and what happens to the reader; what is followed, for
// the unread; the story's switches; its comments, where they wear what their authors answered. A story that nobody
// has written under yet can appear at any time.
func (k *kept) hangsOn(reader parley.ID, story parley.Story, follows []parley.ID) {
	k.on = append(append(make([]parley.ID, 0, len(follows)+3), reader), follows...)
	switch {
	case story.ID != 0:
		k.on = append(k.on, changes.Within(story.ID))
	case story.URL != "":
		k.until = time.Time{}
	}
	if story.Question != 0 {
		k.on = append(k.on, story.ID)
	}
}

// meNobody is me for nobody, who may see what reasons wear once everybody may.
func (a *API) meNobody(w http.ResponseWriter, r *http.Request) error {
	story, _, err := a.askedFor(r)
	if err != nil {
		return err
	}
	var mine *mineShape
	if a.f.Site.HasQuestion(story) {
		mine, err = a.publicAnswers(r.Context(), story)
		if err != nil {
			return err
		}
	}
	return web.WriteJSON(w, http.StatusOK, meAnswer{Own: []ownShape{}, Question: mine})
}

func (a *API) publicAnswers(ctx context.Context, story parley.Story) (mine *mineShape, err error) {
	err = a.f.Store.View(ctx, func(tx *store.Tx) (err error) {
		mine, err = a.mine(tx, a.f.Nobody(), story)
		return err
	})
	return mine, err
}
