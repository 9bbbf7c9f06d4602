package api

import (
	"net/http"
	"strconv"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/web"
)

// passageIn is a passage in a request: null, an id, or the words with what stands around them.
type passageIn parley.Passage

// UnmarshalJSON is as strict as the request around it.
func (p *passageIn) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var in struct {
		ID     parley.ID `json:"id"`
		Exact  string    `json:"exact"`
		Prefix string    `json:"prefix"`
		Suffix string    `json:"suffix"`
		Start  int       `json:"start"`
		End    int       `json:"end"`
	}
	if err := web.DecodeObject(text, &in); err != nil {
		return err
	}
	*p = passageIn{ID: in.ID, Exact: in.Exact, Prefix: in.Prefix, Suffix: in.Suffix, Start: in.Start, End: in.End}
	return nil
}

type passageShape struct {
	ID       parley.ID           `json:"id"`
	Exact    string              `json:"exact"`
	Prefix   string              `json:"prefix"`
	Suffix   string              `json:"suffix"`
	Start    int                 `json:"start"`
	End      int                 `json:"end"`
	State    parley.PassageState `json:"state"`
	Version  int                 `json:"version"`
	Comments int                 `json:"comments"`
	Threads  int                 `json:"threads"`
}

func shapePassage(p parley.Passage) passageShape {
	return passageShape{
		ID: p.ID, Exact: p.Exact, Prefix: p.Prefix, Suffix: p.Suffix, Start: p.Start, End: p.End,
		State: p.State, Version: p.Version, Comments: p.Comments, Threads: p.Threads,
	}
}

// passages lists what readers talk about, all of it: a page marks all or nothing. Switched off, it is nothing.
func (a *API) passages(w http.ResponseWriter, r *http.Request) error {
	return a.readStory(w, r, func(tx *store.Tx, v parley.Viewer, story parley.Story) (any, error) {
		var all []parley.Passage
		var err error
		if a.f.Site.HasPassages(story) {
			all, err = tx.Passages(v, story.ID)
		}
		return map[string]any{"items": shapeAll(all, shapePassage), "version": story.Version}, err
	}, "rev")
}

// readStory answers a reading request about the story in the path, which takes the allowed parameters. Of these rev
// is the revision that the asker has seen: no cache on the way then answers with less, and from the database nothing
// is older.
func (a *API) readStory(w http.ResponseWriter, r *http.Request, fn func(tx *store.Tx, v parley.Viewer, story parley.Story) (any, error), allowed ...string) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if err := asks(r, allowed...); err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		story, err := tx.Story(v, id)
		if err != nil {
			return nil, err
		}
		return fn(tx, v, story)
	})
}

// annotations exports what readers say of a story's passages, for other programs.
func (a *API) annotations(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	return a.readAs(w, r, passages.AnnotationType, func(v parley.Viewer) (any, error) {
		return a.f.Passages.Annotations(r.Context(), v, id)
	})
}

type versionShape struct {
	Number int         `json:"number"`
	Title  string      `json:"title"`
	At     parley.Time `json:"at"`
}

func shapeVersion(v parley.Version) versionShape {
	return versionShape{Number: v.Number, Title: v.Title, At: v.At}
}

func (a *API) versions(w http.ResponseWriter, r *http.Request) error {
	return a.readStory(w, r, func(tx *store.Tx, _ parley.Viewer, story parley.Story) (any, error) {
		all, err := tx.Versions(story.ID)
		return map[string]any{"items": shapeAll(all, shapeVersion)}, err
	})
}

func (a *API) version(w http.ResponseWriter, r *http.Request) error {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || strconv.Itoa(number) != r.PathValue("number") {
		return parley.Errorf(parley.CodeNotFound, "There is no such version here.")
	}
	return a.readStory(w, r, func(tx *store.Tx, _ parley.Viewer, story parley.Story) (any, error) {
		v, err := tx.Version(story.ID, number)
		if v.Blocks == nil {
			v.Blocks = []string{}
		}
		return struct {
			versionShape
			Blocks []string `json:"blocks"`
		}{shapeVersion(v), v.Blocks}, err
	})
}

// staff gives whoever does the newsroom's work, and the id in the path.
func (a *API) staff(r *http.Request) (parley.Reader, parley.ID, error) {
	who, err := a.f.Staff(r)
	if err != nil {
		return who.Reader, 0, err
	}
	if err := a.f.Limits.Allow(web.PaceMark, "reader "+who.Reader.ID.String()); err != nil {
		return who.Reader, 0, err
	}
	id, err := web.PathID(r, "id")
	return who.Reader, id, err
}

// switches turns passages and the question of one story on or off.
func (a *API) switches(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		Passages  *bool `json:"passages"`
		Questions *bool `json:"questions"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if in.Passages == nil || in.Questions == nil { // left out is not the same as off
		return parley.Errorf(parley.CodeMalformed, "Say of both, passages and questions, whether they are on.").On("passages")
	}
	if err := a.f.Passages.Switch(r.Context(), editor, id, *in.Passages, *in.Questions); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"passages": *in.Passages, "questions": *in.Questions})
}

// asks refuses other parameters than those allowed, and a rev that is no revision.
func asks(r *http.Request, allowed ...string) error {
	q, err := web.Query(r, allowed...)
	if err == nil {
		_, err = web.Revision(q)
	}
	return err
}
