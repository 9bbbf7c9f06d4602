package api

import (
	"net/http"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/web"
)

// correctionShape is a suggestion for whoever suggested it, for the author and for editors.
type correctionShape struct {
	ID        parley.ID              `json:"id"`
	Story     parley.ID              `json:"story"`
	Passage   *quoteShape            `json:"passage"`
	By        *bylineShape           `json:"by"`
	Body      string                 `json:"body"`
	Source    string                 `json:"source"`
	Thanks    bool                   `json:"thanks"`
	State     parley.CorrectionState `json:"state"`
	Reply     string                 `json:"reply"`
	DecidedBy *bylineShape           `json:"decided_by"`
	CreatedAt parley.Time            `json:"created_at"`
	DecidedAt parley.Time            `json:"decided_at"`
}

func shapeCorrection(c parley.Correction, quote parley.Passage) correctionShape {
	return correctionShape{
		ID: c.ID, Story: c.Story, Passage: shapeQuote(quote), By: shapeByline(c.Reader), Body: c.Body, Source: c.Source, Thanks: c.Thanks,
		State: c.State, Reply: c.Reply, DecidedBy: shapeByline(c.DecidedBy), CreatedAt: c.CreatedAt, DecidedAt: c.DecidedAt,
	}
}

// shapeCorrections adds the words that suggestions are about.
func shapeCorrections(tx *store.Tx, all []parley.Correction) ([]correctionShape, error) {
	var ids []parley.ID
	for _, c := range all {
		if c.Passage != 0 {
			ids = append(ids, c.Passage)
		}
	}
	quotes, err := tx.Quotes(ids)
	return shapeAll(all, func(c parley.Correction) correctionShape { return shapeCorrection(c, quotes[c.Passage]) }), err
}

// acceptedShape is what everybody may see of an accepted suggestion: what was corrected, not what was suggested.
type acceptedShape struct {
	ID        parley.ID    `json:"id"`
	Reply     string       `json:"reply"`
	ThanksTo  *bylineShape `json:"thanks_to"`
	DecidedAt parley.Time  `json:"decided_at"`
}

func (a *API) corrections(w http.ResponseWriter, r *http.Request) error {
	return a.readStory(w, r, func(tx *store.Tx, _ parley.Viewer, story parley.Story) (any, error) {
		all, err := tx.AcceptedCorrections(story.ID, parley.MaxPage)
		return map[string]any{"items": shapeAll(all, func(c parley.Correction) acceptedShape {
			return acceptedShape{ID: c.ID, Reply: c.Reply, ThanksTo: shapeByline(c.Reader), DecidedAt: c.DecidedAt}
		})}, err
	})
}

func (a *API) suggest(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	var in struct {
		Body    string    `json:"body"`
		Source  string    `json:"source"`
		Thanks  bool      `json:"thanks"`
		Passage passageIn `json:"passage"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceComment); err != nil {
		return err
	}
	c, err := a.f.Passages.Suggest(r.Context(), who.Reader, passages.Suggestion{
		Story: id, Body: in.Body, Source: in.Source, Thanks: in.Thanks, Choose: a.f.Conversation.Chooser(who.Reader, parley.Passage(in.Passage)),
	})
	if err != nil {
		return err
	}
	return a.tellCorrection(w, r, http.StatusCreated, c)
}

func (a *API) tellCorrection(w http.ResponseWriter, r *http.Request, status int, c parley.Correction) error {
	var shapes []correctionShape
	err := a.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		shapes, err = shapeCorrections(tx, []parley.Correction{c})
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, status, shapes[0])
}

// decideCorrection is for editors at the desk, and for the story's author on any page of the site: being an editor
// as well helps nobody there.
func (a *API) decideCorrection(w http.ResponseWriter, r *http.Request) error {
	by, _, err := a.deskOrReader(r)
	if err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	var in struct {
		Accept *bool  `json:"accept"`
		Reply  string `json:"reply"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if in.Accept == nil { // left out is not the same as declined
		return parley.Errorf(parley.CodeMalformed, "Say whether the correction is accepted.").On("accept")
	}
	if err := a.f.Limits.Allow(web.PaceMark, "reader "+by.ID.String()); err != nil {
		return err
	}
	c, err := a.f.Passages.Decide(r.Context(), by, id, *in.Accept, in.Reply)
	if err != nil {
		return err
	}
	return a.tellCorrection(w, r, http.StatusOK, c)
}

// deskOrReader gives whoever is signed in at the desk or, where nobody is, on the readers' pages: without the powers
// of an editor there.
func (a *API) deskOrReader(r *http.Request) (reader parley.Reader, v parley.Viewer, err error) {
	who, err := a.f.Staff(r)
	switch parley.CodeOf(err) {
	case "":
		v = who.Viewer(a.f.Site)
		v.Desk = true
		return who.Reader, v, nil
	case parley.CodeSignInRequired, parley.CodeCrossOrigin:
	default:
		return reader, v, err
	}
	who, err = a.f.Reader(r)
	who.Reader.Roles &^= parley.RoleEditor
	return who.Reader, who.Viewer(a.f.Site), err
}

// suggestions lists what readers suggest for a story: everything to its author and to editors at the desk, to other
// readers their own.
func (a *API) suggestions(w http.ResponseWriter, r *http.Request) error {
	reader, v, err := a.deskOrReader(r)
	if err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	state, err := stateOf(r.URL.Query().Get("state"))
	if err != nil {
		return err
	}
	if err := a.f.Limits.Allow(web.PaceRead, "reader "+reader.ID.String()); err != nil {
		return err
	}
	return a.correctionList(w, r, "suggestions-"+string(state), func(tx *store.Tx, before parley.ID, limit int) ([]parley.Correction, error) {
		if _, err := tx.Story(v, id); err != nil {
			return nil, err
		}
		return tx.Corrections(v, id, state, before, limit)
	}, "state")
}

func stateOf(asked string) (parley.CorrectionState, error) {
	switch state := parley.CorrectionState(asked); state {
	case "":
		return parley.CorrectionOpen, nil
	case parley.CorrectionOpen, parley.CorrectionAccepted, parley.CorrectionDeclined:
		return state, nil
	}
	return "", parley.Errorf(parley.CodeMalformed, "The state must be open, accepted or declined.").On("state")
}

func (a *API) myCorrections(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	return a.correctionList(w, r, "corrections", func(tx *store.Tx, before parley.ID, limit int) ([]parley.Correction, error) {
		return tx.CorrectionsBy(who.Reader.ID, before, limit)
	})
}

// correctionList answers one page of suggestions, newest first.
func (a *API) correctionList(w http.ResponseWriter, r *http.Request, name string, read func(tx *store.Tx, before parley.ID, limit int) ([]parley.Correction, error), also ...string) error {
	q, err := web.Query(r, append(also, "cursor", "limit")...)
	if err != nil {
		return err
	}
	limit, err := web.Limit(q, parley.PageThreads)
	if err != nil {
		return err
	}
	from, err := parley.ParseCursor(name, q.Get("cursor"))
	if err != nil {
		return err
	}
	var answer list[correctionShape]
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		found, err := read(tx, from.ID, limit+1)
		if err != nil {
			return err
		}
		next := ""
		if len(found) > limit {
			found = found[:limit]
			next = parley.Cursor{ID: found[limit-1].ID}.Encode(name)
		}
		shapes, err := shapeCorrections(tx, found)
		answer = page(shapes, next)
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, answer)
}
