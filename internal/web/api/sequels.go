package api

import (
	"net/http"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/web"
)

type sequelShape struct {
	ID    parley.ID   `json:"id"`
	Story parley.ID   `json:"story"` // the old one
	Later parley.ID   `json:"later"` // the later story, when it has a conversation here
	URL   string      `json:"url"`
	Title string      `json:"title"`
	Note  string      `json:"note"`
	Day   parley.Time `json:"day"`
}

func shapeSequel(s parley.Sequel) sequelShape {
	return sequelShape{ID: s.ID, Story: s.Story, Later: s.Later, URL: s.URL, Title: s.Title, Note: s.Note, Day: s.Day}
}

func (a *API) sequels(w http.ResponseWriter, r *http.Request) error {
	return a.readStory(w, r, func(tx *store.Tx, _ parley.Viewer, story parley.Story) (any, error) {
		all, err := tx.Sequels(story.ID)
		return map[string]any{"items": shapeAll(all, shapeSequel)}, err
	})
}

func (a *API) addSequel(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		URL   string `json:"url"`
		Title string `json:"title"`
		Note  string `json:"note"`
		Day   timeIn `json:"day"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	added, err := a.f.Passages.AddSequel(r.Context(), editor, id, passages.Later{URL: in.URL, Title: in.Title, Note: in.Note, Day: parley.Time(in.Day)})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, shapeSequel(added))
}

func (a *API) endSequel(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	if err := a.f.Passages.EndSequel(r.Context(), editor, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
