package api

import (
	"net/http"

	"parley"
	"parley/internal/question"
	"parley/internal/web"
)

type settlementShape struct {
	ID          parley.ID              `json:"id"`
	Question    parley.ID              `json:"question"`
	Outcome     parley.Outcome         `json:"outcome"`
	Source      string                 `json:"source"`
	Note        string                 `json:"note"`
	State       parley.SettlementState `json:"state"`
	HappenedAt  parley.Time            `json:"happened_at"`
	ProposedBy  *bylineShape           `json:"proposed_by"`
	ProposedAt  parley.Time            `json:"proposed_at"`
	ConfirmedBy *bylineShape           `json:"confirmed_by"`
	ConfirmedAt parley.Time            `json:"confirmed_at"`
}

func shapeSettlement(s parley.Settlement) settlementShape {
	return settlementShape{
		ID: s.ID, Question: s.Question, Outcome: s.Outcome, Source: s.Source, Note: s.Note, State: s.State, HappenedAt: s.HappenedAt,
		ProposedBy: shapeByline(s.ProposedBy), ProposedAt: s.ProposedAt, ConfirmedBy: shapeByline(s.ConfirmedBy), ConfirmedAt: s.ConfirmedAt,
	}
}

func (a *API) propose(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		Outcome    string `json:"outcome"`
		Source     string `json:"source"`
		Note       string `json:"note"`
		HappenedAt timeIn `json:"happened_at"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	s, err := a.f.Question.Propose(r.Context(), editor, id, question.Proposal{
		Outcome: parley.Outcome(in.Outcome), Source: in.Source, Note: in.Note, HappenedAt: parley.Time(in.HappenedAt),
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, shapeSettlement(s))
}

// settle answers the second editor, who confirms or declines.
func (a *API) settle(confirm bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		editor, id, err := a.staff(r)
		if err != nil {
			return err
		}
		var in struct{}
		if err := web.Decode(w, r, &in); err != nil {
			return err
		}
		decide := a.f.Question.Decline
		if confirm {
			decide = a.f.Question.Confirm
		}
		s, err := decide(r.Context(), editor, id)
		if err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, shapeSettlement(s))
	}
}

type appealShape struct {
	ID         parley.ID          `json:"id"`
	Settlement parley.ID          `json:"settlement"`
	Body       string             `json:"body"`
	State      parley.AppealState `json:"state"`
	Reply      string             `json:"reply"`
	At         parley.Time        `json:"at"`
	DecidedAt  parley.Time        `json:"decided_at"`
}

func shapeAppeal(o parley.SettlementAppeal) appealShape {
	return appealShape{ID: o.ID, Settlement: o.Settlement, Body: o.Body, State: o.State, Reply: o.Reply, At: o.At, DecidedAt: o.DecidedAt}
}

func (a *API) appeal(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceComment); err != nil {
		return err
	}
	made, err := a.f.Question.Appeal(r.Context(), who.Reader, id, in.Body)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, shapeAppeal(made))
}

func (a *API) hear(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		Grant *bool  `json:"grant"`
		Reply string `json:"reply"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if in.Grant == nil { // left out is not the same as refused
		return parley.Errorf(parley.CodeMalformed, "Say whether the appeal is granted.").On("grant")
	}
	heard, err := a.f.Question.DecideAppeal(r.Context(), editor, id, *in.Grant, in.Reply)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, shapeAppeal(heard))
}
