package api

import (
	"net/http"

	"parley"
	"parley/internal/moderation"
	"parley/internal/web"
)

func (a *API) recommend(on bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, id, err := a.readerAnd(r)
		if err != nil {
			return err
		}
		if err := a.f.AllowReader(r, web.PaceMark); err != nil {
			return err
		}
		done, err := a.f.Conversation.Recommend(r.Context(), who.Reader, id, on)
		if err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, map[string]any{"recommendations": done.Count, "recommended": done.On, "revision": done.Revision})
	}
}

func (a *API) report(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	var in struct {
		Reason string `json:"reason"`
		Note   string `json:"note"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceReport); err != nil {
		return err
	}
	if err := a.f.Conversation.Report(r.Context(), who.Reader, id, in.Reason, in.Note); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, map[string]any{"reported": true})
}

func (a *API) follow(kind parley.FollowKind, on bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, id, err := a.readerAnd(r)
		if err != nil {
			return err
		}
		if err := a.f.AllowReader(r, web.PaceMark); err != nil {
			return err
		}
		if err := a.f.Conversation.Follow(r.Context(), who.Reader, kind, id, on); err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, map[string]any{"following": on})
	}
}

func (a *API) silence(kind parley.Silence, on bool) web.Handler {
	member := map[parley.Silence]string{parley.Mute: "muted", parley.Block: "blocked"}[kind]
	return func(w http.ResponseWriter, r *http.Request) error {
		who, id, err := a.readerAnd(r)
		if err != nil {
			return err
		}
		if err := a.f.AllowReader(r, web.PaceMark); err != nil {
			return err
		}
		if err := a.f.Conversation.Silence(r.Context(), who.Reader, kind, id, on); err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, map[string]any{member: on})
	}
}

// decide is the moderators' one verb of this release. It takes the desk's cookie, never the reader's.
func (a *API) decide(w http.ResponseWriter, r *http.Request) error {
	by, err := a.f.Moderator(r)
	if err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	var in struct {
		Action string `json:"action"`
		Reason string `json:"reason"`
		Note   string `json:"note"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	d, revision, err := a.f.Moderation.Decide(r.Context(), by, moderation.Order{Comment: id, Action: parley.Action(in.Action), Reason: in.Reason, Note: in.Note})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, map[string]any{"id": d.ID, "comment": d.Comment, "action": d.Action, "state": d.To, "revision": revision})
}

// giveRoles lets an administrator at the desk say what a reader is on the site.
func (a *API) giveRoles(w http.ResponseWriter, r *http.Request) error {
	by, err := a.f.Moderator(r)
	if err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	var in struct {
		Roles []string `json:"roles"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if in.Roles == nil { // left out is not the same as none
		return parley.Errorf(parley.CodeMalformed, "Say which roles the reader has, [] for none.").On("roles")
	}
	roles, err := parley.ParseRoles(in.Roles)
	if err != nil {
		return err
	}
	if err := a.f.Identity.GiveRoles(r.Context(), by, id, roles); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"roles": roles.Names()})
}
