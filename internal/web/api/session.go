package api

import (
	"net/http"

	"parley"
	"parley/internal/identity"
	"parley/internal/store"
	"parley/internal/web"
)

func (a *API) register(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email    string `json:"email"`
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowAddress(r, web.PaceRegister); err != nil {
		return err
	}
	reader, token, err := a.f.Identity.Register(r.Context(), identity.Registration{Email: in.Email, Name: in.Name, Password: in.Password})
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusCreated, map[string]any{
		"reader": shapeMe(reader), "thanks": "Thank you for registering, " + reader.Name + ".",
	})
}

func (a *API) signIn(w http.ResponseWriter, r *http.Request) error {
	email, password, err := a.credentials(w, r)
	if err != nil {
		return err
	}
	reader, token, err := a.f.Identity.SignIn(r.Context(), email, password)
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) signInDesk(w http.ResponseWriter, r *http.Request) error {
	email, password, err := a.credentials(w, r)
	if err != nil {
		return err
	}
	reader, token, err := a.f.Identity.SignInDesk(r.Context(), email, password)
	if err != nil {
		return err
	}
	a.f.SignInDesk(w, r, string(token))
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) credentials(w http.ResponseWriter, r *http.Request) (email, password string, err error) {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return "", "", err
	}
	return in.Email, in.Password, a.f.AllowSignIn(r, in.Email)
}

func (a *API) signOut(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if who.Reader.ID != 0 {
		if err := a.f.Identity.SignOut(r.Context(), identity.Token(who.Token)); err != nil {
			return err
		}
	}
	a.f.SignOut(w, r)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) redeem(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Verifier string `json:"verifier"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowAddress(r, web.PaceSignIn); err != nil {
		return err
	}
	reader, token, err := a.f.Identity.Redeem(r.Context(), in.Verifier, r.Header.Get("Origin"))
	if err != nil {
		return err
	}
	a.f.SignIn(w, r, string(token), reader)
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(reader)})
}

func (a *API) changeMe(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	var in struct {
		Hidden *bool `json:"hidden"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if in.Hidden != nil {
		if err := a.f.Identity.HideProfile(r.Context(), who.Reader, *in.Hidden); err != nil {
			return err
		}
		who.Reader.Hidden = *in.Hidden
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": shapeMe(who.Reader)})
}

// me tells the asking browser who it is and lays the reader's own marks over a shared page. For nobody it is
// an answer too, not an error: every page asks it.
func (a *API) me(w http.ResponseWriter, r *http.Request) error {
	q, err := web.Query(r, "story", "rev")
	if err != nil {
		return err
	}
	since, err := web.Revision(q)
	if err != nil {
		return err
	}
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	var story parley.Story
	if q.Get("story") != "" {
		if story, err = a.f.StoryFor(r.Context(), q.Get("story")); err != nil {
			return err
		}
	}
	if who.Reader.ID == 0 {
		return a.meNobody(w, r, story)
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	v := who.Viewer(a.f.Site)
	var marks parley.Marks
	var unread int
	var own []parley.Comment
	var mine *mineShape
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		if marks, err = tx.Marks(v, story.ID); err != nil {
			return err
		}
		if unread, err = tx.CountUnread(v); err != nil || story.ID == 0 {
			return err
		}
		if mine, err = a.mine(tx, v, story); err != nil {
			return err
		}
		own, err = tx.OwnComments(v, story.ID, ownSince(tx, story, since), maxOwn)
		return err
	})
	if err != nil {
		return err
	}
	items, err := a.ownItems(who.Reader, v, story, own)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"reader": shapeMe(who.Reader), "unread": unread, "marks": shapeMarks(marks), "own": items, "question": mine,
	})
}

// meNobody is me for nobody, who may see what reasons wear once everybody may.
func (a *API) meNobody(w http.ResponseWriter, r *http.Request, story parley.Story) error {
	var mine *mineShape
	if a.f.Site.HasQuestion(story) {
		err := a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
			mine, err = a.mine(tx, a.f.Nobody(), story)
			return err
		})
		if err != nil {
			return err
		}
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"reader": nil, "unread": 0, "marks": nil, "own": []any{}, "question": mine})
}
