package api

import (
	"net/http"

	"parley"
	"parley/internal/markup"
	"parley/internal/store"
	"parley/internal/web"
)

func (a *API) reader(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		reader, err := tx.Reader(v, id)
		if err != nil {
			return nil, err
		}
		shape := shapeReader(reader, v.Reader == reader.ID)
		if v.Reader != 0 {
			err = a.addRelations(tx, v, &shape)
		}
		return shape, err
	})
}

func (a *API) addRelations(tx *store.Tx, v parley.Viewer, shape *readerShape) error {
	shape.Following, shape.FollowsYou, shape.Muted, shape.Blocked = new(bool), new(bool), new(bool), new(bool)
	var err error
	if *shape.Following, err = tx.Follows(v.Reader, parley.FollowReader, shape.ID); err != nil {
		return err
	}
	if *shape.FollowsYou, err = tx.Follows(shape.ID, parley.FollowReader, v.Reader); err != nil {
		return err
	}
	if *shape.Muted, err = tx.Silenced(v.Reader, parley.Mute, shape.ID); err != nil {
		return err
	}
	*shape.Blocked, err = tx.Silenced(v.Reader, parley.Block, shape.ID)
	return err
}

// cursorPage reads the cursor and the limit of a list by id, newest first.
func cursorPage(r *http.Request, name string) (before parley.ID, limit int, err error) {
	q, err := web.Query(r, "cursor", "limit")
	if err != nil {
		return 0, 0, err
	}
	if limit, err = web.Limit(q, parley.PageThreads); err != nil {
		return 0, 0, err
	}
	from, err := parley.ParseCursor(name, q.Get("cursor"))
	return from.ID, limit, err
}

func (a *API) readerComments(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	before, limit, err := cursorPage(r, "reader")
	if err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		reader, err := tx.Reader(v, id)
		if err != nil {
			return nil, err
		}
		if reader.Hidden && reader.ID != v.Reader {
			return page[commentShape](nil, ""), nil
		}
		found, err := tx.CommentsBy(v, id, before, limit+1)
		found, next := cut(found, limit, "reader")
		return page(shapeAll(found, func(c parley.Comment) commentShape { return shapeComment(v, c) }), next), err
	})
}

// cut takes the one comment too many off a page and gives the cursor for it.
func cut(found []parley.Comment, limit int, name string) ([]parley.Comment, string) {
	if len(found) <= limit {
		return found, ""
	}
	return found[:limit], parley.Cursor{ID: found[limit-1].ID}.Encode(name)
}

type feedShape struct {
	Comment commentShape  `json:"comment"`
	Answers *commentShape `json:"answers"`
	Story   storyShape    `json:"story"`
	Why     string        `json:"why"` // "reply" when it answers the reader, else "follow"
}

func (a *API) feed(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.f.Reader(r); err != nil {
		return err
	}
	before, limit, err := cursorPage(r, "feed")
	if err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		found, err := tx.Feed(v, before, limit+1)
		if err != nil {
			return nil, err
		}
		found, next := cut(found, limit, "feed")
		items := []feedShape{}
		for _, c := range found {
			item, err := a.feedItem(tx, v, c)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return page(items, next), nil
	})
}

func (a *API) feedItem(tx *store.Tx, v parley.Viewer, c parley.Comment) (item feedShape, err error) {
	story, err := tx.Story(v, c.Story)
	if err != nil {
		return item, err
	}
	item = feedShape{Comment: shapeComment(v, c), Story: a.shapeStory(story), Why: "follow"}
	if c.To.ID == v.Reader {
		item.Why = "reply"
	}
	if c.IsRoot() {
		return item, nil
	}
	parent, err := tx.Comment(v, c.Parent)
	if parley.CodeOf(err) == parley.CodeNotFound {
		return item, nil // hidden from this reader by a block
	}
	shape := shapeComment(v, parent)
	item.Answers = &shape
	return item, err
}

// excerpt is how many characters of a reply a notice quotes.
const excerpt = 160

func (a *API) notices(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.f.Reader(r); err != nil {
		return err
	}
	before, limit, err := cursorPage(r, "notices")
	if err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		found, err := tx.Notices(v, before, limit+1)
		if err != nil {
			return nil, err
		}
		next := ""
		if len(found) > limit {
			found = found[:limit]
			next = parley.Cursor{ID: found[limit-1].ID}.Encode("notices")
		}
		for i := range found {
			found[i].Excerpt = markup.Text(markup.PlainHTML(found[i].Excerpt), excerpt)
		}
		if before == 0 {
			bundles, err := tx.Bundles(v)
			if err != nil {
				return nil, err
			}
			found = append(bundles, found...)
		}
		unread, err := tx.CountUnread(v)
		return struct {
			list[noticeShape]
			Unread int `json:"unread"`
		}{page(shapeAll(found, shapeNotice), next), unread}, err
	})
}

func (a *API) seen(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	var in struct{}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if err := a.f.Conversation.See(r.Context(), who.Reader); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"unread": 0})
}
