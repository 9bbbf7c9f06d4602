package api

import (
	"net/http"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
)

const (
	// maxOwn is how many of the reader's own comments travel with me: those waiting and those so new that a
	// cached page may lack them.
	maxOwn = 20
	// pageAge is how old a cached page may be: max-age and stale-while-revalidate together, and some room.
	pageAge = time.Minute
)

// ownSince gives the id from which on a reader's own published comments may be missing on a page of revision
// since. A page as new as the story lacks none; any other is at most pageAge old.
func ownSince(tx *store.Tx, story parley.Story, since int64) parley.ID {
	if since >= story.Revision {
		return story.LastComment
	}
	return parley.IDFloor(tx.Now.Add(-pageAge))
}

type ownShape struct {
	Comment commentShape `json:"comment"`
	HTML    string       `json:"html"`
}

func (a *API) ownItems(author parley.Reader, v parley.Viewer, story parley.Story, own []parley.Comment) ([]ownShape, error) {
	items := []ownShape{}
	for _, c := range own {
		html, err := a.item(author, story, c)
		if err != nil {
			return nil, err
		}
		items = append(items, ownShape{shapeComment(v, c), html})
	}
	return items, nil
}

type marksShape struct {
	Recommended []parley.ID `json:"recommended"`
	Following   []parley.ID `json:"following"`
	Threads     []parley.ID `json:"threads"`
	Story       bool        `json:"story"`
	Muted       []parley.ID `json:"muted"`
	Hidden      []parley.ID `json:"hidden"`
}

func shapeMarks(m parley.Marks) marksShape {
	return marksShape{orEmpty(m.Recommended), orEmpty(m.Following), orEmpty(m.Threads), m.Story, orEmpty(m.Muted), orEmpty(m.Hidden)}
}

func orEmpty(ids []parley.ID) []parley.ID {
	if ids == nil {
		return []parley.ID{}
	}
	return ids
}

type relationShape struct {
	Kind   string      `json:"kind"`
	Target parley.ID   `json:"target"`
	Name   string      `json:"name"`
	At     parley.Time `json:"at"`
	URL    string      `json:"url"`
}

func shapeRelation(r store.Relation) relationShape {
	path := map[string]string{"story": "/s/", "thread": "/c/", "question": "/q/"}[r.Kind]
	if path == "" {
		path = "/readers/"
	}
	return relationShape{Kind: r.Kind, Target: r.Target, Name: r.Name, At: r.At, URL: path + r.Target.String()}
}

// relations answers one of the reader's private lists.
func (a *API) relations(w http.ResponseWriter, r *http.Request, name string, read func(*store.Tx, parley.Viewer, parley.ID, int) ([]store.Relation, error), also ...string) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	q, err := web.Query(r, append(also, "cursor", "limit")...)
	if err != nil {
		return err
	}
	limit, err := web.Limit(q, parley.PageReplies)
	if err != nil {
		return err
	}
	from, err := parley.ParseCursor(name, q.Get("cursor"))
	if err != nil {
		return err
	}
	var found []store.Relation
	err = a.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		found, err = read(tx, who.Viewer(a.f.Site), from.ID, limit+1)
		return err
	})
	if err != nil {
		return err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = parley.Cursor{ID: found[limit-1].Target}.Encode(name)
	}
	return web.WriteJSON(w, http.StatusOK, page(shapeAll(found, shapeRelation), next))
}

func (a *API) myFollows(w http.ResponseWriter, r *http.Request) error {
	kind := parley.FollowKind(r.URL.Query().Get("kind"))
	switch kind {
	case "":
		kind = parley.FollowReader
	case parley.FollowReader, parley.FollowThread, parley.FollowStory, parley.FollowQuestion:
	default:
		return parley.Errorf(parley.CodeMalformed, "The kind must be reader, thread, story or question.").On("kind")
	}
	return a.relations(w, r, "follows-"+string(kind), func(tx *store.Tx, v parley.Viewer, after parley.ID, limit int) ([]store.Relation, error) {
		return tx.FollowsOf(v.Reader, kind, after, limit)
	}, "kind")
}

func (a *API) myFollowers(w http.ResponseWriter, r *http.Request) error {
	return a.relations(w, r, "followers", func(tx *store.Tx, v parley.Viewer, after parley.ID, limit int) ([]store.Relation, error) {
		return tx.FollowersOf(v.Reader, after, limit)
	})
}

func (a *API) mySilences(kind parley.Silence) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return a.relations(w, r, string(kind), func(tx *store.Tx, v parley.Viewer, after parley.ID, limit int) ([]store.Relation, error) {
			return tx.SilencesOf(v.Reader, kind, after, limit)
		})
	}
}
